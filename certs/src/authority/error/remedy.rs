//! What to do about each error.

use super::{AdminError, LeafRefused, LinkError, NotRecognisable, PublishRefusal, RootRefused, goodbye_remedy};

impl AdminError {
    /// What to do next.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each error")]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Exists => "choose another directory with --dir; an authority is never made twice in one place",
            Self::Missing => "check --dir, or make an authority with `safeconduct-admin init`",
            Self::Busy => {
                "wait until the other command has ended, or close the administrator's page, then run this one again"
            }
            Self::Disk { .. } => {
                "check space, permissions and the disk, then run the command again: nothing is half done"
            }
            Self::Damaged { .. } => {
                "stop; restore the whole directory from the newest backup, and find out who changed it"
            }
            Self::Keyfile(error) => error.remedy(),
            Self::ShortPassphrase => "choose a longer one: four or more words that nobody else would think of",
            Self::Root(RootRefused::Threshold { .. } | RootRefused::ThresholdBefore { .. }) => {
                "let more holders sign it: `safeconduct-admin root sign FILE --key root-N.key`; both versions' holders are needed"
            }
            Self::Root(RootRefused::BadSignature | RootRefused::Broken | RootRefused::Forked) => {
                "do not use this file: it was changed; propose anew with `safeconduct-admin root propose`"
            }
            Self::Root(RootRefused::KeyTwice) => {
                "name each witness once, and none with a key that has served for something else"
            }
            Self::Root(_) => {
                "give two capital letters as --country, and a --log-name of letters, digits, dots, slashes and hyphens"
            }
            Self::Clock { .. } => "set this machine's clock, then run the command again",
            Self::ClocksApart { .. } => {
                "compare both clocks with a third, set the one that is wrong, then run `safeconduct-admin publish`; while the relay's stays \
                 wrong, carry a file of `export` to it"
            }
            Self::NotRecognisable(NotRecognisable::OurCountry) => {
                "do not recognise it: a country's agencies are registered by one authority; phone the other one"
            }
            Self::NotRecognisable(NotRecognisable::LogName) => {
                "phone both authorities: one of them uses the other's name; if it has a new root file, end the recognition of the old one first"
            }
            Self::NotRecognisable(NotRecognisable::Practice) => {
                "ask the other authority for its real root file; exercises have an authority, a relay and folders of their own"
            }
            Self::PracticeOnly => {
                "mark the agency with --exercise (`exercise` in a record); real agencies need a real authority"
            }
            Self::OtherCountry { .. } => {
                "check the id, which is for ever; for an agency of a country without an authority of its own: `invite --other-country`"
            }
            Self::AgencyKnown => {
                "for a new node in a lost one's place: `invite --agency AGENCY --replace`; for names, roles or its record: `change`"
            }
            Self::AgencyUnknown => "see `safeconduct-admin status` for the ids",
            Self::NotInState => "see `safeconduct-admin status`; what is revoked stays so: invite the agency anew",
            Self::ChangeWaits => {
                "wait until it is in force (see `safeconduct-admin status`), or let the agency's node ask for a change itself"
            }
            Self::Change(error) => error.remedy(),
            Self::NoChange => "give --name, --role, --record or --relay",
            Self::OtherAgency => "correct `agency_id` in the record; for another id, invite it as another agency",
            Self::RelayUnknown => "see `safeconduct-admin status` for the relays, or register it with `relay add`",
            Self::RequestWaits => "approve or reject it first",
            Self::NoRequest => "ask the agency to run `safeconduct enrol CODE`, then see `safeconduct-admin requests`",
            Self::RequestRefused(error) => error.remedy(),
            Self::WrongWords => {
                "ask the agency's operator, whom you know, to read them again; if they stay different, reject the request: \
                 somebody is in between"
            }
            Self::Words(error) => error.remedy(),
            Self::Days => "give --days within these bounds",
            Self::Record(error) => error.remedy(),
            Self::RelayFile(error) => error.remedy(),
            Self::Leaf(LeafRefused::RootForked) => {
                "propose other keys: one of these is a node's or a relay's own already"
            }
            Self::Leaf(_) => "reject the request, and invite the agency anew: its program must make new keys",
            Self::Head(_) => "stop; restore the whole directory from the newest backup, and find out who changed it",
            Self::NoRelay => "register one with `safeconduct-admin relay add RELAY.PUB`",
            Self::Link(LinkError::WrongRelay) => {
                "do not go on: phone the relay's operator; somebody may answer in its place"
            }
            Self::Link(LinkError::KeyRefused) => {
                "phone the relay's operator: its `root` file must be the one that `export-root` wrote"
            }
            Self::Link(_) | Self::Silent => {
                "nothing is lost: when the relay answers again, run `safeconduct-admin publish`"
            }
            Self::Goodbye(reason) => goodbye_remedy(*reason),
            Self::RelayAhead { .. } => {
                "stop: this directory is older than what was published; restore the newest backup before anything else"
            }
            Self::Refused(PublishRefusal::StorageFailed) => {
                "nothing is lost: tell the relay's operator that its storage failed, then run `safeconduct-admin publish`"
            }
            Self::Refused(PublishRefusal::Root) => {
                "phone the relay's operator: its `root` file must be the one that `export-root` wrote"
            }
            Self::Refused(PublishRefusal::Time) => {
                "compare this machine's clock with the relay's; `docs/OPERATIONS.md` says what to do when a later day was signed already"
            }
            Self::Refused(_) => {
                "stop, and compare this directory with its newest backup: the relay holds another history"
            }
            Self::Carried(error) => error.remedy(),
            Self::WhichRelay => "name it with --relay NUMBER; `safeconduct-admin publish` lists their numbers",
            Self::NoAnswer => "approve or reject its request first",
            Self::Quorum { .. } => {
                "nothing is lost: when the relays that are witnesses answer, run `safeconduct-admin publish`; another authority signs a file \
                 (`export-log`, there `witness`, here `cosignature`)"
            }
            Self::NoEntropy(_) => "check that /dev/urandom works on this machine",
            Self::Introduction(error) => error.remedy(),
            Self::NoSuchTerms => "see `safeconduct-admin status` for what there is",
            Self::Version { .. } => "update this tool first, then every relay and node, then raise it",
            Self::Seal(error) => error.remedy(),
            Self::NoHolder { .. } => "give one of these numbers with --new-root-key",
            Self::RootKeyName => "give it the name that it was made with, as in root-2.key or root-2-v3.key",
            Self::NotAHolder => "check which holder's key is needed: `root sign` lists who has signed",
            Self::OtherProposal => {
                "check which file it is; if another version came into force meanwhile, propose anew with `root propose`"
            }
            Self::ProposalKeys => {
                "bring it into force in the directory where it was proposed; if one was proposed there since, take that"
            }
            Self::RootVersions => "make a new authority beside it in time, and move the agencies there",
        }
    }
}
