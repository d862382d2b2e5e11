//! The case event: one act on a referral, signed by the agency's node that did it (`docs/PROTOCOL.md` §8).
//!
//! Each of the two agencies numbers its own events of a referral, each event names the one of its own before it, and says which of the
//! other's it has seen. The state of a referral follows from the set of its events, whatever order they came in.
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCG1` |
//! | 4 | 1 | kind of act |
//! | 5 | 1 | code: why declined, with what outcome closed, why withdrawn; 0 for none |
//! | 6 | 1 | disclosure level 0 to 3 where one is asked for or given, else 255 |
//! | 7 | 1 | flags: 1 by the node itself, 2 with details, 4 a second person has confirmed |
//! | 8 | 16 | referral id |
//! | 24 | 8 | signer's epoch |
//! | 32 | 4 | number among the signer's events of this referral, from 0 |
//! | 36 | 4 | number of the other's newest event that was seen, plus 1; 0 for none |
//! | 40 | 32 | `H("case-event", previous own event)`; zero for the first |
//! | 72 | 32 | the same of the other's that was seen; zero for none |
//! | 104 | 8 | at, Unix seconds by the signer's clock |
//! | 112 | 32 | signer's node id |
//! | 144 | 32 | signer's key id |
//! | 176 | 32 | the other's node id |
//! | 208 | 16 | message id of the referral's revision that it is about |
//! | 224 | 32 | its header hash |
//! | 256 | 32 | its content commitment |
//! | 288 | 16 | pseudonym of the caseworker; zero for the node itself |
//! | 304 | 16 | id of the referral that takes this one's place; zero for none |
//! | 320 | 32 | commitment to the details: `H("case-details", salt || u32 length || details)`; zero for none |
//! | 352 | 8 | registry size |
//! | 360 | 32 | registry root |
//! | 392 | 8 | epoch of the other's event that was seen; 0 for none |
//! | 400 | 16 | zero |
//! | 416 | 64 | signature by the signer's identity key over 0..416; its label follows from the kind |
//!
//! Nothing in it is of a person who is referred: names, reasons in words and dates of help stand in the details, which only the
//! other agency can open.

use super::{ReceiptMalformed, verify_named};
use crate::{
    crypto::{
        hash::{HashLabel, hash},
        sign::{BadSignature, Label, SigningKey, VerifyingKey},
    },
    envelope::header::RegistryPoint,
    id::{KeyId, MessageId, NodeId},
    layout::{Reader, Writer, is_zero},
    limits::CASE_DETAILS_BYTES_MAX,
    time::Timestamp,
};

/// Bytes of a case event.
pub const CASE_EVENT_BYTES: usize = 480;

/// Events of one signer about one referral at most.
pub const CASE_EVENTS_MAX: u32 = 1024;

const MAGIC: [u8; 4] = *b"SCG1";
const NO_LEVEL: u8 = 255;
const BY_NODE: u8 = 1;
const DETAILS: u8 = 2;
const CONFIRMED: u8 = 4;

/// What was done. The numbers are those of the events in the referral's schema, from 1; those that are missing here are no acts that
/// are told: 1 and 2 are receipts, 18 and 24 each side finds out by its own clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum CaseAct {
    /// A person at the recipient has opened it.
    Opened = 3,
    /// They ask for more.
    InfoRequested = 4,
    /// The sender has answered.
    InfoProvided = 5,
    /// They take the person in.
    Accepted = 6,
    /// They do not.
    Declined = 7,
    /// The sender discloses more.
    DisclosureRaised = 8,
    /// They ask for more of the person's data.
    DisclosureRequested = 9,
    /// Help has begun.
    ServiceStarted = 10,
    /// Nobody has opened it in time: the next agency is asked.
    Escalated = 11,
    /// They want to hand the person on.
    TransferProposed = 12,
    /// The next agency has taken the person in.
    TransferredOnward = 13,
    /// Ended, with an outcome.
    Closed = 14,
    /// Taken back.
    Withdrawn = 15,
    /// The recipient has acted on it.
    WithdrawalApplied = 16,
    /// A consent was given, changed or taken back.
    ConsentChanged = 17,
    /// An acceptance that crossed with the end of its time counts.
    Reinstated = 19,
    /// The person was told of an act without their consent.
    OverrideNotice = 20,
    /// A second person has looked at it.
    OverrideReviewed = 21,
    /// What was to be erased is erased.
    ErasureCertified = 22,
    /// A reflection period was set.
    ReflectionSet = 23,
}

impl CaseAct {
    /// Every act.
    pub const ALL: [Self; 20] = [
        Self::Opened,
        Self::InfoRequested,
        Self::InfoProvided,
        Self::Accepted,
        Self::Declined,
        Self::DisclosureRaised,
        Self::DisclosureRequested,
        Self::ServiceStarted,
        Self::Escalated,
        Self::TransferProposed,
        Self::TransferredOnward,
        Self::Closed,
        Self::Withdrawn,
        Self::WithdrawalApplied,
        Self::ConsentChanged,
        Self::Reinstated,
        Self::OverrideNotice,
        Self::OverrideReviewed,
        Self::ErasureCertified,
        Self::ReflectionSet,
    ];

    /// The act with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|act| *act as u8 == number)
    }

    /// Its name, as the referral's schema writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "Opened",
            Self::InfoRequested => "InfoRequested",
            Self::InfoProvided => "InfoProvided",
            Self::Accepted => "Accepted",
            Self::Declined => "Declined",
            Self::DisclosureRaised => "DisclosureRaised",
            Self::DisclosureRequested => "DisclosureRequested",
            Self::ServiceStarted => "ServiceStarted",
            Self::Escalated => "Escalated",
            Self::TransferProposed => "TransferProposed",
            Self::TransferredOnward => "TransferredOnward",
            Self::Closed => "Closed",
            Self::Withdrawn => "Withdrawn",
            Self::WithdrawalApplied => "WithdrawalApplied",
            Self::ConsentChanged => "ConsentChanged",
            Self::Reinstated => "Reinstated",
            Self::OverrideNotice => "OverrideNotice",
            Self::OverrideReviewed => "OverrideReviewed",
            Self::ErasureCertified => "ErasureCertified",
            Self::ReflectionSet => "ReflectionSet",
        }
    }

    /// Under which label it is signed: a person's act at the recipient says that the referral was read, and one that declines, that it
    /// was refused.
    #[must_use]
    pub const fn label(self) -> Label {
        match self {
            Self::Opened
            | Self::InfoRequested
            | Self::Accepted
            | Self::DisclosureRequested
            | Self::ServiceStarted
            | Self::TransferProposed
            | Self::TransferredOnward
            | Self::Closed => Label::ReceiptRead,
            Self::Declined => Label::ReceiptRefused,
            Self::InfoProvided
            | Self::DisclosureRaised
            | Self::Escalated
            | Self::Withdrawn
            | Self::WithdrawalApplied
            | Self::ConsentChanged
            | Self::Reinstated
            | Self::OverrideNotice
            | Self::OverrideReviewed
            | Self::ErasureCertified
            | Self::ReflectionSet => Label::CaseEvent,
        }
    }

    /// The highest code that may stand beside it; 0: none may.
    #[must_use]
    pub const fn codes(self) -> u8 {
        if matches!(self, Self::Declined) {
            14
        } else if matches!(self, Self::Closed) {
            10
        } else if matches!(self, Self::Withdrawn) {
            4
        } else {
            0
        }
    }

    const fn has_level(self) -> bool {
        matches!(self, Self::DisclosureRaised | Self::DisclosureRequested)
    }
}

/// A revision of a referral: which message brought it, and what it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Revision {
    /// The message.
    pub message: MessageId,
    /// `H("header", signed header)`.
    pub header_hash: [u8; 32],
    /// The header's content commitment.
    pub content_commitment: [u8; 32],
}

/// The newest event of the other agency that the signer had seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Its signer's epoch.
    pub epoch: u64,
    /// Its number.
    pub number: u32,
    /// `H("case-event", event)`.
    pub hash: [u8; 32],
}

/// What an event says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseFields {
    /// What was done.
    pub act: CaseAct,
    /// Why, or with what outcome, as the referral's schema lists them from 1; 0 for none.
    pub code: u8,
    /// The disclosure level that is asked for or given.
    pub level: Option<u8>,
    /// The node did it itself, no person.
    pub by_node: bool,
    /// A second person has confirmed it.
    pub confirmed: bool,
    /// The referral.
    pub referral: [u8; 16],
    /// The signer's epoch: it grows with each restore of its vault.
    pub epoch: u64,
    /// Number among the signer's events of this referral.
    pub number: u32,
    /// `H("case-event", previous own event)`; zero for the first.
    pub previous: [u8; 32],
    /// What was seen of the other's events.
    pub seen: Option<Seen>,
    /// When, by the signer's clock.
    pub at: Timestamp,
    /// Who signs.
    pub signer: NodeId,
    /// The other agency's node.
    pub other: NodeId,
    /// Which revision it is about.
    pub about: Revision,
    /// The caseworker's pseudonym; none for the node itself.
    pub person: Option<[u8; 16]>,
    /// The referral that takes this one's place.
    pub successor: Option<[u8; 16]>,
    /// Commitment to the details, when there are any.
    pub details: Option<[u8; 32]>,
    /// The registry that the signer acted on.
    pub registry: RegistryPoint,
}

/// A signed case event. Parsed does not mean verified.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseEvent {
    bytes: [u8; CASE_EVENT_BYTES],
    key: KeyId,
    fields: CaseFields,
}

impl CaseEvent {
    /// Signs an event with the node's identity key. Only when the act is about to be durable.
    ///
    /// # Errors
    /// [`ReceiptMalformed`] for fields that contradict each other, as they are refused when read.
    pub fn sign(key: &SigningKey, fields: &CaseFields) -> Result<Self, ReceiptMalformed> {
        let key_id = key.verifying_key().key_id();
        let flags = [(fields.by_node, BY_NODE), (fields.details.is_some(), DETAILS), (fields.confirmed, CONFIRMED)];
        let flags = flags.into_iter().filter(|(is, _)| *is).fold(0, |all, (_, flag)| all | flag);
        let (seen_next, seen_hash, seen_epoch) =
            fields.seen.map_or((0, [0; 32], 0), |seen| (seen.number.saturating_add(1), seen.hash, seen.epoch));
        let writer = Writer::<CASE_EVENT_BYTES>::new()
            .put(&MAGIC)
            .put(&[fields.act as u8, fields.code, fields.level.unwrap_or(NO_LEVEL), flags])
            .put(&fields.referral)
            .put(&fields.epoch.to_be_bytes())
            .put(&fields.number.to_be_bytes())
            .put(&seen_next.to_be_bytes())
            .put(&fields.previous)
            .put(&seen_hash)
            .put(&fields.at.0.to_be_bytes())
            .put(fields.signer.as_bytes())
            .put(key_id.as_bytes())
            .put(fields.other.as_bytes())
            .put(fields.about.message.as_bytes())
            .put(&fields.about.header_hash)
            .put(&fields.about.content_commitment)
            .put(&fields.person.unwrap_or_default())
            .put(&fields.successor.unwrap_or_default())
            .put(&fields.details.unwrap_or_default())
            .put(&fields.registry.size.to_be_bytes())
            .put(&fields.registry.root)
            .put(&seen_epoch.to_be_bytes())
            .put(&[0; 16]);
        let signature = key.sign(fields.act.label(), writer.written());
        Self::parse(&writer.put(signature.as_bytes()).finish())
    }

    /// Reads an event.
    ///
    /// # Errors
    /// [`ReceiptMalformed`], also for an act that this version does not know, a code, level or flag that does not belong to the act, and
    /// bytes that must be zero and are not.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptMalformed> {
        read(bytes).ok_or(ReceiptMalformed)
    }

    /// Checks that `key`, the signer's identity key in the registry, signed it.
    ///
    /// # Errors
    /// [`BadSignature`], also when the event names another key.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        verify_named(self.fields.act.label(), &self.bytes, self.key, key)
    }

    /// What it says.
    #[must_use]
    pub const fn says(&self) -> &CaseFields {
        &self.fields
    }

    /// The identity key that it says it is signed with.
    #[must_use]
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// `H("case-event", event)`: what the next one names.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash(HashLabel::CaseEvent, &[&self.bytes])
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; CASE_EVENT_BYTES] {
        &self.bytes
    }
}

/// The commitment to an event's details: `H("case-details", salt || u32 length || details)`.
///
/// # Errors
/// [`ReceiptMalformed`] for details that are empty or longer than [`CASE_DETAILS_BYTES_MAX`].
pub fn details_commitment(salt: &[u8; 32], details: &[u8]) -> Result<[u8; 32], ReceiptMalformed> {
    let length = u32::try_from(details.len()).ok().filter(|length| *length > 0).ok_or(ReceiptMalformed)?;
    if details.len() > CASE_DETAILS_BYTES_MAX {
        return Err(ReceiptMalformed);
    }
    Ok(hash(HashLabel::CaseDetails, &[salt, &length.to_be_bytes(), details]))
}

fn read(bytes: &[u8]) -> Option<CaseEvent> {
    let bytes: [u8; CASE_EVENT_BYTES] = bytes.try_into().ok()?;
    let mut reader = Reader::new(&bytes);
    reader.exactly(&MAGIC)?;
    let act = CaseAct::from_number(reader.u8()?)?;
    let (code, level, flags) = (reader.u8()?, reader.u8()?, reader.u8()?);
    let referral = reader.array()?;
    let epoch = reader.u64()?;
    let (number, seen_next) = (reader.u32()?, reader.u32()?);
    let (previous, seen_hash) = (reader.array()?, reader.array()?);
    let at = Timestamp(reader.u64()?);
    let signer = NodeId::from_bytes(reader.array()?);
    let key = KeyId::from_bytes(reader.array()?);
    let other = NodeId::from_bytes(reader.array()?);
    let about = Revision {
        message: MessageId::from_bytes(reader.array()?),
        header_hash: reader.array()?,
        content_commitment: reader.array()?,
    };
    let (person, successor, details) = (some(reader.array()?), some(reader.array()?), some(reader.array()?));
    let registry = RegistryPoint { size: reader.u64()?, root: reader.array()? };
    let seen = seen(seen_next, reader.u64()?, seen_hash)?;
    let unused: [u8; 16] = reader.array()?;

    let level_fits = if act.has_level() { level <= 3 } else { level == NO_LEVEL };
    let code_fits = if act.codes() == 0 { code == 0 } else { (1..=act.codes()).contains(&code) };
    let by_node = flags & BY_NODE != 0;
    let flags_fit = flags & !(BY_NODE | DETAILS | CONFIRMED) == 0
        && (flags & DETAILS != 0) == details.is_some()
        && by_node == person.is_none();
    let first_fits = (number == 0) == is_zero(&previous);
    let successor_fits = successor.is_none() || act == CaseAct::Escalated;
    let fits = level_fits && code_fits && flags_fit && first_fits && successor_fits;
    if !fits || number >= CASE_EVENTS_MAX || !is_zero(&unused) || signer == other {
        return None;
    }
    let fields = CaseFields {
        act,
        code,
        level: act.has_level().then_some(level),
        by_node,
        confirmed: flags & CONFIRMED != 0,
        referral,
        epoch,
        number,
        previous,
        seen,
        at,
        signer,
        other,
        about,
        person,
        successor,
        details,
        registry,
    };
    Some(CaseEvent { bytes, key, fields })
}

fn some<const N: usize>(bytes: [u8; N]) -> Option<[u8; N]> {
    (!is_zero(&bytes)).then_some(bytes)
}

/// What was seen: number, epoch and hash are there together, or none is.
fn seen(next: u32, epoch: u64, hash: [u8; 32]) -> Option<Option<Seen>> {
    match next.checked_sub(1) {
        None => (epoch == 0 && is_zero(&hash)).then_some(None),
        Some(number) => (!is_zero(&hash) && number < CASE_EVENTS_MAX).then_some(Some(Seen { epoch, number, hash })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn key() -> SigningKey {
        SigningKey::from_seed(Secret::new([9; 32]))
    }

    fn declined() -> CaseFields {
        CaseFields {
            act: CaseAct::Declined,
            code: 1,
            level: None,
            by_node: false,
            confirmed: false,
            referral: [1; 16],
            epoch: 1,
            number: 2,
            previous: [2; 32],
            seen: Some(Seen { epoch: 4, number: 0, hash: [3; 32] }),
            at: Timestamp(1_800_000_000),
            signer: NodeId::from_bytes([4; 32]),
            other: NodeId::from_bytes([5; 32]),
            about: Revision {
                message: MessageId::from_bytes([6; 16]),
                header_hash: [7; 32],
                content_commitment: [8; 32],
            },
            person: Some([9; 16]),
            successor: None,
            details: Some([10; 32]),
            registry: RegistryPoint { size: 11, root: [12; 32] },
        }
    }

    #[test]
    fn an_event_round_trips_and_any_changed_byte_is_refused() {
        let (key, says) = (key(), declined());
        let event = CaseEvent::sign(&key, &says).unwrap();
        let public = key.verifying_key();

        assert!(CaseEvent::parse(event.as_bytes()).is_ok_and(|read| read == event && *read.says() == says));
        assert!(event.verify(&public).is_ok() && event.key() == public.key_id());
        for at in 0..CASE_EVENT_BYTES {
            let mut bytes = *event.as_bytes();
            bytes[at] ^= 0x10;
            assert!(!CaseEvent::parse(&bytes).is_ok_and(|read| read.verify(&public).is_ok()), "byte {at}");
        }
        assert!(CaseEvent::parse(b"").is_err());
        let other = SigningKey::from_seed(Secret::new([10; 32]));
        assert!(event.verify(&other.verifying_key()).is_err());
    }

    #[test]
    fn every_act_is_read_back_with_what_belongs_to_it_and_refused_with_what_does_not() {
        let key = key();
        for act in CaseAct::ALL {
            let level = act.has_level().then_some(2);
            let says = CaseFields { act, code: act.codes(), level, ..declined() };
            let event = CaseEvent::sign(&key, &says).unwrap();
            assert!(event.verify(&key.verifying_key()).is_ok(), "{act:?}");
            assert!(CaseEvent::sign(&key, &CaseFields { code: act.codes() + 1, ..says.clone() }).is_err());
            let other_level = if act.has_level() { None } else { Some(1) };
            assert!(CaseEvent::sign(&key, &CaseFields { level: other_level, ..says.clone() }).is_err());
            let successor = Some([1; 16]);
            let follows = CaseEvent::sign(&key, &CaseFields { successor, ..says }).is_ok();
            assert_eq!(follows, act == CaseAct::Escalated);
        }
        for number in [0, 1, 2, 18, 24, 25, 255] {
            assert_eq!(CaseAct::from_number(number), None, "{number}");
        }
    }

    #[test]
    fn fields_that_contradict_each_other_are_refused() {
        let key = key();
        let refused = |bend: fn(&mut CaseFields)| {
            let mut says = declined();
            bend(&mut says);
            CaseEvent::sign(&key, &says).is_err()
        };
        assert!(refused(|says| says.by_node = true), "a person and no person");
        assert!(refused(|says| says.person = None));
        assert!(refused(|says| says.number = 0), "a first one that follows another");
        assert!(refused(|says| says.previous = [0; 32]));
        assert!(refused(|says| says.number = CASE_EVENTS_MAX));
        assert!(!refused(|says| says.number = CASE_EVENTS_MAX - 1));
        assert!(refused(|says| says.seen = Some(Seen { epoch: 1, number: CASE_EVENTS_MAX, hash: [3; 32] })));
        assert!(!refused(|says| says.seen = Some(Seen { epoch: 1, number: CASE_EVENTS_MAX - 1, hash: [3; 32] })));
        assert!(refused(|says| says.other = says.signer));
        assert!(refused(|says| says.seen = Some(Seen { epoch: 1, number: 0, hash: [0; 32] })));
        assert!(refused(|says| says.code = 0), "declined for no reason");
        assert!(!refused(|says| (says.by_node, says.person) = (true, None)));
        assert!(!refused(|says| says.seen = None));
    }

    #[test]
    fn details_are_committed_to_with_their_salt_and_length() {
        let commitment = details_commitment(&[1; 32], b"{}").unwrap();
        assert_ne!(commitment, details_commitment(&[2; 32], b"{}").unwrap());
        assert_ne!(commitment, details_commitment(&[1; 32], b"{ }").unwrap());
        assert!(details_commitment(&[1; 32], b"").is_err());
        assert!(details_commitment(&[1; 32], &vec![b'x'; CASE_DETAILS_BYTES_MAX]).is_ok());
        assert!(details_commitment(&[1; 32], &vec![b'x'; CASE_DETAILS_BYTES_MAX + 1]).is_err());
    }

    #[test]
    fn nothing_seen_is_said_in_one_way() {
        assert_eq!(seen(0, 0, [0; 32]), Some(None));
        assert_eq!(seen(0, 1, [0; 32]), None, "of no event an epoch");
        assert_eq!(seen(0, 0, [1; 32]), None, "of no event a hash");
        assert_eq!(seen(1, 0, [1; 32]), Some(Some(Seen { epoch: 0, number: 0, hash: [1; 32] })));
    }

    #[test]
    fn the_two_acts_about_disclosure_alone_have_a_level() {
        let with_level: Vec<CaseAct> = CaseAct::ALL.into_iter().filter(|act| act.has_level()).collect();
        assert_eq!(with_level, [CaseAct::DisclosureRaised, CaseAct::DisclosureRequested]);
    }

    #[test]
    fn an_act_has_the_name_of_its_variant_as_the_schema_writes_it() {
        for act in CaseAct::ALL {
            assert_eq!(act.as_str(), format!("{act:?}"));
        }
    }

    #[test]
    fn the_next_event_names_the_hash_of_all_bytes_of_this_one() {
        let event = CaseEvent::sign(&key(), &declined()).unwrap();
        assert_eq!(event.hash(), hash(HashLabel::CaseEvent, &[event.as_bytes()]));
        let other = CaseEvent::sign(&key(), &CaseFields { code: 2, ..declined() }).unwrap();
        assert_ne!(event.hash(), other.hash());
    }
}
