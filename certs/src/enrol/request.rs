//! The request of a node to be registered, sealed to the authority's enrolment key. The relay that carries it sees an
//! invitation's public name and bytes.
//!
//! ```text
//! "SCQ1" · suite 2 · zero 2 · secret 10 · zero 6 · node id 32 · node id random 16 · IK 32 · succession key 32
//! · TLS SPKI hash 32 · mailbox 16 · answer X-Wing key 1216 · signature 64 by IK (enrol-request)
//! ```
//!
//! A node that takes an existing one's place, and has its succession key on paper, says `"SCQ2"`, and before the signature:
//! `existing node id 32 · signature 64 of the succession statement (key-succession)`.

use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash},
        kem::{ENC_BYTES, KEM_PUBLIC_BYTES, KemPublic, KemSecret, SealError, TAG_BYTES, open_once, seal_once},
        sign::{Label, Signature, SigningKey, VerifyingKey},
    },
    entropy::{self, Entropy},
    id::{InviteId, MailboxId, NodeId},
    limits::SUITE_1,
};
use zeroize::Zeroizing;

use super::{
    code::{InviteCode, SECRET_BYTES, invite_id},
    words::SafetyWords,
};
use crate::{layout::Reader, link::tls::spki_hash_of, registry::succession::Succession};

const MAGIC: &[u8; 4] = b"SCQ1";
const MAGIC_REPLACES: &[u8; 4] = b"SCQ2";
/// Bytes of the plaintext.
pub const REQUEST_BYTES: usize = 4 + 2 + 2 + SECRET_BYTES + 6 + 32 + 16 + 32 + 32 + 32 + 16 + KEM_PUBLIC_BYTES + 64;
/// Bytes of a sealed request: the relay takes no other length.
pub const SEALED_REQUEST_BYTES: usize = ENC_BYTES + REQUEST_BYTES + TAG_BYTES;
/// What a request with a paper key has more.
const REPLACES_BYTES: usize = 32 + 64;
/// Bytes of a sealed request with a paper key.
pub const SEALED_REPLACEMENT_BYTES: usize = SEALED_REQUEST_BYTES + REPLACES_BYTES;

/// Why a request is not put before the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestRefused {
    /// Not sealed to this authority for this invitation, or changed.
    #[error("the request cannot be opened")]
    CannotOpen,
    /// Not the layout of a request of this version.
    #[error("the request is not of this version")]
    Malformed,
    /// Made without the invitation's code.
    #[error("the request was made by somebody who does not have the invitation code")]
    WrongSecret,
    /// A key in it is not sound, or one key is used for two purposes.
    #[error("the request names an unsound key")]
    BadKey,
    /// The node id is not made from the identity key.
    #[error("the request's node id does not belong to its key")]
    NodeId,
    /// Not signed by the identity key in it.
    #[error("the request is not signed by its own key")]
    Signature,
    /// It would take the place of a node for which this invitation is not, or without that node's succession key.
    #[error("the request would take another node's place")]
    Replaces,
}

impl RequestRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::CannotOpen | Self::WrongSecret => {
                "somebody else answered this invitation: phone the agency, and invite it again with a new code"
            }
            Self::Malformed => "ask the agency to update its program, and invite it again",
            Self::BadKey | Self::NodeId | Self::Signature | Self::Replaces => {
                "phone the agency, and invite it again with a new code"
            }
        }
    }
}

/// What a node asks for: the public halves of its keys, its mailbox, and where the answer is to be sealed to.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `H("node-id", IK || random)`.
    pub node: NodeId,
    /// Identity key.
    pub ik: VerifyingKey,
    /// Succession key.
    pub succession: VerifyingKey,
    /// SPKI hash of its TLS key.
    pub tls_spki: [u8; 32],
    /// Chosen at random by the node.
    pub mailbox: MailboxId,
    /// The answer is sealed to it.
    pub answer_key: KemPublic,
    /// Whose place it takes, with that node's yes.
    pub replaces: Option<Replaces>,
}

/// An existing node's place, with the signature of its [`Succession`] statement by its succession key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Replaces {
    /// The existing node.
    pub node: NodeId,
    /// Of the statement about the new keys.
    pub statement: Signature,
}

/// The parts of a request that are the node's own.
pub struct NewNode<'k> {
    /// Identity key; it signs the request.
    pub ik: &'k SigningKey,
    /// Succession key.
    pub succession: VerifyingKey,
    /// SPKI hash of its TLS key.
    pub tls_spki: [u8; 32],
    /// Chosen at random.
    pub mailbox: MailboxId,
    /// The answer is sealed to it.
    pub answer_key: KemPublic,
    /// 16 random bytes that went into the node id: see [`node_id`].
    pub node_random: [u8; 16],
    /// Whose place it takes.
    pub replaces: Option<Replaces>,
}

/// A node's id, constant over key changes: `H("node-id", first IK || 16 random)`.
#[must_use]
pub fn node_id(ik: &VerifyingKey, random: &[u8; 16]) -> NodeId {
    NodeId::from_bytes(hash(HashLabel::NodeId, &[ik.as_bytes(), random]))
}

/// Sixteen random bytes for a node id.
///
/// # Errors
/// [`NoEntropy`](entropy::NoEntropy).
pub fn node_random(entropy: &mut dyn Entropy) -> Result<[u8; 16], entropy::NoEntropy> {
    entropy::random(entropy)
}

impl NewNode<'_> {
    /// Makes and seals the request. Store the result: the relay takes the same bytes again, but no others for the
    /// same invitation.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(
        &self,
        code: &InviteCode,
        authority: &KemPublic,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let ik = self.ik.verifying_key();
        let mut plain = Zeroizing::new(Vec::with_capacity(REQUEST_BYTES + REPLACES_BYTES));
        plain.extend_from_slice(if self.replaces.is_some() { MAGIC_REPLACES } else { MAGIC });
        plain.extend_from_slice(&SUITE_1.to_be_bytes());
        plain.extend_from_slice(&[0; 2]);
        plain.extend_from_slice(code.secret().reveal());
        plain.extend_from_slice(&[0; 6]);
        plain.extend_from_slice(node_id(&ik, &self.node_random).as_bytes());
        plain.extend_from_slice(&self.node_random);
        plain.extend_from_slice(ik.as_bytes());
        plain.extend_from_slice(self.succession.as_bytes());
        plain.extend_from_slice(&self.tls_spki);
        plain.extend_from_slice(self.mailbox.as_bytes());
        plain.extend_from_slice(self.answer_key.as_bytes());
        if let Some(Replaces { node, statement }) = &self.replaces {
            plain.extend_from_slice(node.as_bytes());
            plain.extend_from_slice(statement.as_bytes());
        }
        let signature = self.ik.sign(Label::EnrolRequest, &plain);
        plain.extend_from_slice(signature.as_bytes());
        seal_once(authority, &info(&code.invite()), &[], &plain, entropy)
    }
}

impl Request {
    /// Opens and verifies a request: sealed for this invitation, by somebody who has its code, who has the identity
    /// key.
    ///
    /// # Errors
    /// [`RequestRefused`].
    pub fn open(sealed: &[u8], invite: &InviteId, key: &KemSecret) -> Result<Self, RequestRefused> {
        if sealed.len() != SEALED_REQUEST_BYTES && sealed.len() != SEALED_REPLACEMENT_BYTES {
            return Err(RequestRefused::Malformed);
        }
        let plain = open_once(key, &info(invite), &[], sealed).ok().ok_or(RequestRefused::CannotOpen)?;
        let raw = Raw::read(&plain).ok_or(RequestRefused::Malformed)?;
        if invite_id(&raw.secret) != *invite {
            return Err(RequestRefused::WrongSecret);
        }
        raw.judge(&plain)
    }

    /// What the existing node must have said yes to, where it takes one's place.
    #[must_use]
    pub fn statement_for(&self, existing: NodeId) -> Succession {
        Succession { node: existing, ik: *self.ik.as_bytes(), succession: *self.succession.as_bytes() }
    }

    /// What the node's operator reads to the administrator.
    #[must_use]
    pub fn safety_words(&self) -> SafetyWords {
        SafetyWords::of(&self.ik)
    }
}

struct Raw<'a> {
    secret: Zeroizing<[u8; SECRET_BYTES]>,
    node: [u8; 32],
    random: [u8; 16],
    ik: [u8; 32],
    succession: [u8; 32],
    tls_spki: [u8; 32],
    mailbox: [u8; 16],
    answer_key: &'a [u8],
    replaces: Option<([u8; 32], [u8; 64])>,
    signature: [u8; 64],
}

impl<'a> Raw<'a> {
    fn read(plain: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(plain);
        let replaces = match &reader.array::<4>()? {
            MAGIC => false,
            MAGIC_REPLACES => true,
            _ => return None,
        };
        if reader.u16()? != SUITE_1 {
            return None;
        }
        reader.zero(2)?;
        let secret = Zeroizing::new(reader.array()?);
        reader.zero(6)?;
        let raw = Self {
            secret,
            node: reader.array()?,
            random: reader.array()?,
            ik: reader.array()?,
            succession: reader.array()?,
            tls_spki: reader.array()?,
            mailbox: reader.array()?,
            answer_key: reader.slice(KEM_PUBLIC_BYTES)?,
            replaces: if replaces { Some((reader.array()?, reader.array()?)) } else { None },
            signature: reader.array()?,
        };
        reader.end()?;
        Some(raw)
    }

    fn judge(&self, plain: &[u8]) -> Result<Request, RequestRefused> {
        const BAD: RequestRefused = RequestRefused::BadKey;
        let ik = VerifyingKey::try_from(self.ik).ok().ok_or(BAD)?;
        let succession = VerifyingKey::try_from(self.succession).ok().ok_or(BAD)?;
        let answer_key = KemPublic::try_from(self.answer_key).ok().ok_or(BAD)?;
        let tls_is_identity =
            self.tls_spki == spki_hash_of(&self.ik) || self.tls_spki == spki_hash_of(&self.succession);
        if tls_is_identity || self.ik == self.succession || self.mailbox == [0; 16] {
            return Err(BAD);
        }
        let node = NodeId::from_bytes(self.node);
        if node_id(&ik, &self.random) != node {
            return Err(RequestRefused::NodeId);
        }
        let signed = plain.get(..plain.len().saturating_sub(64)).ok_or(RequestRefused::Malformed)?;
        let signature = Signature::from_bytes(self.signature);
        ik.verify(Label::EnrolRequest, signed, &signature).ok().ok_or(RequestRefused::Signature)?;
        let mailbox = MailboxId::from_bytes(self.mailbox);
        let replaces = self.replaces.map(|(node, statement)| Replaces {
            node: NodeId::from_bytes(node),
            statement: Signature::from_bytes(statement),
        });
        Ok(Request { node, ik, succession, tls_spki: self.tls_spki, mailbox, answer_key, replaces })
    }
}

fn info(invite: &InviteId) -> Vec<u8> {
    [b"safeconduct/v1 enrol".as_slice(), &[0], invite.as_bytes()].concat()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::testing::{Actor, Keys, Seeded};

    pub(crate) fn new_node<'k>(actor: &'k Actor, answer: &KemSecret) -> NewNode<'k> {
        NewNode {
            ik: &actor.ik,
            succession: actor.succession.verifying_key(),
            tls_spki: actor.tls.spki_hash(),
            mailbox: MailboxId::from_bytes([9; 16]),
            answer_key: answer.public(),
            node_random: [3; 16],
            replaces: None,
        }
    }

    #[test]
    fn a_request_opens_for_its_authority_and_invitation_only() {
        let (keys, actor) = (Keys::new(1), Actor::new(2));
        let entropy = &mut Seeded::new(5);
        let code = InviteCode::generate(keys.root().fingerprint(), entropy).unwrap();
        let answer = KemSecret::generate(entropy).unwrap();
        let sealed = new_node(&actor, &answer).seal(&code, &keys.enrol.public(), entropy).unwrap();
        assert_eq!(sealed.len(), SEALED_REQUEST_BYTES);

        let request = Request::open(&sealed, &code.invite(), &keys.enrol).unwrap();
        assert_eq!(request.ik, actor.ik.verifying_key());
        assert_eq!(request.safety_words(), SafetyWords::of(&actor.ik.verifying_key()));
        let refused = |sealed: &[u8], invite: &InviteId, key: &KemSecret| Request::open(sealed, invite, key).err();
        let other = InviteCode::generate(keys.root().fingerprint(), entropy).unwrap();
        assert_eq!(refused(&sealed, &other.invite(), &keys.enrol), Some(RequestRefused::CannotOpen));
        assert_eq!(refused(&sealed, &code.invite(), &Keys::new(2).enrol), Some(RequestRefused::CannotOpen));
        assert_eq!(refused(&sealed[1..], &code.invite(), &keys.enrol), Some(RequestRefused::Malformed));
        for place in (0..sealed.len()).step_by(37) {
            let mut bent = sealed.clone();
            bent[place] ^= 1;
            assert_eq!(refused(&bent, &code.invite(), &keys.enrol), Some(RequestRefused::CannotOpen), "byte {place}");
        }
    }

    #[test]
    fn a_request_that_is_sealed_well_and_made_wrong_is_named() {
        let (keys, actor) = (Keys::new(1), Actor::new(2));
        let entropy = &mut Seeded::new(5);
        let code = InviteCode::generate(keys.root().fingerprint(), entropy).unwrap();
        let other = InviteCode::generate(keys.root().fingerprint(), entropy).unwrap();
        let answer = KemSecret::generate(entropy).unwrap();
        let good = new_node(&actor, &answer).seal(&code, &keys.enrol.public(), entropy).unwrap();
        let plain = open_once(&keys.enrol, &info(&code.invite()), &[], &good).unwrap();
        let mut verdict = |plain: &[u8], invite: &InviteId| {
            let sealed = seal_once(&keys.enrol.public(), &info(invite), &[], plain, entropy).unwrap();
            Request::open(&sealed, invite, &keys.enrol).err()
        };
        // The relay knows the invitation's name and the authority's key, and not the code.
        assert_eq!(verdict(&plain, &other.invite()), Some(RequestRefused::WrongSecret));
        for (place, reason) in [
            (0, RequestRefused::Malformed),
            (5, RequestRefused::Malformed),
            (7, RequestRefused::Malformed),
            (8, RequestRefused::WrongSecret),
            (20, RequestRefused::Malformed),
            (24, RequestRefused::NodeId),
            (60, RequestRefused::NodeId),
            (136, RequestRefused::Signature),
            (180, RequestRefused::Signature),
            (1463, RequestRefused::Signature),
        ] {
            let mut bent = plain.to_vec();
            bent[place] ^= 1;
            assert_eq!(verdict(&bent, &code.invite()), Some(reason), "byte {place}");
        }
    }
}
