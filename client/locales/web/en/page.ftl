# The caseworker's page. One text a key; every language has the same keys and arguments.

product = Safeconduct
live-news = There is news. Open this page anew to see it: what you have typed would be lost, so send it first.
exit = Leave this page
skip = Skip to the content
languages = Language
tasks = What you can do
exercise = Exercise
exercise-banner = EXERCISE: nobody here is real, and nothing reaches a real agency.
signed-as = Signed in: { $name }
signed-alone = Signed in with the passphrase of this machine's vault.
sign-out = Sign out
yes = yes
no = no
choose = Choose
any = Any
not-said = Not said
comma = ,
time = { $day } { $month } { $year }, { $clock }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

sign-in-title = Sign in
sign-in-name = Your name
sign-in-secret = Your password
sign-in-passphrase = Passphrase of this machine's vault
sign-in-alone-note = No people are recorded on this machine yet. Whoever knows the passphrase does everything here.
sign-in-button = Sign in
sign-in-wrong = The name or the password is wrong. Type them again.
sign-in-held = The password was wrong too often. Wait a quarter of an hour, or ask your administrator for another one.
sign-in-locked = Reading is locked on this machine. Whoever looks after it unlocks it with its passphrase.
sign-in-failed = You could not be signed in. Ask whoever looks after this machine to look at its log.
sign-in-again = Sign in
turned-title = This page is closed
turned-session = Your session has ended, because the page was not used for a while or was left. Drafts are kept.
turned-origin = This was asked for by another website, so nothing was done.
turned-form = This form was shown in another session. Nothing was done: open the page anew.
turned-lost = There is nothing at this address.
told-title = This was not done
told-kept = Nothing was sent or changed by it.
told-back = Back to the referrals
told-back-one = Back to the referral
told-typed = What you had typed, to copy it from here

banner-connecting = Connecting to the relay. What you send waits on this machine until then.
banner-offline = No connection to the relay. What you send waits on this machine and goes by itself. If it is urgent, phone as well.
banner-stale = The list of agencies has not been confirmed for a while. Sending goes on.
banner-expired = The list of agencies is too old to be sure of. Phone the agency before you send.

notice-done = { $count ->
   *[other] Done. The other agency will see it.
}
notice-said = { $count ->
   *[other] Sent to the other agency.
}
notice-sent = { $count ->
    [one] Sent to one agency. You see below when it arrives and when somebody opens it.
   *[other] Sent to { $count } agencies. You see below when it arrives and when somebody opens it.
}
notice-nobody = { $count ->
   *[other] Choose at least one agency. Nothing was sent.
}
notice-discarded = { $count ->
   *[other] The draft is gone.
}

tab-referrals = Referrals
tab-refer = Refer someone
tab-directory = Who can help
refer-now = Refer someone now
views = Which referrals
view-all = All
view-ours = Waiting for us
view-theirs = Waiting for them
view-late = Late
view-drafts = Drafts
find-referral = Find a referral: an agency, a case code, a name
find-button = Find
referrals-none = No referral here.
referrals-not-found = Nothing was found.
drafts-none = No draft waits.
draft = Draft
older = Older referrals
column-agency = Agency
column-state = State
column-turn = Whose turn
column-urgency = Urgency
column-kind = Kind
column-changed = Changed
column-ends = Erased on
side-sent = sent by us
side-received = received
turn-ours = ours
turn-theirs = theirs
turn-nobody = nobody
late = Late
until = until { $time }

referral-title = Referral
since = Since { $time }
next-ours = It is your turn, until { $time }. { $agency } waits.
next-theirs = { $agency } has until { $time }. If you hear nothing, phone.
erased-on = Its content is erased here on { $time }.
told-too = Also asked:
cautions = For the person's safety
open-note = It has arrived here. When you open it, the sender is told that somebody has.
open-button = Open
do-title = What now
do-accept = Accept
accept-note = You promise that you help this person. The other agency is told at once.
do-start = Help has begun
do-ask = Ask for more
do-answer = Answer
do-decline = Decline
do-close = End this referral
do-withdraw = Take the whole referral back
do-ask-level = Ask for more of the person's data
ask-text = What do you need to know?
answer-text = Your answer
decline-why = Why?
close-outcome = How did it end?
withdraw-note = The other agency is told to erase it, and certifies that it did.
withdraw-why = Why?
ask-level = Up to which level?
level = level { $level }
level-1 = 1: the situation, without a name
level-2 = 2: who the person is and how to reach them
level-3 = 3: chosen parts of the case file
no-names-here = No names, numbers or addresses here.
content-title = What it says
show-names = Show names
show-names-note = It is noted that you looked.
folded = Also there:
consent-ended = Not shown, because the consent for it has ended:
said-title = Messages
say-text = Write to the other agency
say-note = Send
say-question = Ask as a question
post-empty = Nothing to show
post-contradicts = their node has said something else before
log-title = What happened
log-when = When
log-who = Who
log-by-person = a person
log-by-node = its computer
log-note = What another agency did is signed by it, and can be shown to others as evidence.
log-what = What
log-no-change = changed nothing

refer-title = Refer someone
refer-intro = First without a name: say what is needed, then choose whom to ask.
errors-title = Please correct this first
need-services = What is needed
need-more-services = More services
need-urgency = How urgent
need-urgency-note = In danger now, or no bed for tonight? Phone first, then send.
need-age = Age
need-gender = Gender
need-language = Language
need-language-too = Another language
need-by = Needed by
need-group = How many persons
need-children = Children with them
need-note = Note
need-note-note = No names, numbers or addresses. Say what a house must know to answer yes or no.
note-tells = The note has a number or an address. Leave it out: it would tell who the person is.
refer-on = Find who can help
who-title = Who can help
who-not-said = not said: { $what }
who-not-sure = Where “not said” stands, phone first.
who-legend = Choose whom to ask
who-none = Nobody in the directory fits. Change what is needed, or phone your national helpline.
who-found = { $count ->
    [0] Nobody fits.
    [one] { $count } agency fits.
   *[other] { $count } agencies fit.
}
warnings-title = Please look at this
they-see = They will see
they-do-not-see = They will not see
kept-name = The person's name and date of birth, unless you wrote them into the note
kept-contact = How and where the person can be reached
kept-documents = Documents
kept-story = The person's story and case file
they-know-each-other = Whoever you ask sees who else was asked. The first that accepts is the one.
send-button = Send without a name to all that are ticked
change-button = Change
discard = Discard this draft
discard-button = Discard it now
phone-always = 24 hours:
reason-offers = offers { $what }
reason-speaks = speaks { $what }
reason-no-language = no { $what }: an interpreter is needed
reason-in = works in { $what }
reason-takes = takes { $what }
reason-called = the name fits

directory-role = Kind of agency
directory-text = Name or place
directory-open = Open now
directory-search = Search
directory-empty = The directory is empty. It comes from the relay once this agency is enrolled.
directory-more = More about it
directory-languages = Languages
directory-name = Name in the registry
phone-first = Phone before you send: its keys were set by the authority alone
quiet-since = not online since { $time }
