//! What can go wrong in the administrator's hands.

mod exit;
mod remedy;

use std::io;

pub use exit::Exit;

use safeconduct_protocol::{
    crypto::kem::SealError,
    entropy::NoEntropy,
    frame::{Goodbye, PublishRefusal},
};

use super::{relay_file::RelayFileRefused, root::RootRefused};
use crate::{
    carried::CarriedRefused,
    directory::RecordRefused,
    enrol::{change::ChangeRefused, request::RequestRefused, words::WordsRefused},
    keyfile::KeyfileError,
    link::{LinkError, goodbye_remedy},
    registry::{HeadRefused, leaf::LeafRefused},
};

/// Why an act of the authority was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// `init` where there is an authority already.
    #[error("this directory already holds an authority")]
    Exists,
    /// Anything else where there is none.
    #[error("this directory holds no authority")]
    Missing,
    /// Another command holds the lock.
    #[error("another command is at work in this directory")]
    Busy,
    /// The file system says no.
    #[error("{what} cannot be read or written: {kind}")]
    Disk {
        /// Which file.
        what: &'static str,
        /// What the file system says.
        kind: io::ErrorKind,
    },
    /// A file does not fit the others, or was cut or changed.
    #[error("{what} is damaged or was changed")]
    Damaged {
        /// Which file.
        what: &'static str,
    },
    /// A key file did not open.
    #[error(transparent)]
    Keyfile(#[from] KeyfileError),
    /// Shorter than 12 bytes.
    #[error("the passphrase is shorter than {} characters", super::init::PASSPHRASE_BYTES_MIN)]
    ShortPassphrase,
    /// `--log-name` or `--country` cannot be in a root file.
    #[error("the root file is refused: {0}")]
    Root(RootRefused),
    /// The clock is before the newest signed timestamp.
    #[error("the clock is {by_s} seconds before the newest timestamp that this authority signed")]
    Clock {
        /// By how many seconds.
        by_s: u64,
    },
    /// This machine's clock and a relay's are far apart, and no other relay's clock is like ours.
    #[error("this machine's clock is {by_s} seconds {} the relay's, so nothing was signed and sent", if *ahead { "ahead of" } else { "behind" })]
    ClocksApart {
        /// Whether ours is the later one.
        ahead: bool,
        /// By how many seconds.
        by_s: u64,
    },
    /// Recognising our own country, or a log name under which another authority is recognised.
    #[error("{0}")]
    NotRecognisable(NotRecognisable),
    /// An agency of this id is registered.
    #[error("this agency is registered already")]
    AgencyKnown,
    /// An agency's id of another country.
    #[error("the ids of this authority's agencies begin with `{}.`", prefix.iter().collect::<String>())]
    OtherCountry {
        /// The two letters that they begin with.
        prefix: [char; 2],
    },
    /// No registered agency of this id.
    #[error("no registered agency has this id")]
    AgencyUnknown,
    /// Suspend of a suspended, resume of an active agency.
    #[error("this agency's registration is not in a state for that")]
    NotInState,
    /// A change of its keys by the authority alone is under way.
    #[error("a change of this agency's keys by the authority alone has not taken effect yet")]
    ChangeWaits,
    /// What a node asks for is not carried out.
    #[error(transparent)]
    Change(#[from] ChangeRefused),
    /// `change` with nothing to change.
    #[error("it is not said what is to change")]
    NoChange,
    /// `change` with a record of another agency.
    #[error("the record is of another agency: an agency's id stays for ever")]
    OtherAgency,
    /// `change --relay` with a number that no active relay has.
    #[error("no active relay has this number")]
    RelayUnknown,
    /// A request of this agency waits for a decision.
    #[error("a request of this agency waits for a decision")]
    RequestWaits,
    /// No request of this agency has come.
    #[error("no request of this agency has come")]
    NoRequest,
    /// What came for this agency's invitation cannot be what the agency made.
    #[error("the request for this agency's invitation is refused: {0}")]
    RequestRefused(RequestRefused),
    /// Not the words of the request.
    #[error("these are not the safety words of the request")]
    WrongWords,
    /// Not eight words of the list.
    #[error(transparent)]
    Words(#[from] WordsRefused),
    /// Days out of bounds.
    #[error("an invitation is open for 1 to {} days", super::invite::DAYS_MAX)]
    Days,
    /// Names, country or roles out of bounds.
    #[error("the directory record is refused: {0}")]
    Record(#[from] RecordRefused),
    /// `relay.pub` refused.
    #[error(transparent)]
    RelayFile(#[from] RelayFileRefused),
    /// The entry would break a rule of the log.
    #[error("the registry's rules refuse this entry: {0}")]
    Leaf(LeafRefused),
    /// The own log and head do not fit.
    #[error("the authority's own log and head do not fit: {0}")]
    Head(HeadRefused),
    /// No relay is registered, or all are revoked.
    #[error("no relay is registered")]
    NoRelay,
    /// The connection to a relay.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The relay ended the session.
    #[error("the relay ended the session: {}", crate::link::goodbye_fact(*.0))]
    Goodbye(Goodbye),
    /// The relay did not answer in time.
    #[error("the relay did not answer in time")]
    Silent,
    /// The relay holds more entries than this directory.
    #[error("the relay holds {theirs} entries and this directory only {mine}")]
    RelayAhead {
        /// Entries that the relay holds.
        theirs: u64,
        /// Entries held here.
        mine: u64,
    },
    /// The relay refused what it was told.
    #[error("the relay refused the registry: {}", refusal(*.0))]
    Refused(PublishRefusal),
    /// A file that was carried is not taken.
    #[error(transparent)]
    Carried(CarriedRefused),
    /// Several relays, or none of this number.
    #[error("it is not said which relay is meant, or none of this number is registered")]
    WhichRelay,
    /// Nothing to hand to this agency.
    #[error("there is no answer for this agency")]
    NoAnswer,
    /// Too few witnesses have signed the newest head.
    #[error("{got} of {quorum} witnesses have signed the registry, so no relay or node takes it")]
    Quorum {
        /// That have signed.
        got: usize,
        /// Needed.
        quorum: u8,
    },
    /// The source of randomness failed.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// Another authority's introduction is refused.
    #[error(transparent)]
    Introduction(crate::introduction::IntroductionRefused),
    /// No agreement of this number, or no recognition of this country.
    #[error("there is no such agreement or recognition")]
    NoSuchTerms,
    /// A least version that this tool does not know.
    #[error("this tool knows sessions up to version {known}")]
    Version {
        /// Newest version that it knows.
        known: u16,
    },
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A holder's number that is none.
    #[error("there are {count} holders of root keys, numbered from 1")]
    NoHolder {
        /// How many there are.
        count: usize,
    },
    /// A root key file under another name than it was made with.
    #[error("the file's name does not say which holder's root key it is")]
    RootKeyName,
    /// A key that neither version of the root file names.
    #[error("this is no root key of the version in force, nor of the proposed one")]
    NotAHolder,
    /// A proposal that follows another version, or is of another authority.
    #[error("the proposal does not follow the root file of this directory")]
    OtherProposal,
    /// A proposal whose new keys were made elsewhere, or again since.
    #[error("the new keys of this proposal are not in this directory")]
    ProposalKeys,
    /// The root file has as many versions as it may have.
    #[error("the root file has {} versions and may have no more", super::root::ROOT_VERSIONS_MAX)]
    RootVersions,
    /// An agency that is not for exercises, in a practice world.
    #[error("this authority is of a practice world: it registers agencies for exercises only")]
    PracticeOnly,
}

/// Why another authority is not recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRecognisable {
    /// Its root file names our own country.
    #[error("the other authority is of our own country")]
    OurCountry,
    /// Another root file under this log name is recognised.
    #[error("another authority is recognised under the same log name")]
    LogName,
    /// One of the two authorities is of a practice world, the other is real.
    #[error("a practice world and a real one do not recognise each other")]
    Practice,
}

impl AdminError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::Missing => "no-authority",
            Self::Busy => "busy",
            Self::Disk { .. } => "disk",
            Self::Damaged { .. } => "damaged",
            Self::Keyfile(KeyfileError::WrongPassphrase) => "wrong-passphrase",
            Self::Keyfile(_) => "keyfile",
            Self::ShortPassphrase => "short-passphrase",
            Self::Root(_) => "root-refused",
            Self::Clock { .. } => "clock",
            Self::ClocksApart { .. } => "clocks-apart",
            Self::NotRecognisable(_) => "not-recognisable",
            Self::AgencyKnown => "agency-known",
            Self::OtherCountry { .. } => "other-country",
            Self::AgencyUnknown => "agency-unknown",
            Self::NotInState => "not-in-state",
            Self::ChangeWaits => "change-waits",
            Self::Change(_) => "change-refused",
            Self::NoChange => "no-change",
            Self::OtherAgency => "other-agency",
            Self::RelayUnknown => "relay-unknown",
            Self::RequestWaits => "request-waits",
            Self::NoRequest => "no-request",
            Self::RequestRefused(_) => "request-refused",
            Self::WrongWords => "wrong-words",
            Self::Words(_) => "not-words",
            Self::Days => "days",
            Self::Record(_) => "record-refused",
            Self::RelayFile(_) => "relay-file-refused",
            Self::Leaf(_) => "entry-refused",
            Self::Head(_) => "head-refused",
            Self::NoRelay => "no-relay",
            Self::Link(LinkError::WrongRelay) => "wrong-relay",
            Self::Link(LinkError::KeyRefused) => "key-refused",
            Self::Link(_) | Self::Silent => "relay-unreachable",
            Self::Goodbye(_) => "relay-goodbye",
            Self::RelayAhead { .. } => "relay-ahead",
            Self::Refused(_) => "publish-refused",
            Self::Carried(error) => error.code(),
            Self::WhichRelay => "which-relay",
            Self::NoAnswer => "no-answer",
            Self::Quorum { .. } => "witness-quorum",
            Self::NoEntropy(_) => "no-entropy",
            Self::Introduction(_) => "introduction-refused",
            Self::NoSuchTerms => "no-such-agreement",
            Self::Version { .. } => "version-unknown",
            Self::Seal(_) => "seal",
            Self::NoHolder { .. } => "no-holder",
            Self::RootKeyName => "root-key-name",
            Self::NotAHolder => "not-a-holder",
            Self::OtherProposal => "other-proposal",
            Self::ProposalKeys => "proposal-keys",
            Self::RootVersions => "root-versions",
            Self::PracticeOnly => "practice-only",
        }
    }

    /// A disk error of this file.
    pub(crate) fn disk(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Disk { what, kind: error.kind() }
    }
}

const fn refusal(reason: PublishRefusal) -> &'static str {
    match reason {
        PublishRefusal::Root => "its root file is another one",
        PublishRefusal::Replay => "the log does not replay there",
        PublishRefusal::Gap => "pieces are missing there",
        PublishRefusal::Rollback => "it holds another or a longer log",
        PublishRefusal::StorageFailed => "its storage failed",
        PublishRefusal::TooLarge => "it is too large",
        PublishRefusal::Time => "it is signed for a later day than the relay's clock shows",
        PublishRefusal::Witnesses => "too few witnesses have signed it",
        _ => "for a reason that this version does not know",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{enrol::change::ChangeRefused, registry::HeadRefused};

    fn all() -> Vec<AdminError> {
        vec![
            AdminError::Exists,
            AdminError::Missing,
            AdminError::Busy,
            AdminError::Disk { what: "the log", kind: io::ErrorKind::StorageFull },
            AdminError::Damaged { what: "the log" },
            AdminError::Keyfile(KeyfileError::WrongPassphrase),
            AdminError::Keyfile(KeyfileError::Malformed),
            AdminError::ShortPassphrase,
            AdminError::Root(RootRefused::Malformed),
            AdminError::Clock { by_s: 5 },
            AdminError::ClocksApart { ahead: true, by_s: 301 },
            AdminError::ClocksApart { ahead: false, by_s: 301 },
            AdminError::NotRecognisable(NotRecognisable::OurCountry),
            AdminError::NotRecognisable(NotRecognisable::LogName),
            AdminError::Refused(PublishRefusal::Time),
            AdminError::AgencyKnown,
            AdminError::OtherCountry { prefix: ['x', 'a'] },
            AdminError::AgencyUnknown,
            AdminError::NotInState,
            AdminError::ChangeWaits,
            AdminError::Change(ChangeRefused::Statement),
            AdminError::NoChange,
            AdminError::OtherAgency,
            AdminError::RelayUnknown,
            AdminError::RequestWaits,
            AdminError::NoRequest,
            AdminError::RequestRefused(RequestRefused::WrongSecret),
            AdminError::WrongWords,
            AdminError::Words(WordsRefused::Count { got: 7 }),
            AdminError::Days,
            AdminError::Record(RecordRefused::TooLong),
            AdminError::RelayFile(RelayFileRefused::Address),
            AdminError::Leaf(LeafRefused::KeyUsed),
            AdminError::Head(HeadRefused::Size),
            AdminError::NoRelay,
            AdminError::Link(LinkError::Unreachable),
            AdminError::Link(LinkError::WrongRelay),
            AdminError::Goodbye(Goodbye::Busy),
            AdminError::Silent,
            AdminError::RelayAhead { theirs: 2, mine: 1 },
            AdminError::Refused(PublishRefusal::Root),
            AdminError::Refused(PublishRefusal::Rollback),
            AdminError::Carried(CarriedRefused::Damaged),
            AdminError::WhichRelay,
            AdminError::NoAnswer,
            AdminError::Quorum { got: 1, quorum: 2 },
            AdminError::NoEntropy(NoEntropy),
            AdminError::Seal(SealError::Seal),
            AdminError::Root(RootRefused::Threshold { got: 1, threshold: 2 }),
            AdminError::Root(RootRefused::Broken),
            AdminError::Root(RootRefused::KeyTwice),
            AdminError::NoHolder { count: 3 },
            AdminError::RootKeyName,
            AdminError::NotAHolder,
            AdminError::OtherProposal,
            AdminError::ProposalKeys,
            AdminError::RootVersions,
            AdminError::NotRecognisable(NotRecognisable::Practice),
            AdminError::PracticeOnly,
            AdminError::Leaf(LeafRefused::RootForked),
            AdminError::Link(LinkError::KeyRefused),
            AdminError::Refused(PublishRefusal::StorageFailed),
            AdminError::Introduction(crate::introduction::IntroductionRefused::NotForUs),
            AdminError::NoSuchTerms,
            AdminError::Version { known: 1 },
        ]
    }

    #[test]
    fn every_error_is_one_fact_and_says_what_to_do() {
        let mut facts = BTreeSet::new();
        for error in all() {
            let fact = error.to_string();
            assert!(!fact.ends_with('.') && !error.remedy().is_empty() && !error.code().is_empty(), "{fact}");
            assert!(facts.insert(fact.clone()), "{fact}");
            assert!(error.exit() != Exit::Done);
        }
    }

    #[test]
    fn what_can_only_be_tampering_has_its_own_exit() {
        let tampering = all().into_iter().filter(|error| error.exit() == Exit::Tampering);
        let codes: Vec<_> = tampering.map(|error| error.code()).collect();
        assert_eq!(codes, ["damaged", "head-refused", "wrong-relay", "relay-ahead", "publish-refused", "root-refused"]);
    }

    #[test]
    fn what_a_relay_refuses_is_told_in_words_and_counts_for_what_it_is() {
        let cases = [
            (PublishRefusal::Root, "its root file is another one", Exit::Refused),
            (PublishRefusal::Replay, "the log does not replay there", Exit::Tampering),
            (PublishRefusal::Gap, "pieces are missing there", Exit::Unreachable),
            (PublishRefusal::Rollback, "it holds another or a longer log", Exit::Tampering),
            (PublishRefusal::StorageFailed, "its storage failed", Exit::Unreachable),
            (PublishRefusal::TooLarge, "it is too large", Exit::Refused),
            (PublishRefusal::Time, "it is signed for a later day than the relay's clock shows", Exit::Refused),
            (PublishRefusal::Witnesses, "too few witnesses have signed it", Exit::Refused),
        ];
        for (reason, words, exit) in cases {
            let error = AdminError::Refused(reason);
            assert_eq!(error.to_string(), format!("the relay refused the registry: {words}"));
            assert_eq!((error.exit(), error.code()), (exit, "publish-refused"));
        }
        assert!(AdminError::Refused(PublishRefusal::StorageFailed).remedy().starts_with("nothing is lost"));
        let full = AdminError::disk("the log")(io::ErrorKind::StorageFull.into());
        assert_eq!(full, AdminError::Disk { what: "the log", kind: io::ErrorKind::StorageFull });
    }

    #[test]
    fn a_key_that_a_relay_refuses_stays_refused_and_no_retry_helps() {
        let refused = AdminError::Link(LinkError::KeyRefused);
        assert_eq!((refused.exit(), refused.code()), (Exit::Refused, "key-refused"));
        assert!(refused.remedy().starts_with("phone the relay's operator"));
        assert_eq!(AdminError::Link(LinkError::Lost).exit(), Exit::Unreachable);
        let version = AdminError::Version { known: 1 };
        assert_eq!((version.exit(), version.code()), (Exit::Usage, "version-unknown"));
        assert_eq!(AdminError::NoSuchTerms.code(), "no-such-agreement");
        let introduction = crate::introduction::IntroductionRefused::OurOwn;
        let error = AdminError::Introduction(introduction);
        assert_eq!((error.code(), error.remedy()), ("introduction-refused", introduction.remedy()));
    }
}
