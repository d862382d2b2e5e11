//! Identifiers: one type each, so that two byte strings never swap silently (`docs/PROTOCOL.md` §2).

use core::fmt;

use serde::{Deserialize, Serialize};

/// Writes the first four bytes as hex: enough to follow one thing through a log, too little to be it.
fn short(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in bytes.iter().take(4) {
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

/// The first 8 hex digits of an identifier, for logs and tables.
#[derive(Clone, Copy)]
pub struct Short<'a>(&'a [u8]);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        short(self.0, f)
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// Wraps bytes that are this kind of identifier. Every value is well formed; what it names is
            /// checked where it is looked up.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes, as they travel.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The first 8 hex digits, for logs.
            #[must_use]
            pub fn short(&self) -> Short<'_> {
                Short(&self.0)
            }

            /// All hex digits, lower case.
            #[must_use]
            pub fn to_hex(&self) -> String {
                hex::encode(self.0)
            }

            /// Reads exactly the hex digits that [`Self::to_hex`] writes; either case is taken.
            #[must_use]
            pub fn from_hex(text: &str) -> Option<Self> {
                let mut bytes = [0_u8; $len];
                hex::decode_to_slice(text, &mut bytes).ok()?;
                Some(Self(bytes))
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = core::array::TryFromSliceError;
            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                Ok(Self(bytes.try_into()?))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                short(&self.0, f)?;
                f.write_str(")")
            }
        }
    };
}

id! {
    /// A registered node, constant over key changes: `H("safeconduct/v1 node-id", first IK || 16 random)`.
    NodeId, 32
}
id! {
    /// One key: `H("safeconduct/v1 key-id", algorithm u8 || public key)`.
    KeyId, 32
}
id! {
    /// A prekey or reply key, named in the outer envelope.
    PrekeyId, 16
}
id! {
    /// Where a node's envelopes wait at its relay.
    MailboxId, 16
}
id! {
    /// A capability for one message: writing needs the id, reading needs the [`SlotSecret`](crate::slot::SlotSecret).
    SlotId, 16
}
id! {
    /// One addressed message; the same on a re-seal.
    MessageId, 16
}
id! {
    /// `H("safeconduct/v1 envelope", all bytes of a sealed envelope)`.
    EnvelopeDigest, 32
}
id! {
    /// One invitation to enrol: `H("safeconduct/v1 invite-id", invitation secret)[..16]`.
    InviteId, 16
}
id! {
    /// Names one request so that a retry is the same request.
    RequestId, 16
}
id! {
    /// One sealed document at a relay: `H("safeconduct/v1 blob", secret)[..16]`.
    BlobId, 16
}
id! {
    /// RFC 6962 hash of one registry leaf.
    LeafHash, 32
}

/// A relay's number in its authority's registry (1 for the first relay registered).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct RelayId(pub u32);

/// An agency's stable name, as a referral's header carries it: two letters, a dot, a lower-case name with hyphens
/// (`xa.harbour-house`). Never reused.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyId(String);

/// The text is not an agency id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an agency id: two lower-case letters, a dot, then 2 to 39 of a-z, 0-9 and hyphen are needed")]
pub struct NotAnAgencyId;

impl AgencyId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AgencyId {
    type Error = NotAnAgencyId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (country, name) = text.split_once('.').ok_or(NotAnAgencyId)?;
        let country_fits = country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase());
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let name_fits = (2..=39).contains(&name.len())
            && name.bytes().next().is_some_and(plain)
            && name.bytes().all(|b| plain(b) || b == b'-');
        if country_fits && name_fits { Ok(Self(text)) } else { Err(NotAnAgencyId) }
    }
}

impl core::str::FromStr for AgencyId {
    type Err = NotAnAgencyId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl From<AgencyId> for String {
    fn from(id: AgencyId) -> Self {
        id.0
    }
}

impl fmt::Display for AgencyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_round_trips_and_refuses_other_lengths() {
        let id = PrekeyId::from_bytes([0xab; 16]);
        assert_eq!(PrekeyId::from_hex(&id.to_hex()), Some(id));
        assert_eq!(PrekeyId::from_hex("abab"), None);
        assert_eq!(PrekeyId::from_hex(&"AB".repeat(16)), Some(id));
        for digits in ["zz", "+f", "-0", "0g", "é"] {
            assert_eq!(PrekeyId::from_hex(&digits.repeat(16)), None, "{digits}");
        }
        assert_eq!(PrekeyId::from_hex(&"ab".repeat(17)), None);
        assert_eq!(id.short().to_string(), "abababab");
    }

    #[test]
    fn a_log_shows_eight_digits_of_an_id_and_no_more() {
        let id = NodeId::from_bytes(core::array::from_fn(|at| u8::try_from(at + 0xa0).unwrap()));
        assert_eq!(format!("{id:?}"), "NodeId(a0a1a2a3)");
        assert_eq!(id.short().to_string(), "a0a1a2a3");
    }

    #[test]
    fn an_id_is_read_from_its_own_number_of_bytes() {
        assert!(RequestId::try_from(&[7; 16][..]).is_ok_and(|id| id == RequestId::from_bytes([7; 16])));
        assert!(RequestId::try_from(&[7; 17][..]).is_err() && RequestId::try_from(&[7; 15][..]).is_err());
    }

    #[test]
    fn agency_ids_are_two_letters_a_dot_and_a_name() {
        let longest = format!("xa.{}", "a".repeat(39));
        for good in ["xa.harbour-house", "xc.a1", longest.as_str()] {
            let id: AgencyId = good.parse().unwrap();
            assert_eq!((id.as_str(), id.to_string().as_str(), String::from(id.clone()).as_str()), (good, good, good));
        }
        let long = format!("xa.{}", "a".repeat(40));
        for bad in ["XA.Harbour_House", "xa.", "xa.a", "xa.-ab", "x.ab", "xaab", long.as_str(), "xa.añb"] {
            assert!(bad.parse::<AgencyId>().is_err(), "{bad}");
        }
    }
}
