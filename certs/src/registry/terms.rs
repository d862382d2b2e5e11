//! Who may send what to whom: the terms of an agreement between roles, and of the recognition of another country's
//! authority (`docs/PROTOCOL.md` §9). They stand in the log in plain, so that anybody can audit them.
//!
//! ```text
//! number u32 · roles that send u32 · roles that receive u32 · country that sends 2 · country that receives 2 · what u32
//! · until u64 · record commitment 32
//! ```

use core::fmt;

use safeconduct_protocol::time::Timestamp;

use super::Registry;
use crate::{
    layout::{Reader, is_zero},
    node::Roles,
    utc,
};

/// Bytes of terms, after the fields that every entry has.
pub const TERMS_BYTES: usize = 60;
/// Agreements that one registry may hold, ended ones included.
pub const AGREEMENTS_MAX: usize = 1_024;
/// Authorities that one registry may recognise, ended ones included.
pub const RECOGNITIONS_MAX: usize = 64;
/// Every role of an agency.
pub const ROLES_ALL: u32 = (1 << 24) - 1;

/// What may be sent, as the bits of the field. Pings, receipts and what the programs tell each other need no agreement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum What {
    /// An enquiry without names.
    Enquiry = 1,
    /// A referral, a transfer, or a notification that the law demands: with whatever the person agreed to.
    Referral = 2,
}

impl What {
    /// Every bit that has a meaning.
    pub const ALL: u32 = Self::Enquiry as u32 | Self::Referral as u32;

    /// The name, as commands and messages write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enquiry => "enquiry",
            Self::Referral => "referral",
        }
    }

    /// One of it, as a sentence names it.
    const fn one(self) -> &'static str {
        match self {
            Self::Enquiry => "an enquiry",
            Self::Referral => "a referral",
        }
    }
}

/// A country, or any: two capital letters, or two zero bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Border(pub [u8; 2]);

impl Border {
    /// Any country.
    pub const ANY: Self = Self([0; 2]);

    /// Reads two capital letters.
    #[must_use]
    pub fn of(country: &str) -> Option<Self> {
        match country.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Self([*a, *b])),
            _ => None,
        }
    }

    fn is_sound(self) -> bool {
        self == Self::ANY || self.0.iter().all(u8::is_ascii_uppercase)
    }

    fn takes(self, country: Self) -> bool {
        self == Self::ANY || self == country
    }
}

impl fmt::Display for Border {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ANY {
            return f.write_str("any");
        }
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

/// The terms of an entry `agree` or `recognise`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Number of an agreement, not 0; the same number again replaces it. 0 for a recognition.
    pub number: u32,
    /// Bits of the roles that may send; of a recognition: the other country's.
    pub from_roles: u32,
    /// Bits of the roles that may receive; of a recognition: the other country's.
    pub to_roles: u32,
    /// Country that sends; of a recognition: the recognised one.
    pub from_country: Border,
    /// Country that receives; [`Border::ANY`] of a recognition.
    pub to_country: Border,
    /// Bits of [`What`].
    pub what: u32,
    /// The terms hold before this time, and not from it on.
    pub until: Timestamp,
    /// Of a recognition: commitment to the sealed introduction beside the entry. Zero of an agreement.
    pub record: [u8; 32],
}

impl Terms {
    pub(super) fn put(&self, body: &mut Vec<u8>) {
        body.extend_from_slice(&self.number.to_be_bytes());
        body.extend_from_slice(&self.from_roles.to_be_bytes());
        body.extend_from_slice(&self.to_roles.to_be_bytes());
        body.extend_from_slice(&self.from_country.0);
        body.extend_from_slice(&self.to_country.0);
        body.extend_from_slice(&self.what.to_be_bytes());
        body.extend_from_slice(&self.until.0.to_be_bytes());
        body.extend_from_slice(&self.record);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            number: reader.u32()?,
            from_roles: reader.u32()?,
            to_roles: reader.u32()?,
            from_country: Border(reader.array()?),
            to_country: Border(reader.array()?),
            what: reader.u32()?,
            until: Timestamp(reader.u64()?),
            record: reader.array()?,
        })
    }

    /// Whether every field means something, by itself.
    fn is_sound(&self) -> bool {
        let roles = |bits: u32| bits != 0 && bits & !ROLES_ALL == 0;
        roles(self.from_roles)
            && roles(self.to_roles)
            && self.from_country.is_sound()
            && self.to_country.is_sound()
            && self.what != 0
            && self.what & !What::ALL == 0
    }

    /// Whether these can be the terms of an agreement.
    pub(super) fn is_agreement(&self) -> bool {
        self.is_sound() && self.number != 0 && is_zero(&self.record)
    }

    /// Whether these can be the terms of a recognition.
    pub(super) fn is_recognition(&self) -> bool {
        self.is_sound()
            && self.number == 0
            && self.from_country != Border::ANY
            && self.to_country == Border::ANY
            && !is_zero(&self.record)
    }

    /// Whether the terms hold at this time.
    #[must_use]
    pub fn hold_at(&self, now: Timestamp) -> bool {
        now < self.until
    }

    fn cover(&self, sender: &End, recipient: &End, what: What) -> bool {
        self.from_roles & sender.roles.bits() != 0
            && self.to_roles & recipient.roles.bits() != 0
            && self.from_country.takes(sender.country)
            && self.to_country.takes(recipient.country)
            && self.what & what as u32 != 0
    }
}

/// Another authority that this one recognises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recognition {
    /// `H("root", …)` of its root file: what it is known by.
    pub authority: [u8; 32],
    /// SPKI hash of the key with which it connects to relays.
    pub tls_spki: [u8; 32],
    /// Scope and end.
    pub terms: Terms,
    /// Index of the newest entry about it: the sealed introduction lies beside it.
    pub index: u64,
}

/// One end of a message, as far as agreements look at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    /// As its entry has them.
    pub roles: Roles,
    /// As its directory record has it.
    pub country: Border,
    /// Which recognised authority has registered it; none when it is our own.
    pub authority: Option<[u8; 32]>,
}

/// Why something may not be sent, as a caseworker reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAgreed {
    /// Our authority does not recognise theirs.
    #[error("your authority does not recognise the authority of {country}")]
    NotRecognised {
        /// Of the other end.
        country: Border,
    },
    /// The recognition has ended.
    #[error("the agreement with {country} ended on {}", utc::day(on.before(1).day()))]
    RecognitionEnded {
        /// Of the other end.
        country: Border,
        /// Its end.
        on: Timestamp,
    },
    /// The recognition does not cover the roles of these agencies, or what is sent.
    #[error("the agreement with {country} does not cover {} between these two kinds of agency", what.one())]
    OutOfScope {
        /// Of the other end.
        country: Border,
        /// What was to be sent.
        what: What,
    },
    /// The agreement that covered it has ended.
    #[error("agreement {number} between these two kinds of agency ended on {}", utc::day(on.before(1).day()))]
    Ended {
        /// Its number.
        number: u32,
        /// Its end.
        on: Timestamp,
    },
    /// No agreement covers it.
    #[error("no agreement lets this kind of agency send {} to that kind", what.one())]
    None {
        /// What was to be sent.
        what: What,
    },
}

impl NotAgreed {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NotRecognised { .. } | Self::OutOfScope { .. } | Self::None { .. } => {
                "ask an agency that may (see `safeconduct directory`), or phone your authority"
            }
            Self::RecognitionEnded { .. } | Self::Ended { .. } => "phone your authority: it can renew the agreement",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotRecognised { .. } => "authority-not-recognised",
            Self::RecognitionEnded { .. } => "recognition-ended",
            Self::OutOfScope { .. } => "recognition-out-of-scope",
            Self::Ended { .. } => "agreement-ended",
            Self::None { .. } => "no-agreement",
        }
    }
}

impl Registry {
    /// The agreements of this registry, ended ones included, by number.
    pub fn agreements(&self) -> impl Iterator<Item = &Terms> {
        self.agreements.values()
    }

    /// The agreement of this number.
    #[must_use]
    pub fn agreement(&self, number: u32) -> Option<&Terms> {
        self.agreements.get(&number)
    }

    /// Authorities that this one recognises or did, by the hash of their root file.
    pub fn recognitions(&self) -> impl Iterator<Item = &Recognition> {
        self.recognitions.values()
    }

    /// The recognition of one authority, ended or not.
    #[must_use]
    pub fn recognition(&self, authority: &[u8; 32]) -> Option<&Recognition> {
        self.recognitions.get(authority)
    }

    /// Whether `sender` may send this to `recipient`, as this authority sees it. Both ends ask their own.
    ///
    /// Across a border the recognition must hold and cover it. While this authority has made no agreement at all, its
    /// agencies may send whatever the rules of casework let them; from the first one on, one that holds must cover it.
    ///
    /// # Errors
    /// [`NotAgreed`].
    pub fn agreed(&self, sender: &End, recipient: &End, what: What, now: Timestamp) -> Result<(), NotAgreed> {
        for (end, sends) in [(sender, true), (recipient, false)] {
            let Some(authority) = end.authority else { continue };
            let country = end.country;
            let recognition = self.recognition(&authority).ok_or(NotAgreed::NotRecognised { country })?;
            let terms = &recognition.terms;
            if !terms.hold_at(now) {
                return Err(NotAgreed::RecognitionEnded { country, on: terms.until });
            }
            let roles = if sends { terms.from_roles } else { terms.to_roles };
            if roles & end.roles.bits() == 0 || terms.what & what as u32 == 0 || terms.from_country != country {
                return Err(NotAgreed::OutOfScope { country, what });
            }
        }
        if self.agreements.is_empty() {
            return Ok(());
        }
        let mut ended: Option<&Terms> = None;
        for terms in self.agreements.values().filter(|terms| terms.cover(sender, recipient, what)) {
            if terms.hold_at(now) {
                return Ok(());
            }
            ended = ended.filter(|other| other.until >= terms.until).or(Some(terms));
        }
        Err(ended.map_or(NotAgreed::None { what }, |terms| NotAgreed::Ended { number: terms.number, on: terms.until }))
    }
}
