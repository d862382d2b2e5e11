//! The statement with which a node says yes to its own next keys. It stands beside the registrar's signature on a `change`
//! entry, and says nothing of the entry itself: a node cannot know the number and the time of an entry that the authority has
//! still to write. A key that stood in the log never comes back, so that a statement serves once.
//!
//! ```text
//! "SCK1" · node id 32 · new IK 32 · new succession public key 32 = 100 bytes
//! ```

use safeconduct_protocol::{
    crypto::sign::{Label, Signature, SigningKey, VerifyingKey},
    id::NodeId,
};

const MAGIC: &[u8; 4] = b"SCK1";

/// Bytes of a statement.
pub const STATEMENT_BYTES: usize = 4 + 32 + 32 + 32;

/// The keys that a node is to have from now on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Succession {
    /// Whose.
    pub node: NodeId,
    /// The identity key, new or as it was.
    pub ik: [u8; 32],
    /// The succession key, new or as it was; zero for a relay.
    pub succession: [u8; 32],
}

impl Succession {
    /// The bytes that are signed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [MAGIC.as_slice(), self.node.as_bytes(), &self.ik, &self.succession].concat()
    }

    /// Signs it, by the identity key or the succession key that the node has until now.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Signature {
        key.sign(Label::KeySuccession, &self.to_bytes())
    }

    /// Whether the signature is by this key.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifyingKey, signature: &Signature) -> bool {
        key.verify(Label::KeySuccession, &self.to_bytes(), signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Actor;

    #[test]
    fn a_statement_is_of_one_node_and_its_two_keys() {
        let (old, new) = (Actor::new(2), Actor::new(3));
        let statement = Succession {
            node: NodeId::from_bytes([7; 32]),
            ik: *new.ik.verifying_key().as_bytes(),
            succession: *new.succession.verifying_key().as_bytes(),
        };
        let signature = statement.sign(&old.ik);

        assert_eq!(statement.to_bytes().len(), STATEMENT_BYTES);
        assert!(statement.is_signed_by(&old.ik.verifying_key(), &signature));
        assert!(!statement.is_signed_by(&old.succession.verifying_key(), &signature));
        for other in [
            Succession { node: NodeId::from_bytes([8; 32]), ..statement },
            Succession { ik: [1; 32], ..statement },
            Succession { succession: [1; 32], ..statement },
        ] {
            assert!(!other.is_signed_by(&old.ik.verifying_key(), &signature));
        }
    }
}
