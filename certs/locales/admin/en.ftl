# The administrator's page. One text a key; every language has the same keys and arguments.

product = Safeconduct, the authority
skip = Skip to the content
tab-overview = Overview
tab-agencies = Agencies
tab-requests = Requests
tab-invite = Invite
tab-audit = What was done
languages = Language
lock-button = Close the page
lock-note = While this page is open other commands of this tool find the directory busy. It closes by itself when it is not used for a while, and then no key is in memory any more.
slow-note = The relays are told at once. When one does not answer, this takes up to a minute.
knock-warning = The address of this page was opened a second time, and refused. If that was not you, somebody on this machine has seen it: close the page, and start it again.
cancel = Cancel
back = Back
warning = Attention

age-minutes = { $count ->
    [0] just now
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
age-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
age-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}

overview-title = Overview
overview-authority = Authority
overview-country = Country
overview-fingerprint = Fingerprint
overview-fingerprint-note = Compare it by telephone, group by group.
overview-entries = Entries in the log
overview-timestamp = Newest timestamp
overview-no-timestamp = none yet
overview-min-version = Least session version
overview-active = Active agencies
overview-suspended = Suspended agencies
overview-relays = Relays
overview-no-relay = No relay is registered. Register one with the command { $command }.
overview-agreements = Agreements
overview-no-agreement = None: every agency may send to every other of this authority.
overview-recognised = Recognised authorities
overview-no-recognised = None.
overview-root-keys = Root keys lie on this machine: { $names }. Move them to three offline media, with three different people.
overview-stale = The newest timestamp is more than 12 hours old, so nodes will soon doubt what they know. Tell the relays now, and check the timer that should do this every six hours.
overview-answers = { $count ->
    [one] { $count } answer is not at its relay yet. Tell the relays now.
   *[other] { $count } answers are not at their relays yet. Tell the relays now.
}
overview-waiting = { $count ->
    [one] { $count } request waits for you.
   *[other] { $count } requests wait for you.
}
overview-spoiled = { $count ->
    [one] { $count } invitation was used by somebody else. See the requests.
   *[other] { $count } invitations were used by somebody else. See the requests.
}
overview-served = { $count ->
    [0] It has served its time: make a new root file.
    [one] It has served its time in { $count } day: make a new root file.
   *[other] It has served its time in { $count } days: make a new root file.
}
overview-no-witness = No witness signs: whoever has the log key can show two registries to two nodes, unseen until they meet.
overview-one-witness = One witness suffices: whoever has the log key and one witness can show two registries to two nodes.
overview-witnesses = Witnesses
overview-witnesses-note = have signed / are needed (are named)
overview-publish = Ask and tell the relays now
overview-publish-note = Fetches new requests, and gives the relays a fresh timestamp and everything that they do not know yet.
agreement-number = No.
agreement-from = From
agreement-to = To
agreement-what = What
agreement-until = Until
agreement-over = over
agreement-country = Country
roles-every = every role
country-any = any country
what-enquiries = enquiries without names
what-referrals = referrals
what-both = enquiries and referrals

agencies-title = Agencies
agencies-search = Search
agencies-search-note = Id, name, country, role or node
agencies-search-button = Find
agencies-all = Show all
agencies-found = { $count ->
    [0] Nothing was found.
    [one] { $count } registration
   *[other] { $count } registrations
}
agencies-empty = No agency is registered yet. Invite the first.
column-agency = Agency
column-country = Country
column-roles = Roles
column-status = Status
column-since = since { $time }
column-entry = Entry
column-relay = Relay
column-address = Address
status-active = Active
status-suspended = Suspended
status-revoked = Revoked
mark-exercise = Exercise only
mark-relay = Relay
mark-override = Key changed by the authority alone
mark-pending = Key change waits until { $time }

agency-title = Agency
agency-id = Id
agency-names = Names
agency-node = Node
agency-home-relay = Home relay
agency-first-entry = First entry
agency-newest-entry = Newest entry
agency-former-keys = Former keys
agency-acts = What can be done
agency-suspend = Suspend …
agency-resume = Resume …
agency-revoke = Revoke …
agency-revoked-note = What is revoked stays so. If the agency needs a node again, invite it anew.

suspend-title = Suspend a registration
suspend-what = { $agency } may take no part until you resume it.
suspend-effects = Its connections are cut within a second of the relays hearing of it. What others have for it waits with them, and what it has sent is held where it arrives.
suspend-button = Suspend now
resume-title = Resume a registration
resume-what = { $agency } may take part again, under the same node and keys.
resume-effects = Its node connects by itself, and fetches what has waited for it.
resume-button = Resume now
revoke-title = Revoke a registration
revoke-what = The registration of { $agency } ends for ever.
revoke-effects = Its connections are cut, nobody can send to it, and what waits for it is not delivered. This cannot be taken back: the agency would have to be invited anew, with new keys.
revoke-type = To confirm, type the agency's id
revoke-mistyped = This is not the id that stands above.
revoke-button = Revoke for ever

requests-title = Requests and invitations
requests-waiting = Requests that wait
requests-none = No request waits.
requests-ask = Ask the relays for new ones
requests-how = Phone the agency's operator, whom you know, at a number that you know. Let the eight safety words be read to you, and type them as you hear them. Never read them out yourself.
requests-why = Only the first word is shown here, so that you can find the request. The other seven can come only from the operator, and that is what protects you from approving a stranger's key. The operator’s program may show them in another language: whichever you hear will do.
requests-words = Safety words
requests-approve = Approve …
requests-reject = Reject …
requests-spoiled = Invitations that somebody else used
requests-spoiled-note = What came for these invitations cannot be what the agency made. Phone the agency, find out who had the code, and invite it again.
requests-invitations = Open invitations
requests-no-invitations = No invitation is open.
invitation-expires = Last day
invitation-days-left = { $count ->
    [0] ends today
    [one] { $count } more day
   *[other] { $count } more days
}
invitation-over = over

asks-new = Asks to be registered.
asks-paper = Asks to take the place of node { $node }, whose succession key on paper says yes.
asks-alone = Asks to take the place of node { $node }, by your word alone.
asks-change = Asks to change: { $what }.
change-identity = identity key
change-succession = succession key
change-tls = TLS key
change-place = home relay

approve-title = Approve a request
approve-node = Node
approve-type = The eight words, as you hear them
approve-type-note = Any case and spacing; the first four letters of each word suffice.
approve-check = Compare
approve-match-title = The words are those of the request
approve-heard = Did the operator, whom you know, read these words to you? If you have them from anywhere else, do not approve.
approve-what = { $agency } will be registered.
approve-effects = From now on other agencies can send it what the agreements allow, under the key that these words stand for. Its node fetches the answer by itself.
approve-place = { $agency } gets this node in the place of its old one.
approve-paper-effects = The new keys are in force at once, and the old node is cut off.
approve-alone-effects = No paper speaks for it: the new keys are in force after 72 hours, and until then and afterwards everybody is shown that you alone said so.
approve-change = { $agency } gets what it asks for.
approve-change-effects = The words are those of the identity key that it has from then on. It is in force at once.
approve-button = Approve now

reject-title = Reject a request
reject-what = The request of { $agency } will be rejected.
reject-effects = Its operator reads your reason. The invitation is used up; to try again, invite the agency anew.
reject-change-effects = Its node keeps what it has, and is told.
reject-reason = Reason, which the operator reads
reject-button = Reject now

invite-title = Invite an agency
invite-agency = Agency id
invite-agency-note = For ever: the country's two letters, a dot, a name in small letters, as in { $example }
invite-names = Names
invite-names-note = One at least, each with its language's three letters (ISO 639-3), as in eng or fra.
invite-language = Language
invite-name = Name
invite-roles = What the agency does
invite-country = Country
invite-country-note = Two capital letters; without it, as the id begins.
invite-exercise = For training only: real referrals never go there
invite-days = Days for which the code may be used
invite-days-note = 1 to 30
invite-check = Go on
invite-correct = Correct
invite-confirm-title = Invite this agency?
invite-confirm-what = A code is made for { $agency }, which serves once, until { $day }.
invite-confirm-effects = Whoever has the code can ask once to be this agency's node. Nothing is registered until you have compared the safety words and approved.
invite-confirm-replaces = The invitation that is open for this agency ends with it.
invite-button = Make the code
invite-error-agency = The id needs two small letters, a dot, and a name of small letters, digits and hyphens.
invite-error-names = Give one name at least, each with its language's three small letters, and each language once.
invite-error-roles = Choose one role at least.
invite-error-country = The country is two capital letters.
invite-error-days = Give 1 to 30 days.
invite-error-record = The names are too long, together, for a directory record. Shorten them, or give fewer.
errors-title = This cannot be done yet

result-title = Result
result-refused = Nothing was done
result-tampering = Stop. This may be tampering.
result-invited = { $agency } is invited
result-code-once = The code is shown only here and only now. It is not kept.
result-code-shown = The code was shown already, and is not kept. If it was lost, invite the agency again: the lost code ends with it.
result-print = Print this letter
result-print-note = To send it as a letter, print this page.
result-approved = { $agency } is registered; its node is { $node }
result-approved-later = { $agency } gets a new node in the place of its old one, in force from { $node }
result-changed = { $agency } has what it asked for
result-rejected = The request of { $agency } is rejected
result-suspended = { $agency } is suspended
result-resumed = { $agency } is active again
result-revoked = { $agency } is revoked
result-published = The relays were asked and told
result-relays = The relays
result-told = told
result-not-told = not told
result-abroad = abroad, { $country }
result-abroad-note = It takes our registry once its authority recognises ours.
result-stands = What was done stands, and is written down. Nothing is lost: tell the relays later.
result-untold = No relay could be told.
result-gone = This result is not there any more. What was done is in the list of what was done.

letter-title = Invitation to Safeconduct
letter-for = For the operator of { $agency }
letter-from = From
letter-fingerprint = Fingerprint of the authority
letter-code = Your code
letter-expires = It serves once, until { $day } (UTC). Keep it secret: whoever has it can ask in your agency's name.
letter-step-1 = On the machine of your node, run: { $command }
letter-step-2 = The program shows eight safety words. Phone the administrator, at a number that you know, and read them.
letter-step-3 = When the administrator has approved, your node is registered by itself.

audit-title = What was done
audit-none = Nothing was done here yet.
audit-time = Time
audit-act = Act
audit-detail = Detail
audit-page = Page { $page } of { $pages }
audit-newer = Newer
audit-older = Older

turned-title = This page is not for this browser
turned-cookie = Open the address that the terminal shows, on this machine. It serves once.
turned-used = This address was opened before, and serves once. If that was not you, end the program in the terminal at once (Ctrl-C), and start it again.
turned-form = This form is not valid any more, and nothing was done. Go back, load the page anew, and try again.
turned-origin = This did not come from the administrator's page, and nothing was done.
turned-lost = There is no such page here.
turned-order = The page is out of order. End the program in the terminal (Ctrl-C), and start it again.
opened-title = The page is open
opened-go = Go on
locked-title = The page is closed
locked-text = The keys are not in memory any more. To open the page again, start it in the terminal.

role-NgoShelter = Shelter (NGO)
role-NgoSupport = Support (NGO)
role-Helpline = Helpline
role-HealthService = Health service
role-SocialService = Social service
role-ChildProtection = Child protection
role-Guardianship = Guardianship
role-LegalAid = Legal aid
role-LabourInspectorate = Labour inspectorate
role-Police = Police
role-BorderGuard = Border guard
role-Prosecution = Prosecution
role-WitnessProtection = Witness protection
role-ImmigrationAuthority = Immigration authority
role-AsylumAuthority = Asylum authority
role-CompetentAuthority = Authority that identifies
role-Embassy = Embassy or consulate
role-IomMission = IOM mission
role-UnhcrMission = UNHCR mission
role-RedCrossCrescent = Red Cross or Red Crescent
role-InternationalOrganisation = International organisation
role-EducationTraining = Education and training
role-NrmCoordinator = NRM co-ordination
role-NationalRapporteur = National rapporteur
