# This agency: its people, who looked at what, its keys, backups and health; and the second person who confirms.

tab-agency = This agency
agency-pages = Pages about this agency
agency-overview = Overview
agency-people = People
agency-person = One person
agency-password = My password
agency-looks = Who looked at what
agency-proof = What was done, and what proves it
agency-keys = Keys and safety words
agency-backup = Backup
agency-health = Health and settings
agency-you-may = Your roles
agency-nobody = Nobody is recorded yet
agency-count = { $count ->
    [one] { $count } person works here
   *[other] { $count } people work here
}
agency-last-backup = Last backup
agency-no-backup = None was ever made
agency-open = { $count ->
    [0] All is well
    [one] { $count } thing to look at
   *[other] { $count } things to look at
}
agency-alone-note = Whoever knows the passphrase of this machine does everything here, and nobody can tell who did what. Record who works here, and each person signs in with a name and a password of their own.
agency-add-first = Record the first person

may-caseworker = Caseworker
may-intake = Intake
may-may-accept = Intake, may accept
may-supervisor = Supervisor
may-auditor = Auditor
may-admin = Administrator
does-caseworker = works with persons and sends referrals
does-intake = looks at what comes in, asks and declines
does-may-accept = looks at what comes in, and also accepts
does-supervisor = does all that caseworkers and intake do, and sees who looked at what
does-auditor = sees what was done and who looked, and no content
does-admin = says who works here, looks after keys and backups, and sees no content

sign-in-wrong-name = The name or the password is not right. Type both again. After five wrong passwords in a row, a name is not tried for a quarter of an hour, whatever is typed; your administrator can give you a new password.
people-first-title = This changes how everybody signs in
people-first-sign-in = From then on each person signs in with a name and a password of their own. The passphrase of this machine alone signs nobody in any more.
people-first-you = You are signed in as this person at once; other windows that are open here end.
people-first-admin = The first person is an administrator, so that somebody can record the others.
people-first-passphrase = The passphrase is still needed when the machine starts, and for backups and keys. Keep it.
people-one-admin = There is only one administrator. If that person forgets the password, nobody can record or change anybody any more. Record a second one soon.
people-name = Name
people-may = Roles
people-since = Since
people-until = until { $time }
people-change = New password, or has left
people-add = Record a colleague
people-add-first = Record the first person: yourself
people-roles = What may this person do here?
people-your-password = Your new password
people-first-password = New password for this person
people-strength = At least 8 characters. Several words that do not belong together are best.
people-again = The same password again
people-own = Your own password, to confirm
people-first-button = Record me and sign in as this person
people-add-button = Record this person
people-admins-do = An administrator records people, ends them and gives new passwords.
people-name-taken = Somebody of this name works here already. Add what tells the two apart.
people-name-unusable = This cannot be a name here: it is empty, too long, or has characters that hide. Write it as the person writes it.
people-role-missing = Tick at least one thing that this person may do.
people-secret-short = The new password is too short: at least 8 characters.
people-secret-differs = The two new passwords differ. Type them again.
people-own-wrong = Your own password is wrong. Nothing was changed: type it again.
people-held = It was wrong too often. Nothing was changed: wait a quarter of an hour.
people-passphrase-wrong = The passphrase of this machine is wrong. Nothing was done: type it again.
people-last-admin = Nobody would be left who says who works here. Record another administrator first.
person-password = New password
person-password-note = Whoever forgot a password gets a new one from you. Every page that this person has open ends at once.
person-password-button = Set this password
person-end = Does not work here any more
person-end-open = This person has left
person-end-note = This person is signed out at once and can do nothing here any more. What the person did stays. Whoever comes back is recorded anew.
person-end-button = End this person now
person-back = Back to the people
password-alone = Nobody is recorded here, so nobody has a password yet.
password-note = When you change it, every other page that you have open ends. This one goes on.
password-now = Your password now
password-new = Your new password
password-button = Change my password
notice-first = { $count ->
   *[other] You are recorded, and signed in with your name. Record your colleagues now.
}
notice-added = { $count ->
   *[other] Recorded. This person can sign in now.
}
notice-ended = { $count ->
   *[other] Ended. This person is signed out.
}
notice-secret = { $count ->
   *[other] The new password counts now. Whatever this person had open has ended.
}
notice-password = { $count ->
   *[other] Your new password counts now. Your other open pages have ended.
}

looks-note = Each time somebody looks at a referral here, or takes it out, a line is kept. Lines are never changed.
looks-person = Who
looks-referral = Referral, by its first letters and digits
looks-since = From
looks-until = Until
looks-none = Nobody looked.
looks-what = At which referral
looks-saw = What was seen
looks-why = Why
looks-alone = whoever had the passphrase
looks-older = Older looks
looks-proves = These lines are this machine's own record, for this agency. They are not signed and prove nothing to others. What was done with a referral is signed: choose a referral to see what proves it.
look-whole = everything
look-nothing = no content
look-work = to work with it
look-export = taken out as a file
look-audit = for a report of what was done
look-evidence = evidence was taken out
proof-note = What both agencies did with this referral, in the order in which it counts. Each signature was checked just now. That you have read this is noted.
proof-first = Please look at this first
proof-proves = What it proves, and what not
proof-version = version { $number }
proof-not = Not proven:
proof-back = Back to who looked

keys-own = Your own eight words
keys-own-note = Read these words to another agency by telephone when they ask whether it is really you. Call the number that you know, not one that was sent to you.
keys-language = There are word lists in English, French, German, Italian, Russian and Spanish. Switch the language of this page, so that both of you read from the same list.
keys-node = Number of this node
keys-partner = Another agency's words
keys-partner-note = Call them, and let them read their eight words. Compare each with what stands here.
keys-which = Which agency? Its name or place
keys-show = Show the words
keys-nobody = No agency of this name. Type a part of its name.
keys-phone = Telephone:
keys-no-phone = No telephone number in the directory. Use one that you know.
keys-differ = If a single word differs, send them nothing, and phone your authority.
keys-age = Age of this node's keys
keys-identity = Identity key
keys-identity-until = Renew it by { $time }. Nothing stops when it is later.
keys-tls = Connection key
keys-tls-until = It renews itself on { $time }.
keys-read = Read these eight words of the new key to your authority by telephone:
keys-forget = To give this change up, phone your authority first, then type at the machine:
keys-renew = Renew the identity key now
keys-renew-note = A new key is made, and your authority is asked to put it in force. Then you read eight words to your authority by telephone. The paper in the safe stays good. Make a new backup afterwards.
keys-renew-button = Make the new key and ask for it
keys-stolen = If somebody else may have this node's key, do not renew it here. Take the paper from the safe, phone your authority, and type at the machine:
change-made = A new key is made; it is asked for when the machine is connected.
change-waiting = A new key waits for your authority.
change-done = The new key is in force as soon as the list of agencies has arrived here.
change-refused = The new key was refused. Phone your authority.
change-rejected = Your authority has rejected the new key. Phone it.
notice-renewed = { $count ->
   *[other] The new key is made. Read its words to your authority by telephone.
}

backup-last = The last backup was made on { $time }.
backup-never = No backup was ever made: what is on this machine is nowhere else.
backup-old = The last backup is older than a week. Make a new one.
backup-make = Make a backup now
backup-note = Everything that this agency keeps on this machine goes into one sealed file, but for the files of documents. Documents (PDF, pictures, recordings) are not in it: keep them elsewhere as well.
backup-why-passphrase = The backup opens with this passphrase and no other. So type it: then you know that somebody still knows it.
backup-button = Make the backup
backup-folder = The folder of the backups on this machine
backup-copy = Copy the file to another machine or to a disk that is locked away: if this machine is lost, so is its folder. Destroy old backups, for they still hold what was erased since.
backup-admins-do = An administrator makes backups and tries them.
backup-passphrase-then = This is not the passphrase that this machine had when that backup was made. Type it again.
drill-title = Try a backup
drill-note = A backup that was never tried is a hope. This opens it, checks all of it, and says what would come back. Nothing is changed. Do it once a month.
drill-no-file = There is no backup in the folder yet. Make one first.
drill-which = Which backup
drill-passphrase = Passphrase that this machine had when it was made
drill-button = Try this backup
drill-elsewhere = To try a file that lies elsewhere, type at that machine:
drill-good = This backup can be restored. It would bring back:
drill-failed = This backup cannot be restored. Make a new one now.
drill-made = Made
drill-agency = Agency
drill-newest = Newest message
drill-no-message = none
drill-received = Messages received
drill-sent = Messages sent
drill-waiting = Of these, without a receipt yet
drill-evidence = Entries of evidence, each checked
drill-identity = Identity key in it
drill-nothing-changed = Nothing was changed. If your identity key is newer than the one in this backup, make a new backup: nobody could write to this one.
notice-backup = { $count ->
   *[other] The backup is written. Copy it to another machine, then try it below.
}

health-open = What somebody should look at
health-all-well = All is well.
health-fail = does not work
health-warn = look at this
health-well = This is well
check-vault = The vault, in which everything is kept
check-disk = Room on the disk
check-daemon = The program in the background
check-configuration = The settings
check-network = The network
check-relay = The connection to the relay
check-clock = This machine's clock
check-registry = The list of agencies
check-witnesses = Witnesses of the list of agencies
check-registration = This agency's registration
check-key-changes = Keys that the authority alone has changed
check-keys = Keys for receiving
check-renewals = Keys to be renewed
check-outbox = What is to be sent
check-alarms = Alarms
check-backup = The backup
lock-title = Lock reading
lock-note = Nobody reads or sends anything here any more until somebody unlocks it with the passphrase, on the page to sign in; the machine goes on receiving. At the machine the same is done with:
lock-button = Lock reading now
unlock-note = Reading is locked. Whoever knows the passphrase of this machine unlocks it here; then everybody signs in again.
unlock-button = Unlock reading
unlock-here = Unlock it with the passphrase
settings-title = Settings
settings-note = Whoever looks after this machine changes these in its file, then starts the program again.
settings-file = The file
settings-version = Version of this program
settings-updates = This program does not look for newer versions by itself. Ask whoever gave it to you, and read the list of changes that comes with each version.
settings-name = Setting
settings-value = Now
settings-means = What it means
settings-by-itself = found by itself
setting-relay = Address of the relay. Set it only where the registered address does not work from here.
setting-receipt-delay = Longest random delay of a receipt, in seconds. It hides when somebody works.
setting-settle-tick = How often acknowledgements leave, in thousandths of a second. It hides what was done with a message.
setting-cover = Whether messages that say nothing leave at random times. That something was sent is then no sign of a referral.
setting-auto-lock = Minutes without anybody's use after which reading is locked; 0 for never.
setting-api-port = Door for other programs of this agency on this machine; 0 for none.
setting-page-port = Door of this page on this machine; 0 for no page.
setting-page-lock = Minutes without use after which you are signed out of this page; 1 to 15.
setting-log = How much the program writes into its log. No level writes a name, an address or a text.

second-title = A second person must confirm
second-note = This needs two people of your agency. A colleague, a caseworker or supervisor, reads it and confirms here with their own name and password. It is sent at once then.
second-to = It goes to:
second-name = Name of the second person
second-secret = Password of the second person
second-button = Confirm and send
second-back = Do not send
second-wrong = The name or the password is not right. Nothing was sent: type both again.
second-same = The second person must be somebody else. Nothing was sent.
second-role = This needs a caseworker or a supervisor. Nothing was sent.

person-roles-note = Choose all that this person may do from now on. Every page that this person has open ends at once. Who changed it is kept.
person-roles-own = Roles of your own you may give up. While there is another administrator, that one gives you more.
person-roles-button = Change the roles
person-roles-changed = What was changed
person-roles-was = Before
person-roles-became = After
people-roles-own = Nobody gives themselves more roles while another administrator works here. Have that one do it.
notice-roles = { $count ->
   *[other] The roles are changed.
}
