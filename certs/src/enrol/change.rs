//! A registered node's request for a change of its own registration, sealed to the authority's enrolment key. The relay that
//! carries it sees whose it is, and bytes.
//!
//! ```text
//! "SCH1" · suite 2 · statement u8 (1 when there is one) · zero 1 · node id 32 · leaf hash that it follows 32 · IK 32
//! · succession key 32 · TLS SPKI hash 32 · home relay u32 · mailbox 16 · zero 4
//! · signature of the succession statement 64 (key-succession; zero without) · possession 64 by the IK in it (change-request)
//! · signature 64 by the node's IK until now (change-request)
//! ```
//!
//! It names the entry that it follows, so that nobody can bring an old one again.

use safeconduct_protocol::{
    crypto::{
        kem::{ENC_BYTES, KemPublic, KemSecret, SealError, TAG_BYTES, open_once, seal_once},
        sign::{Label, SIGNATURE_BYTES, Signature, SigningKey, VerifyingKey},
    },
    entropy::Entropy,
    id::{LeafHash, MailboxId, NodeId, RelayId},
    limits::SUITE_1,
};

use super::words::SafetyWords;
use crate::{
    layout::{Reader, is_zero},
    link::tls::spki_hash_of,
    node::{NodeState, NodeStatus},
    registry::{leaf::LeafFields, succession::Succession},
};

const MAGIC: &[u8; 4] = b"SCH1";
/// Bytes of the plaintext.
pub const CHANGE_BYTES: usize = 4 + 2 + 1 + 1 + 5 * 32 + 4 + 16 + 4 + 3 * SIGNATURE_BYTES;
/// Bytes of a sealed request.
pub const SEALED_CHANGE_BYTES: usize = ENC_BYTES + CHANGE_BYTES + TAG_BYTES;

/// Why a request for a change is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeRefused {
    /// Not sealed to this authority for this node, or changed.
    #[error("the request for a change cannot be opened")]
    CannotOpen,
    /// Not the layout of a request of this version.
    #[error("the request for a change is not of this version")]
    Malformed,
    /// A key in it is not sound, or one key is used for two purposes.
    #[error("the request for a change names an unsound key")]
    BadKey,
    /// Not signed by the identity key that it names.
    #[error("the request for a change was made without the key that it names")]
    Possession,
    /// Not signed by the identity key that the node has now.
    #[error("the request for a change is not signed by the node's present key")]
    Signature,
    /// A key changes, and neither the present identity key nor the succession key says yes; or none changes, and one does.
    #[error("the request for a change has no valid statement of succession")]
    Statement,
    /// The registration has changed since.
    #[error("the registration has changed since the request was made")]
    Stale,
    /// It asks for what is so already.
    #[error("the request for a change asks for nothing new")]
    Nothing,
    /// The node is suspended, or was revoked.
    #[error("the node's registration is not active")]
    NotActive,
}

impl ChangeRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Stale | Self::Nothing => "nothing: the agency's node makes it anew by itself",
            Self::Malformed => "ask the agency to update its program, and to ask again",
            Self::NotActive => "resume the registration first, if that is right",
            Self::CannotOpen | Self::BadKey | Self::Possession | Self::Signature | Self::Statement => {
                "phone the agency: somebody else may have asked in its name"
            }
        }
    }
}

/// The parts of a request.
pub struct NewChange<'k> {
    /// Who asks.
    pub node: NodeId,
    /// Hash of its newest entry.
    pub follows: LeafHash,
    /// Its identity key until now; signs the whole.
    pub current: &'k SigningKey,
    /// Its identity key from then on, new or as it is.
    pub ik: &'k SigningKey,
    /// Its succession key from then on.
    pub succession: VerifyingKey,
    /// SPKI hash of its TLS key from then on.
    pub tls_spki: [u8; 32],
    /// Where it wants its mailbox.
    pub home_relay: RelayId,
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// The signature of its [`Succession`] statement where a key changes.
    pub statement: Option<Signature>,
}

impl NewChange<'_> {
    /// Makes and seals the request. Keep the result: the same bytes again are the same request.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(&self, authority: &KemPublic, entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
        let mut plain = Vec::with_capacity(CHANGE_BYTES);
        plain.extend_from_slice(MAGIC);
        plain.extend_from_slice(&SUITE_1.to_be_bytes());
        plain.extend_from_slice(&[u8::from(self.statement.is_some()), 0]);
        plain.extend_from_slice(self.node.as_bytes());
        plain.extend_from_slice(self.follows.as_bytes());
        plain.extend_from_slice(self.ik.verifying_key().as_bytes());
        plain.extend_from_slice(self.succession.as_bytes());
        plain.extend_from_slice(&self.tls_spki);
        plain.extend_from_slice(&self.home_relay.0.to_be_bytes());
        plain.extend_from_slice(self.mailbox.as_bytes());
        plain.extend_from_slice(&[0; 4]);
        plain.extend_from_slice(self.statement.as_ref().map_or(&[0; SIGNATURE_BYTES], |yes| yes.as_bytes()));
        for key in [self.ik, self.current] {
            let signature = key.sign(Label::ChangeRequest, &plain);
            plain.extend_from_slice(signature.as_bytes());
        }
        seal_once(authority, &info(&self.node), &[], &plain, entropy)
    }
}

/// A request that opened; whether it is the node's, [`ChangeRequest::judge`] says.
#[derive(Clone, PartialEq, Eq)]
pub struct ChangeRequest {
    /// Who asks.
    pub node: NodeId,
    /// Hash of the entry that it follows.
    pub follows: LeafHash,
    /// Identity key from then on.
    pub ik: VerifyingKey,
    /// Succession key from then on.
    pub succession: VerifyingKey,
    /// SPKI hash of the TLS key from then on.
    pub tls_spki: [u8; 32],
    /// Where its mailbox is to be.
    pub home_relay: RelayId,
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// The signature of its statement, where there is one.
    pub statement: Option<Signature>,
    signed: Vec<u8>,
    signature: Signature,
}

/// What a request changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The identity key.
    pub identity: bool,
    /// The succession key.
    pub succession: bool,
    /// The TLS key.
    pub tls: bool,
    /// Home relay or mailbox.
    pub place: bool,
}

impl Asked {
    /// Nothing changes.
    pub const NOTHING: Self = Self { identity: false, succession: false, tls: false, place: false };

    /// Whether nothing but the TLS key changes: nobody can read or sign anything with that, and its owner has signed that it
    /// is so.
    #[must_use]
    pub const fn is_tls_alone(self) -> bool {
        self.tls && !self.identity && !self.succession && !self.place
    }

    /// In words, for the administrator.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        let all = [
            (self.identity, "identity key"),
            (self.succession, "succession key"),
            (self.tls, "TLS key"),
            (self.place, "home relay"),
        ];
        all.into_iter().filter_map(|(asked, words)| asked.then_some(words)).collect()
    }
}

impl ChangeRequest {
    /// Opens a request that a relay handed over as this node's: sealed by somebody who has the identity key that it names.
    ///
    /// # Errors
    /// [`ChangeRefused`].
    pub fn open(sealed: &[u8], node: &NodeId, key: &KemSecret) -> Result<Self, ChangeRefused> {
        if sealed.len() != SEALED_CHANGE_BYTES {
            return Err(ChangeRefused::Malformed);
        }
        let plain = open_once(key, &info(node), &[], sealed).ok().ok_or(ChangeRefused::CannotOpen)?;
        let request = Raw::read(&plain).ok_or(ChangeRefused::Malformed)?.judge(&plain)?;
        if request.node == *node { Ok(request) } else { Err(ChangeRefused::CannotOpen) }
    }

    /// What it changes of this registration, if it is its node's own and asks for something.
    ///
    /// # Errors
    /// [`ChangeRefused`].
    pub fn judge(&self, state: &NodeState) -> Result<Asked, ChangeRefused> {
        let asked = Asked {
            identity: self.ik != state.ik,
            succession: Some(self.succession) != state.succession,
            tls: self.tls_spki != state.tls_spki,
            place: self.home_relay != state.home_relay || self.mailbox != state.mailbox,
        };
        if asked == Asked::NOTHING {
            return Err(ChangeRefused::Nothing);
        }
        if self.follows != state.last_leaf {
            return Err(ChangeRefused::Stale);
        }
        state.ik.verify(Label::ChangeRequest, &self.signed, &self.signature).ok().ok_or(ChangeRefused::Signature)?;
        if state.status != NodeStatus::Active {
            return Err(ChangeRefused::NotActive);
        }
        let by = [Some(&state.ik), state.succession.as_ref()];
        let says_yes = |signature: &Signature| {
            by.into_iter().flatten().any(|key| self.statement_of().is_signed_by(key, signature))
        };
        let statement_holds = self.statement.as_ref().map(says_yes);
        match (asked.identity || asked.succession, statement_holds) {
            (true, Some(true)) => Ok(asked),
            (false, None) => Ok(asked),
            _ => Err(ChangeRefused::Statement),
        }
    }

    /// What the statement is about.
    #[must_use]
    pub fn statement_of(&self) -> Succession {
        Succession { node: self.node, ik: *self.ik.as_bytes(), succession: *self.succession.as_bytes() }
    }

    /// What the node's operator reads to the administrator: the words of the identity key from then on.
    #[must_use]
    pub fn safety_words(&self) -> SafetyWords {
        SafetyWords::of(&self.ik)
    }

    /// Writes what is asked for into an entry.
    #[must_use]
    pub fn applied_to(&self, fields: LeafFields) -> LeafFields {
        LeafFields {
            ik: *self.ik.as_bytes(),
            succession: *self.succession.as_bytes(),
            tls_spki: self.tls_spki,
            home_relay: self.home_relay,
            mailbox: self.mailbox,
            ..fields
        }
    }
}

struct Raw {
    has_statement: bool,
    node: [u8; 32],
    follows: [u8; 32],
    ik: [u8; 32],
    succession: [u8; 32],
    tls_spki: [u8; 32],
    home_relay: u32,
    mailbox: [u8; 16],
    statement: [u8; SIGNATURE_BYTES],
    possession: [u8; SIGNATURE_BYTES],
    signature: [u8; SIGNATURE_BYTES],
}

impl Raw {
    fn read(plain: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(plain);
        reader.exactly(MAGIC)?;
        if reader.u16()? != SUITE_1 {
            return None;
        }
        let has_statement = match reader.u8()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        reader.zero(1)?;
        let (node, follows, ik) = (reader.array()?, reader.array()?, reader.array()?);
        let (succession, tls_spki, home_relay, mailbox) =
            (reader.array()?, reader.array()?, reader.u32()?, reader.array()?);
        reader.zero(4)?;
        let raw = Self {
            has_statement,
            node,
            follows,
            ik,
            succession,
            tls_spki,
            home_relay,
            mailbox,
            statement: reader.array()?,
            possession: reader.array()?,
            signature: reader.array()?,
        };
        reader.end()?;
        // Nothing may hide where no statement is.
        (has_statement || is_zero(&raw.statement)).then_some(raw)
    }

    fn judge(&self, plain: &[u8]) -> Result<ChangeRequest, ChangeRefused> {
        const BAD: ChangeRefused = ChangeRefused::BadKey;
        let ik = VerifyingKey::try_from(self.ik).ok().ok_or(BAD)?;
        let succession = VerifyingKey::try_from(self.succession).ok().ok_or(BAD)?;
        let tls_is_identity =
            self.tls_spki == spki_hash_of(&self.ik) || self.tls_spki == spki_hash_of(&self.succession);
        if tls_is_identity || self.ik == self.succession || is_zero(&self.mailbox) || is_zero(&self.tls_spki) {
            return Err(BAD);
        }
        let before = |signatures: usize| {
            let end = plain.len().checked_sub(signatures.checked_mul(SIGNATURE_BYTES)?)?;
            plain.get(..end)
        };
        let (held, signed) = before(2).zip(before(1)).ok_or(ChangeRefused::Malformed)?;
        let possession = Signature::from_bytes(self.possession);
        ik.verify(Label::ChangeRequest, held, &possession).ok().ok_or(ChangeRefused::Possession)?;
        Ok(ChangeRequest {
            node: NodeId::from_bytes(self.node),
            follows: LeafHash::from_bytes(self.follows),
            ik,
            succession,
            tls_spki: self.tls_spki,
            home_relay: RelayId(self.home_relay),
            mailbox: MailboxId::from_bytes(self.mailbox),
            statement: self.has_statement.then(|| Signature::from_bytes(self.statement)),
            signed: signed.to_vec(),
            signature: Signature::from_bytes(self.signature),
        })
    }
}

fn info(node: &NodeId) -> Vec<u8> {
    [b"safeconduct/v1 change".as_slice(), &[0], node.as_bytes()].concat()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        registry::Registry,
        testing::{Actor, Keys, Seeded},
    };

    /// A registry with a relay and the agency of `Actor::new(2)`.
    fn registry(keys: &Keys) -> Registry {
        let mut registry = Registry::new(keys.root());
        for fields in [Actor::new(1).add_relay(0), Actor::new(2).add(1)] {
            registry.extend(&[fields.sign(&keys.registrar, None)]).unwrap();
        }
        registry
    }

    fn node() -> NodeId {
        NodeId::from_bytes([2; 32])
    }

    struct Case {
        keys: Keys,
        state: NodeState,
    }

    impl Case {
        fn new() -> Self {
            let keys = Keys::new(1);
            let state = registry(&keys).node(&node()).unwrap().clone();
            Self { keys, state }
        }

        /// A request by this key for these keys, with a statement by `yes`.
        fn request(&self, current: &SigningKey, next: &Actor, yes: Option<&SigningKey>) -> Vec<u8> {
            let succession = next.succession.verifying_key();
            let statement = Succession {
                node: node(),
                ik: *next.ik.verifying_key().as_bytes(),
                succession: *succession.as_bytes(),
            };
            let new = NewChange {
                node: node(),
                follows: self.state.last_leaf,
                current,
                ik: &next.ik,
                succession,
                tls_spki: next.tls.spki_hash(),
                home_relay: self.state.home_relay,
                mailbox: self.state.mailbox,
                statement: yes.map(|key| statement.sign(key)),
            };
            new.seal(&self.keys.enrol.public(), &mut Seeded::new(4)).unwrap()
        }

        fn judge(&self, sealed: &[u8]) -> Result<Asked, ChangeRefused> {
            ChangeRequest::open(sealed, &node(), &self.keys.enrol)?.judge(&self.state)
        }
    }

    #[test]
    fn a_request_says_what_it_changes_and_only_its_node_can_make_it() {
        let case = Case::new();
        let (old, new, thief) = (Actor::new(2), Actor::new(3), Actor::new(4));

        let asked = case.judge(&case.request(&old.ik, &new, Some(&old.ik))).unwrap();
        assert_eq!(asked, Asked { identity: true, succession: true, tls: true, place: false });
        assert!(case.judge(&case.request(&old.ik, &new, Some(&old.succession))).is_ok());
        let mut same_keys = Actor::new(2);
        same_keys.tls = Actor::new(3).tls;
        let asked = case.judge(&case.request(&old.ik, &same_keys, None)).unwrap();
        assert!(asked.is_tls_alone() && asked.words() == ["TLS key"]);

        let refused = [
            (case.request(&thief.ik, &new, Some(&old.ik)), ChangeRefused::Signature),
            (case.request(&old.ik, &new, None), ChangeRefused::Statement),
            (case.request(&old.ik, &new, Some(&thief.ik)), ChangeRefused::Statement),
            (case.request(&old.ik, &same_keys, Some(&old.ik)), ChangeRefused::Statement),
            (case.request(&old.ik, &Actor::new(2), None), ChangeRefused::Nothing),
        ];
        for (sealed, reason) in refused {
            assert_eq!(case.judge(&sealed), Err(reason));
        }
    }

    #[test]
    fn an_old_request_and_one_of_another_node_change_nothing() {
        let mut case = Case::new();
        let (old, new) = (Actor::new(2), Actor::new(3));
        let sealed = case.request(&old.ik, &new, Some(&old.ik));
        let other = NodeId::from_bytes([9; 32]);
        assert_eq!(ChangeRequest::open(&sealed, &other, &case.keys.enrol).err(), Some(ChangeRefused::CannotOpen));
        assert_eq!(ChangeRequest::open(&sealed[1..], &node(), &case.keys.enrol).err(), Some(ChangeRefused::Malformed));

        case.state.status = NodeStatus::Suspended;
        assert_eq!(case.judge(&sealed), Err(ChangeRefused::NotActive));
        case.state.status = NodeStatus::Active;
        case.state.last_leaf = LeafHash::from_bytes([9; 32]);
        assert_eq!(case.judge(&sealed), Err(ChangeRefused::Stale));
    }

    #[test]
    fn any_changed_byte_inside_is_refused() {
        let case = Case::new();
        let (old, new) = (Actor::new(2), Actor::new(3));
        let good = case.request(&old.ik, &new, Some(&old.ik));
        let plain = open_once(&case.keys.enrol, &info(&node()), &[], &good).unwrap();
        assert_eq!(plain.len(), CHANGE_BYTES);
        for place in 0..plain.len() {
            let mut bent = plain.to_vec();
            bent[place] ^= 1;
            let sealed = seal_once(&case.keys.enrol.public(), &info(&node()), &[], &bent, &mut Seeded::new(6)).unwrap();
            assert!(case.judge(&sealed).is_err(), "byte {place}");
        }
    }
}
