//! One entry of the log: fixed layout, signed by the registrar, parsed from the bytes that were signed.
//!
//! ```text
//!   0 type u8 · 1 seq u64 · 9 node id 32 · 41 previous leaf hash of this node 32 · 73 effective u64 · 81 IK 32
//! 113 succession key 32 · 145 TLS SPKI hash 32 · 177 home relay u32 · 181 mailbox 16 · 197 roles u32 · 201 suites u32
//! 205 directory commitment 32 · 237 [ML-DSA-65 key hash 32 when suites bit 1] · registrar signature 64 (node-record)
//!     · [second signature 64 (key-succession) by the old IK or the succession key, over the succession statement]
//! ```
//!
//! `root` and `min_suite` entries are about the registry itself: their node id is zero, and everything is zero but the
//! hash of the root file's version that is in force from this entry on (in the place of the directory commitment; the entry itself is
//! signed by that version's registrar), or the least suite (in the place of `suites`). So are
//! `agree` and `recognise`, whose terms follow the common fields ([`terms`](super::terms)); `recognise` has the hash of the
//! other authority's root file in the place of the directory commitment and its TLS key's in that of the TLS key; and
//! `min_version`, with the version in the place of `suites`.

use safeconduct_protocol::{
    crypto::{
        fixed::FixedKey,
        sign::{KeyRefused, Label, SIGNATURE_BYTES, Signature, SigningKey, VerifyingKey},
    },
    id::{LeafHash, MailboxId, NodeId, RelayId},
    time::Timestamp,
};

use super::{
    succession::Succession,
    terms::{TERMS_BYTES, Terms},
};
use crate::{layout::Reader, log::merkle::leaf_hash};

/// Bytes before the signatures, without an ML-DSA key hash.
pub const LEAF_BODY_BYTES: usize = 237;
/// The longest leaf.
pub const LEAF_BYTES_MAX: usize = LEAF_BODY_BYTES + TERMS_BYTES + 32 + 2 * SIGNATURE_BYTES;
/// The `suites` field of a node that opens suite 1.
pub const SUITES_1: u32 = 1;
/// Bit of `suites` that brings the ML-DSA key hash.
const SUITE_2_BIT: u32 = 1 << 1;

/// What an entry does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum LeafKind {
    /// A node or relay enters.
    Add = 1,
    /// Its keys, place or roles change; a suspended node is active again.
    Change = 2,
    /// It may not take part for now.
    Suspend = 3,
    /// It may never take part again.
    Revoke = 4,
    /// The registry's root file.
    Root = 5,
    /// Suites below this one are no longer used.
    MinSuite = 6,
    /// Which roles may send what to which, across which borders, until when.
    Agree = 7,
    /// Another country's authority is recognised, with scope and end.
    Recognise = 8,
    /// Sessions of versions below this one are no longer taken.
    MinVersion = 9,
}

impl LeafKind {
    const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Add,
            2 => Self::Change,
            3 => Self::Suspend,
            4 => Self::Revoke,
            5 => Self::Root,
            6 => Self::MinSuite,
            7 => Self::Agree,
            8 => Self::Recognise,
            9 => Self::MinVersion,
            _ => return None,
        })
    }

    /// Its name, as the protocol document writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Change => "change",
            Self::Suspend => "suspend",
            Self::Revoke => "revoke",
            Self::Root => "root",
            Self::MinSuite => "min_suite",
            Self::Agree => "agree",
            Self::Recognise => "recognise",
            Self::MinVersion => "min_version",
        }
    }

    /// Whether the entry is about the registry and not about a node.
    #[must_use]
    pub const fn is_about_registry(self) -> bool {
        matches!(self, Self::Root | Self::MinSuite | Self::Agree | Self::Recognise | Self::MinVersion)
    }

    const fn has_terms(self) -> bool {
        matches!(self, Self::Agree | Self::Recognise)
    }
}

/// Why a leaf is not taken. Whose fault it is: the authority's, or of whoever changed its bytes on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LeafRefused {
    /// Wrong length or an unknown type.
    #[error("its layout is unknown")]
    Layout,
    /// Not signed by the registrar that the root file names.
    #[error("it is not signed by the registrar")]
    Registrar,
    /// Its number is not its place in the log.
    #[error("its sequence number is not its place in the log")]
    Sequence,
    /// Bytes that must be zero, or bits that mean nothing here.
    #[error("a field holds what it may not")]
    Field,
    /// An identity or succession key that is not sound.
    #[error("it names an unsound key: {0}")]
    Key(KeyRefused),
    /// The TLS key is an identity key or a key of the authority, or the reverse.
    #[error("one key is used for two purposes")]
    KeyForTwoPurposes,
    /// A key that stands in the log already.
    #[error("it names a key that was used before")]
    KeyUsed,
    /// A mailbox or relay number that stands in the log already.
    #[error("it names a mailbox or relay number that was used before")]
    PlaceUsed,
    /// `add` of a node that is known.
    #[error("it adds a node that is registered already")]
    NodeKnown,
    /// Something else of a node that is not known.
    #[error("it is about a node that is not registered")]
    NodeUnknown,
    /// Does not name the node's newest leaf.
    #[error("it does not follow the node's newest entry")]
    Previous,
    /// A home relay that is not registered or is revoked.
    #[error("it names a relay that is not registered")]
    Relay,
    /// About a revoked node.
    #[error("it is about a node whose registration was revoked")]
    Revoked,
    /// Suspends what is suspended, or changes more than its type may.
    #[error("it does more than an entry of its type may")]
    Scope,
    /// The second signature is neither by the old identity key nor by the succession key, or stands where none may.
    #[error("its second signature is not by the node's own keys")]
    Succession,
    /// It brings a next version of the root file into force, and that version is not here.
    #[error("it announces a next version of the root file, which is missing")]
    RootSuperseded,
    /// The root file beside it is not the next version: not signed by enough holders, not the one that is announced, or with keys that
    /// others have.
    #[error("the version of the root file that it announces is refused")]
    RootForked,
    /// A least suite that is lower than before.
    #[error("it lowers the least suite")]
    MinSuite,
    /// A least version that is lower than before.
    #[error("it lowers the least version")]
    MinVersion,
    /// More agreements or recognised authorities than a registry may hold.
    #[error("it is one agreement or recognition more than a registry may hold")]
    TooManyTerms,
}

impl LeafRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::RootSuperseded => {
                "get the authority's newest root file (`safeconduct-admin export-root`); if a relay withholds it, phone the authority"
            }
            Self::RootForked => {
                "stop, and phone the authority: somebody has tried to exchange its keys; nothing was taken over"
            }
            Self::Layout | Self::Field => "update; if this is the newest version, phone the authority",
            Self::Registrar | Self::Sequence | Self::Previous => {
                "fetch the registry again, from another network if possible; if it stays so, phone the authority"
            }
            Self::Key(_)
            | Self::KeyForTwoPurposes
            | Self::KeyUsed
            | Self::PlaceUsed
            | Self::NodeKnown
            | Self::NodeUnknown
            | Self::Relay
            | Self::Revoked
            | Self::Scope
            | Self::Succession
            | Self::MinSuite
            | Self::MinVersion
            | Self::TooManyTerms => "phone the authority: its registry breaks its own rules; nothing was taken over",
        }
    }
}

/// The fields of an entry, before the rules of the log are applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeafFields {
    /// What it does.
    pub kind: LeafKind,
    /// Its place in the log.
    pub seq: u64,
    /// About whom.
    pub node: NodeId,
    /// Hash of the node's newest leaf before; zero for `add`.
    pub previous: LeafHash,
    /// From when on, as the authority says.
    pub effective: Timestamp,
    /// Identity key; a relay's receipt key.
    pub ik: [u8; 32],
    /// Succession key; zero for a relay.
    pub succession: [u8; 32],
    /// SPKI hash of the TLS key.
    pub tls_spki: [u8; 32],
    /// Home relay; a relay's own number.
    pub home_relay: RelayId,
    /// Mailbox; zero for a relay.
    pub mailbox: MailboxId,
    /// [`Roles`](crate::node::Roles).
    pub roles: u32,
    /// Bit 0: suite 1, bit 1: suite 2.
    pub suites: u32,
    /// Commitment to the directory record.
    pub directory: [u8; 32],
    /// SHA-256 of the ML-DSA-65 key, exactly when `suites` has bit 1.
    pub ml_dsa: Option<[u8; 32]>,
    /// Exactly for `agree` and `recognise`.
    pub terms: Option<Terms>,
}

impl LeafFields {
    /// The layout up to the signatures.
    #[must_use]
    pub fn to_body(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(LEAF_BYTES_MAX);
        body.push(self.kind as u8);
        body.extend_from_slice(&self.seq.to_be_bytes());
        body.extend_from_slice(self.node.as_bytes());
        body.extend_from_slice(self.previous.as_bytes());
        body.extend_from_slice(&self.effective.0.to_be_bytes());
        body.extend_from_slice(&self.ik);
        body.extend_from_slice(&self.succession);
        body.extend_from_slice(&self.tls_spki);
        body.extend_from_slice(&self.home_relay.0.to_be_bytes());
        body.extend_from_slice(self.mailbox.as_bytes());
        body.extend_from_slice(&self.roles.to_be_bytes());
        body.extend_from_slice(&self.suites.to_be_bytes());
        body.extend_from_slice(&self.directory);
        body.extend_from_slice(self.ml_dsa.as_ref().map_or(&[], |hash| hash.as_slice()));
        if let Some(terms) = &self.terms {
            terms.put(&mut body);
        }
        body
    }

    /// Signs the entry as the registrar, and by the node's old identity key or succession key where a key changes.
    #[must_use]
    pub fn sign(&self, registrar: &SigningKey, second: Option<&SigningKey>) -> Vec<u8> {
        self.sign_beside(registrar, second.map(|key| self.succession_statement().sign(key)).as_ref())
    }

    /// Signs the entry as the registrar, beside a signature that the node has made of its [`Succession`] statement.
    #[must_use]
    pub fn sign_beside(&self, registrar: &SigningKey, second: Option<&Signature>) -> Vec<u8> {
        let mut leaf = self.to_body();
        let signature = registrar.sign(Label::NodeRecord, &leaf);
        leaf.extend_from_slice(signature.as_bytes());
        leaf.extend_from_slice(second.map_or(&[], |second| second.as_bytes().as_slice()));
        leaf
    }

    /// What the node itself has to sign where a key changes.
    #[must_use]
    pub const fn succession_statement(&self) -> Succession {
        Succession { node: self.node, ik: self.ik, succession: self.succession }
    }

    fn read(body: &mut Reader<'_>) -> Option<Self> {
        let mut fields = Self {
            kind: LeafKind::from_byte(body.u8()?)?,
            seq: body.u64()?,
            node: NodeId::from_bytes(body.array()?),
            previous: LeafHash::from_bytes(body.array()?),
            effective: Timestamp(body.u64()?),
            ik: body.array()?,
            succession: body.array()?,
            tls_spki: body.array()?,
            home_relay: RelayId(body.u32()?),
            mailbox: MailboxId::from_bytes(body.array()?),
            roles: body.u32()?,
            suites: body.u32()?,
            directory: body.array()?,
            ml_dsa: None,
            terms: None,
        };
        if fields.kind.has_terms() {
            fields.terms = Some(Terms::read(body)?);
        }
        if fields.suites & SUITE_2_BIT != 0 && !fields.kind.is_about_registry() {
            fields.ml_dsa = Some(body.array()?);
        }
        Some(fields)
    }
}

/// An entry as it stands in a log: its fields, and the signatures over exactly these bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// The fields.
    pub fields: LeafFields,
    body: Vec<u8>,
    registrar: Signature,
    succession: Option<Signature>,
    hash: LeafHash,
}

impl Leaf {
    /// Reads an entry's layout. Signatures and the rules of the log are judged by
    /// [`Registry::extend`](super::Registry::extend).
    ///
    /// # Errors
    /// [`LeafRefused::Layout`].
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafRefused> {
        Self::read(bytes).ok_or(LeafRefused::Layout)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let fields = LeafFields::read(&mut reader)?;
        let body = bytes.get(..bytes.len().checked_sub(reader.rest().len())?)?.to_vec();
        let registrar = Signature::from_bytes(reader.array()?);
        let succession = match reader.rest() {
            [] => None,
            _ => Some(Signature::from_bytes(reader.array()?)),
        };
        reader.end()?;
        Some(Self { fields, body, registrar, succession, hash: leaf_hash(bytes) })
    }

    /// RFC 6962 hash of the whole entry, signatures included.
    #[must_use]
    pub const fn hash(&self) -> LeafHash {
        self.hash
    }

    /// Checks the registrar's signature.
    ///
    /// # Errors
    /// [`LeafRefused::Registrar`].
    pub fn verify_registrar(&self, key: &VerifyingKey) -> Result<(), LeafRefused> {
        key.verify(Label::NodeRecord, &self.body, &self.registrar).ok().ok_or(LeafRefused::Registrar)
    }

    /// The same of many at once, where one registrar has signed them all; in their order.
    pub(super) fn verify_registrar_each(leaves: &[Self], key: &FixedKey) -> Vec<Result<(), LeafRefused>> {
        let signed: Vec<_> = leaves.iter().map(|leaf| (leaf.body.as_slice(), &leaf.registrar)).collect();
        let each = key.verify_each(Label::NodeRecord, &signed);
        each.into_iter().map(|verdict| verdict.ok().ok_or(LeafRefused::Registrar)).collect()
    }

    /// Whether there is a second signature.
    #[must_use]
    pub const fn has_second_signature(&self) -> bool {
        self.succession.is_some()
    }

    /// Whether the second signature is by this key.
    #[must_use]
    pub fn is_succeeded_by(&self, key: &VerifyingKey) -> bool {
        let statement = self.fields.succession_statement();
        self.succession.is_some_and(|signature| statement.is_signed_by(key, &signature))
    }
}
