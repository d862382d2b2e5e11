//! Every note: its code, its arguments, the fact and what to do in English.

use super::{Agencies, Agency, Argument, At, Count, Country, Days, Exact, Refusal, Span, Technical};

/// Makes the notes of one list, so that none is without a code, a line and arguments. What has no remedy of its own tells it in the line.
macro_rules! notes {
    ($($name:ident $code:literal { $($field:ident: $type:ty),* } $says:literal $(=> $remedy:literal)?;)*) => {
        /// One thing that the node tells of itself.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub(crate) enum Note {
            $(#[doc = $says] $name {
                $(#[doc = concat!("The text's `", stringify!($field), "`.")] $field: $type),*
            },)*
        }

        impl Note {
            /// The code that stays: of the page's texts, and for programs.
            pub(crate) const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                }
            }

            /// The fact.
            pub(crate) fn says(&self) -> String {
                match self {
                    $(Self::$name { $($field),* } => {
                        $(let _ = $field;)*
                        format!($says)
                    })*
                }
            }

            /// What to do; empty where the fact says it.
            pub(crate) const fn remedy(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => concat!($($remedy)?),)*
                }
            }

            /// What a text is filled with, by name.
            pub(crate) fn arguments(&self) -> Vec<(&'static str, Argument)> {
                match self {
                    $(Self::$name { $($field),* } => vec![$((stringify!($field), Argument::from($field))),*],)*
                }
            }

            /// One of each.
            #[cfg(test)]
            pub(crate) fn samples() -> Vec<Self> {
                vec![$(Self::$name { $($field: super::samples::Sample::sample()),* }),*]
            }
        }
    };
}

notes! {
    // What is held, and what is under way.
    ClockUntilSet "clock-behind" { span: Span }
        "this machine's clock is {span} behind a time that the authority has signed, which is used until then: set the clock";
    ClockBehind "clock-behind" { span: Span }
        "this machine's clock is {span} behind a time that the authority has signed"
        => "set this machine's clock, best by NTP; until then the authority's time is used";
    RegistryOld "registry-old" { span: Span }
        "the registry was last confirmed {span} ago: an agency that was revoked since then may still be shown as active"
        => "let the daemon connect; if it is connected, the relay keeps newer entries back or the authority has signed nothing new: phone \
            the authority at a number that you know";
    RegistryOlder "registry-older" { span: Span }
        "the registry was last confirmed {span} ago: nothing is sent to agencies that were added or changed since then, and what comes is \
         marked as not confirmed"
        => "let the daemon connect; if it is connected, the relay keeps newer entries back or the authority has signed nothing new: phone \
            the authority at a number that you know";
    RegistryOver "registry-over" { span: Span }
        "the registry was last confirmed {span} ago: nothing is sent any more"
        => "let the daemon connect; if it is connected, the relay keeps newer entries back or the authority has signed nothing new: phone \
            the authority at a number that you know";
    RegistryUndated "registry-undated" {}
        "the registry has no signed time, so nothing is sent"
        => "let the daemon connect; if it is connected, the relay keeps newer entries back or the authority has signed nothing new: phone \
            the authority at a number that you know";
    WaitsSuspended "waits-suspended" { count: Count, agency: Agency }
        "{count} message(s) to {agency} wait here, because its registration is suspended: they go on when it is active again; if somebody \
         waits, phone another agency";
    DraftsEnd "drafts-end" { count: Count }
        "{count} draft(s) are erased within a week, unless somebody changes them: see `safeconduct referral draft list`";
    Held "held" { count: Count }
        "{count} message(s) that came are held, because their sender is suspended or not known yet: they are shown when it is active, and \
         put aside when it is revoked";
    PlaceWaits "place-waits" { time: At }
        "the authority alone has put this node in another one's place: it is in force from {time}, and the relay does not take it before; \
         leave the daemon running";
    IdentityMade "key-made" {} "this node's new identity key is made; the daemon asks for it when it is connected";
    TlsMade "key-made" {} "this node's new TLS key is made; the daemon asks for it when it is connected";
    IdentityWaits "key-waits" {}
        "this node's new identity key waits for the authority: read it the words of `safeconduct key status` over the telephone";
    TlsWaits "key-unpublished" {} "this node's new TLS key waits for the authority's next publication";
    IdentityDone "key-done" {}
        "this node's new identity key is in the registry; it is taken over when the copy here has grown";
    TlsDone "key-done" {} "this node's new TLS key is in the registry; it is taken over when the copy here has grown";
    IdentityRefused "key-not-taken" {}
        "this node's new identity key was refused: phone your authority, then run `safeconduct key forget`";
    TlsRefused "key-not-taken" {} "this node's new TLS key was refused: phone your authority, then run `safeconduct key forget`";
    IdentityRejected "key-not-taken" {}
        "this node's new identity key was rejected by your authority: phone it, then run `safeconduct key forget`";
    TlsRejected "key-not-taken" {}
        "this node's new TLS key was rejected by your authority: phone it, then run `safeconduct key forget`";
    RenewTls "renew-tls" { days: Days }
        "this node's TLS key is to be renewed within {days} day(s), and is not yet: let the daemon connect, and see `safeconduct key \
         status`; nothing stops when it is later";
    RenewIdentity "renew-identity" { days: Days }
        "this node's identity key is to be renewed within {days} day(s): run `safeconduct key rotate`, and phone your authority; nothing \
         stops when it is later";
    KeysEnd "keys-end" { days: Days }
        "in {days} day(s) nobody can write to this node any more: its keys end, because it has not been connected for weeks; start the \
         daemon";
    OwnSuspended "own-suspended" { count: Count }
        "{count} message(s) wait here, because the relay does not take this node: it is suspended: they go on by themselves when it is \
         active again; if somebody waits, phone the recipients";
    OwnRevoked "own-revoked" { count: Count }
        "{count} message(s) wait here, because the relay does not take this node: it was revoked: they will not leave this node any more; \
         phone the recipients, and send them from the agency's new node";

    // Alarms.
    MessageWaits "message-waits" { message: Exact, agency: Agency, why: Technical }
        "the message {message} to {agency} waits: {why}";
    MessageLate "message-late" { message: Exact, agency: Agency }
        "no receipt of {agency} came in time for the message {message}: phone them";
    MessageExpired "message-expired" { message: Exact, agency: Agency, why: Technical }
        "the message {message} to {agency} has expired: {why}";
    MessageFailed "message-failed" { message: Exact, agency: Agency, why: Technical }
        "the message {message} to {agency} has failed: {why}";
    KeyRefused "key-refused" { agency: Agency, why: Technical } "a key of {agency} is refused: {why}";
    CaseDamaged "case-damaged" { digits: Exact }
        "something that is kept of the referral {digits} does not read, and its times are not kept: see it with `safeconduct referral show \
         {digits}`, and keep a copy of the data folder for those who mend Safeconduct";
    ChainForked "chain-forked" { agency: Agency }
        "a second machine may be using the identity of {agency}: it has signed two histories of its dealings with this agency; phone them \
         at the number that you know";
    ChainBack "chain-back" { agency: Agency }
        "the node of {agency} has gone back to an earlier day and has not said so, or a second machine may be using its identity; phone \
         them at the number that you know";
    ChainLonger "chain-longer" { agency: Agency }
        "{agency} has seen more of this node's evidence than this vault holds: the vault has gone back, or a second machine may be using \
         this agency's identity; if it was put back, stop the daemon and run `safeconduct restore --confirm`, else phone your authority";
    Restored "restored" { agency: Agency, count: Count }
        "the node of {agency} was restored from a backup and has lost {count} messages of this agency: see them with `safeconduct resend \
         {agency}`";
    RestoredErased "restored-erased" { agency: Agency, count: Count, gone: Count }
        "the node of {agency} was restored from a backup and has lost {count} messages of this agency, and {gone} whose content is erased \
         here: see them with `safeconduct resend {agency}`";
    PlaceTaken "place-taken" { time: At }
        "the authority alone puts another node in this one's place: this one is shut out from {time}"
        => "if nobody at your agency asked for that, phone your authority before then";
    KeyNewer "own-key-newer" {}
        "the registry names a newer identity key for this node than this vault holds, and nobody can write to this one: it was put back \
         from a backup of before the renewal, or somebody else has renewed it"
        => "restore a newer backup; without one, ask your authority for a code (`invite --replace`) and use it with the paper in a new \
            folder (`safeconduct --data FOLDER enrol CODE --paper`); if nobody at your agency renewed it, phone your authority now";
    PlaceGiven "place-given" {}
        "another node was put in this one's place, and nobody can write to this one"
        => "use the other one; if nobody at your agency asked for that, phone your authority now";
    KeyOther "own-key-other" {}
        "the registry names another identity key for this node than this vault holds, and nobody can write to this one"
        => "if nobody at your agency asked for that, phone your authority now";
    ForkBefore "fork-before" { proof: Technical }
        "somebody has signed another registry with a log key that the authority has replaced, and a partner was shown it; this node goes \
         on under the new key; {proof}: phone the authority, and hand on the file";
    Fork "fork" { proof: Technical }
        "the authority has signed two different registries, and this node takes no more changes from it; {proof}: keep the data folder, \
         phone the authority and your partners, hand on the file";
    RegistryWithheld "registry-withheld" {}
        "partners have seen a newer registry for over a day, and the relay does not serve it: phone the authority";
    Nameless "nameless" { count: Count }
        "the directory record of {count} agencies is missing: the relay does not serve it, phone the authority";
    MessagesWithheld "messages-withheld" { count: Count, senders: Count }
        "{count} messages of {senders} agencies came within a day under the last-resort key although the relay had one-time keys: the \
         relay may be keeping them back, phone the authority";
    ForeignFork "fork-abroad" { country: Country }
        "the authority of {country} has signed two different registries: send nothing there, keep the data folder, phone your authority";
    ForeignNameless "nameless-abroad" { count: Count, country: Country }
        "the directory record of {count} agencies of {country} is missing: the relay does not serve it, phone your authority";
    TimeAhead "time-ahead" { time: At, days: Days, clock: At }
        "the authority has signed the time {time}, which is {days} day(s) after this machine's clock ({clock}), and while they disagree no \
         newer signed time is taken; look at another clock: if this machine's is wrong, set this machine's clock, best by NTP; if it is \
         right, phone your authority: its clock was wrong when it signed, or somebody else has its timestamp key";
    TimeAheadAbroad "time-ahead-abroad" { country: Country, time: At, days: Days, clock: At }
        "the authority of {country} has signed the time {time}, which is {days} day(s) after this machine's clock ({clock}), and while \
         they disagree no newer signed time is taken; look at another clock: if this machine's is wrong, set this machine's clock, best by \
         NTP; if it is right, phone your authority: the other authority's clock was wrong when it signed, or somebody else has its \
         timestamp key";
    AlarmsLocked "alarms-locked" { count: Count } "{count} alarms: unlock to read them";

    // What `doctor` finds.
    Refused "refused" { why: Refusal } "{why}";
    LookLocked "look-locked" {}
        "somebody should look; reading is locked" => "run `safeconduct unlock`, then `safeconduct doctor`";
    DiskUnwritable "disk-unwritable" { why: Technical }
        "the data folder cannot be written: {why}" => "free some space, or make the folder writable for this user";
    DiskUnread "disk-unread" {} "the free space could not be read" => "check it by hand";
    DiskFull "disk-full" { count: Count } "only {count} MiB are free" => "free some space on this disk";
    DiskLow "disk-low" { count: Count } "{count} MiB are free" => "free some space on this disk soon";
    NetworkUnnamed "network-unnamed" {} "not checked: no relay is named" => "name it as `relay` in config.toml";
    NetworkUntried "network-untried" {} "not checked: no connection was tried" => "see the line of the relay";
    NetworkUnresolved "network-unresolved" { address: Exact }
        "the name of {address} does not resolve" => "check the relay's address (host:port) and this machine's name service";
    NetworkUnanswered "network-unanswered" { address: Exact }
        "{address} resolves, and nothing answers over UDP"
        => "check that UDP to that port leaves this network; a firewall may drop it, or the relay is down";
    RelayUnheard "relay-unheard" {} "no answer yet" => "wait a moment, then run doctor again";
    ClockSlow "clock-slow" { count: Count }
        "this machine's clock is {count} s behind the relay's"
        => "set this machine's clock, best by NTP; if it is right, tell the relay's operator";
    ClockFast "clock-fast" { count: Count }
        "this machine's clock is {count} s ahead of the relay's"
        => "set this machine's clock, best by NTP; if it is right, tell the relay's operator";
    ClockAlone "clock-alone" {}
        "the clock could not be compared with the relay's" => "connect to the relay first";
    RegistryNone "registry-none" {}
        "this node has no registry yet" => "finish enrolment and let the daemon connect once";
    WitnessesUnknown "witnesses-unknown" {} "not known: this node has no registry yet" => "finish enrolment";
    WitnessesNone "witnesses-none" {}
        "no witness signs the registry: who has the authority's log key can show others another one, unseen until messages meet"
        => "ask your authority to name more witnesses, best another country's authority";
    WitnessesOne "witnesses-one" {}
        "one witness signs the registry: who has the log key and that witness can show others another one, unseen until messages meet"
        => "ask your authority to name more witnesses, best another country's authority";
    Suspended "suspended" {} "this node's registration is suspended" => "phone your authority";
    Revoked "revoked" {} "this node's registration was revoked" => "phone your authority";
    NotKnownToRelay "not-known-to-relay" {}
        "this node's registry copy has it active, but the relay does not take it as registered"
        => "check the relay's address, then phone your authority";
    NotListed "not-listed" {} "this node's entry is not in its registry copy yet" => "let the daemon connect once";
    NotEnrolled "not-enrolled" {} "this node is not enrolled" => "run `safeconduct enrol CODE`";
    OwnKeysToChange "own-keys-to-change" {}
        "the authority alone is about to change this node's keys"
        => "if nobody at your agency asked for that, phone your authority now";
    OwnKeysChanged "own-keys-changed" {}
        "the authority alone has changed this node's keys" => "if nobody at your agency asked for that, phone your authority now";
    KeysOfOthers "keys-of-others" { agencies: Agencies }
        "the authority alone changed the keys of: {agencies}"
        => "phone the agency before you send to it; see `safeconduct directory`";
    PrekeysLost "prekeys-lost" { count: Count }
        "the relay holds {count} prekeys that this node cannot open any more"
        => "keep the daemon connected: who seals to one is told so and takes another; if it stays, phone your authority";
    PrekeysGone "prekeys-gone" {}
        "this node's prekeys are used up or erased, so nobody can write to this node" => "let the daemon connect: it makes new ones";
    PrekeysNone "prekeys-none" {}
        "no prekeys were made yet, so nobody can write to this node" => "let the daemon connect once";
    PrekeyEnds "prekey-ends" { days: Days }
        "the newest signed prekey is valid for {days} more days" => "keep the daemon connected: it makes a new one each day";
    OutboxGivenUp "outbox-given-up" { count: Count }
        "{count} messages failed or expired, and nobody has seen that yet"
        => "see `safeconduct status` for the reason of each and what to do";
    OutboxWaits "outbox-waits" { count: Count }
        "{count} messages wait longer than an hour to be sent" => "see `safeconduct status` for the reason of each and what to do";
    OutboxLate "outbox-late" { count: Count }
        "{count} messages are at the relay and have no receipt from their recipient in time"
        => "see `safeconduct status` for the reason of each and what to do";
    BackupNever "backup-never" {}
        "no backup was ever made: what is on this machine is on no other"
        => "run `safeconduct backup --out FILE` each day, and keep the file on another machine";
    BackupOld "backup-old" { days: Days }
        "the last backup is {days} days old"
        => "run `safeconduct backup --out FILE` each day, and keep the file on another machine";
    Aside "aside" { count: Count }
        "{count} envelopes failed a check and are kept aside"
        => "one or two mean little; many mean that somebody tries: phone your authority";
}
