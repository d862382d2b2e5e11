# What the node tells of itself, by its code; what kind of refusal something is; and the page that says nothing.

span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
note-another-country = another country

note-clock-behind = This machine's clock is slow by { $span }. A time that the authority has signed is used meanwhile. Have the clock set.
note-registry-old = The list of agencies was last confirmed { $span } ago. An agency that has lost its registration since then may still look active here. If this machine is connected and it stays so, phone your authority.
note-registry-older = The list of agencies was last confirmed { $span } ago. Nothing is sent to agencies that are new or changed since then. If this machine is connected and it stays so, phone your authority.
note-registry-over = The list of agencies was last confirmed { $span } ago. Nothing is sent any more. Phone, and have this machine connected; if it is connected, phone your authority.
note-registry-undated = The list of agencies has no signed date, so nothing is sent. Phone, and have this machine connected; if it is connected, phone your authority.
note-waits-suspended = The registration of { $agency } is suspended. Messages that wait here for it: { $count }. They go on by themselves when it is active again. If somebody needs help now, phone another agency.
note-drafts-end = Drafts that are erased within a week unless somebody changes them: { $count }. See “Drafts”.
note-held = Messages that came and are held back, because their sender is suspended or not in the list yet: { $count }. They are shown as soon as it is active.
note-place-waits = This machine takes another one's place from { $time } on. Until then the relay does not let it in. Leave it running.
note-key-made = A new key of this machine is made. It is asked for as soon as the machine is connected.
note-key-waits = The new identity key waits for your authority. Read it the eight words by telephone: they stand on the page “Keys and safety words”.
note-key-unpublished = The new connection key waits until your authority publishes the list of agencies again. There is nothing to do.
note-key-done = The new key is in force, and is taken over when the list of agencies has arrived here. There is nothing to do.
note-key-not-taken = The new key was not taken. Phone your authority, then give the change up as the page “Keys and safety words” says.
note-renew-tls = The connection key should be renewed within { $days }, and is not yet. Leave this machine running and connected. Nothing stops when it is later.
note-renew-identity = The identity key should be renewed within { $days }. An administrator does that on the page “Keys and safety words”. Nothing stops when it is later.
note-keys-end = In { $days } nobody can write to this agency any more, because this machine was not connected for weeks. Have it connected.
note-own-suspended = The registration of this agency is suspended, so the relay does not let it in. Messages that wait here: { $count }. They go on by themselves when it is active again. If somebody needs help now, phone.
note-own-revoked = The registration of this machine was revoked. Messages that will not leave it any more: { $count }. Phone the agencies, and send them anew from the machine that your agency has now.

note-message-waits = Something that you take back at { $agency } waits here, because their authority is not recognised at present. Phone them and tell them.
note-message-late = No receipt of { $agency } has come in time. Phone them, and do not count on their having it.
note-message-expired = A message to { $agency } did not arrive: nobody fetched it in time. Phone them, then send it anew if it is still needed.
note-message-failed = A message to { $agency } did not arrive, and is not tried any more. Phone them, or choose another agency; then send it anew if it is still needed.
note-key-refused = A key of { $agency } that the relay has served must not be used. Nothing is sealed with it. Phone the agency and your authority.
note-case-damaged = Something that is kept of the referral { $digits } cannot be read, and its times are not kept. Look after it yourself, and tell whoever looks after this machine.
note-chain-forked = A second machine may be using the identity of { $agency }. Phone them at the number that you know before you send anything.
note-chain-back = The machine of { $agency } has gone back to an earlier day without saying so, or a second one uses its identity. Phone them at the number that you know.
note-chain-longer = { $agency } has seen more of this agency's messages than this machine remembers. If it was put back from a backup, tell whoever looks after it; else a second machine may be using your identity: phone your authority.
note-restored = The machine of { $agency } was put back from a backup and has lost messages of yours: { $count }. Whoever looks after this machine can send them again (safeconduct resend).
note-restored-erased = The machine of { $agency } was put back from a backup and has lost messages of yours: { $count }, and { $gone } whose content is erased here. Whoever looks after this machine can send the others again (safeconduct resend).
note-place-taken = The authority puts another machine in this one's place. This one is shut out from { $time } on. If nobody at your agency asked for that, phone your authority before then.
note-own-key-newer = This machine has an old identity key, and nobody can write to it: it was put back from an old backup, or somebody else has renewed the key. Have a newer backup restored. If nobody at your agency renewed it, phone your authority now.
note-place-given = Another machine was put in this one's place, and nobody can write to this one. Use the other one. If nobody at your agency asked for that, phone your authority now.
note-own-key-other = The list of agencies names another identity key for this machine, and nobody can write to it. If nobody at your agency asked for that, phone your authority now.
note-fork-before = Somebody has signed a false list of agencies with a key that your authority has replaced. This machine goes on under the new key. Phone your authority, and hand on the file.
note-fork = Your authority has signed two different lists of agencies. This machine takes no more changes from it. Phone the authority and your partners, keep the data folder, and hand on the file.
note-registry-withheld = Your partners have seen a newer list of agencies for over a day, and the relay does not give it to this machine. Phone your authority.
note-nameless = Agencies of which the directory shows nothing here: { $count }. The relay does not give their entries to this machine. Phone your authority.
note-messages-withheld = Within a day { $count } messages of { $senders } agencies came in an unusual way. The relay may be keeping messages back. Phone your authority.
note-fork-abroad = The authority of { $country } has signed two different lists of agencies. Send nothing there, keep the data folder, and phone your authority.
note-nameless-abroad = Agencies of { $country } of which the directory shows nothing here: { $count }. The relay does not give their entries to this machine. Phone your authority.
note-time-ahead = The authority has signed the time { $time }, which is { $days } after this machine's clock. Look at another clock. If this machine's is wrong, have it set; if it is right, phone your authority.
note-time-ahead-abroad = The authority of { $country } has signed the time { $time }, which is { $days } after this machine's clock. Look at another clock. If this machine's is wrong, have it set; if it is right, phone your authority.
note-alarms-locked = Alarms: { $count }. Unlock reading to see them.

note-refused = { $why }
note-look-locked = Somebody should look at this. Unlock reading to see it.
note-disk-unwritable = Nothing can be written into the data folder. Free some space, or have whoever looks after this machine make it writable.
note-disk-unread = How much space is left could not be read. Have whoever looks after this machine check it.
note-disk-full = Only { $count } MB of space are left. Free some now: sending and receiving will stop soon.
note-disk-low = { $count } MB of space are left. Free some soon.
note-network-unnamed = No relay is set, so nothing was tried. Whoever looks after this machine names it in the settings.
note-network-untried = No connection was tried. See what stands beside the relay.
note-network-unresolved = The name { $address } is not found in the network. Have the address and the name service of this machine checked.
note-network-unanswered = Nothing answers at { $address }. A firewall may keep UDP from leaving here, or the relay is down. Have the network checked.
note-relay-unheard = There is no answer yet. Wait a moment, then open this page anew.
note-clock-slow = This machine's clock is { $count } seconds slower than the relay's. Have it set; if it is right, tell the relay's operator.
note-clock-fast = This machine's clock is { $count } seconds faster than the relay's. Have it set; if it is right, tell the relay's operator.
note-clock-alone = The clock could not be compared with the relay's. It is, as soon as this machine is connected.
note-registry-none = This machine has no list of agencies yet. Finish its registration, and have it connected once.
note-witnesses-unknown = Not known, because there is no list of agencies here yet. Finish the registration of this machine.
note-witnesses-none = No witness signs the list of agencies. Whoever has the authority's key could show others another list. Ask your authority to name witnesses, best another country's authority.
note-witnesses-one = Only one witness signs the list of agencies. Whoever has both keys could show others another list. Ask your authority to name more, best another country's authority.
note-suspended = The registration of this agency is suspended. Phone your authority.
note-revoked = The registration of this machine was revoked. Phone your authority.
note-not-known-to-relay = This machine is active in the list of agencies, but the relay does not know it. Have the relay's address checked, then phone your authority.
note-not-listed = This machine is not in the list of agencies that is here. Have it connected once.
note-not-enrolled = This machine is not registered yet. Whoever looks after it does that with the code of your authority (safeconduct enrol).
note-own-keys-to-change = The authority alone is about to change this machine's keys. If nobody at your agency asked for that, phone your authority now.
note-own-keys-changed = The authority alone has changed this machine's keys. If nobody at your agency asked for that, phone your authority now.
note-keys-of-others = The authority alone has changed the keys of: { $agencies }. Phone them before you send them anything.
note-prekeys-lost = Keys for receiving that the relay holds and this machine cannot use any more: { $count }. Leave it connected: who uses one takes another. If it stays so, phone your authority.
note-prekeys-gone = The keys for receiving are used up, so nobody can write to this agency. Have this machine connected: it makes new ones.
note-prekeys-none = There are no keys for receiving yet, so nobody can write to this agency. Have this machine connected once.
note-prekey-ends = The newest key for receiving ends in { $days }. Leave this machine connected: it makes a new one each day.
note-outbox-given-up = Messages that did not arrive, and that nobody has looked at yet: { $count }. See the referrals, and phone.
note-outbox-waits = Messages that have waited here for more than an hour: { $count }. Phone if it is urgent.
note-outbox-late = Messages at the relay whose receipt is late: { $count }. Phone the agencies.
note-backup-never = No backup was ever made: what is on this machine is nowhere else. Make one, and keep it on another machine.
note-backup-old = The last backup is { $days } old. Make a new one, and keep it on another machine.
note-aside = Letters that failed a check and are kept aside: { $count }. One or two mean little; many mean that somebody tries something: phone your authority.

fault-refused = This is not possible as things stand now. Look at it again; if you do not see why, show this page to your supervisor.
fault-usage = Something that was entered does not fit. Go back, check it, and try again.
fault-not-ready = Something must be put in order on this machine first. Show this page to whoever looks after it.
fault-unreachable = It could not be reached just now. Wait a moment and try again; if it is urgent, phone.
fault-tampering = Something does not fit together as it should. Do not go on. Show this page at once to whoever looks after this machine, and phone your authority.
away-title = Empty page
away-text = This page is empty.
