//! Content of type 5: what two agencies tell each other about a referral after it has arrived (`docs/PROTOCOL.md` §7).
//!
//! `SCW1 || u8 kind || body`:
//!
//! | Kind | Body |
//! |---|---|
//! | 1 event | case event 480 \|\| salt 32 \|\| u32 length \|\| details; without details salt and length are zero |
//! | 2 post | canonical JSON, which the client reads |
//! | 3 log request | referral id 16 \|\| u8 count \|\| count × (u8 whose, u64 epoch, u32 number) |
//! | 4 log | u16 count \|\| count × case event, without details |
//! | 5 held | referral id 16 \|\| document id 16 \|\| u8 state |

use zeroize::Zeroizing;

use super::content::ContentMalformed;
use crate::{
    layout::{Reader, is_zero},
    limits::{CASE_DETAILS_BYTES_MAX, LOG_EVENTS_MAX, LOG_PLACES_MAX, POST_BYTES_MAX},
    receipt::case::{CASE_EVENT_BYTES, CaseEvent, details_commitment},
};

const MAGIC: [u8; 4] = *b"SCW1";

/// The details of an act, in words and dates, with the salt of their commitment. Personal data: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Details {
    /// The salt.
    pub salt: [u8; 32],
    /// Canonical JSON.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Whose events a request for a log is about, seen from who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Whose {
    /// Those of who asks: they were lost.
    Own = 1,
    /// Those of who is asked.
    Theirs = 2,
}

/// From which place on events are missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LogPlace {
    /// Whose.
    pub whose: Whose,
    /// The signer's epoch.
    pub epoch: u64,
    /// The first number that is missing.
    pub number: u32,
}

/// How a document stands at who fetched it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum DocumentStand {
    /// It is there, whole and verified.
    Held = 1,
    /// What the relay gave is not what was promised.
    Broken = 2,
    /// The relay has it no more.
    Gone = 3,
}

/// What is told about a referral.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaseContent {
    /// 1: an act. The details fit the event's commitment.
    Event(Box<CaseEvent>, Option<Details>),
    /// 2: a post of the conversation. Personal data.
    Post(Zeroizing<Vec<u8>>),
    /// 3: events of a referral are missing.
    LogRequest([u8; 16], Vec<LogPlace>),
    /// 4: events of a referral, as signed.
    Log(Vec<CaseEvent>),
    /// 5: a document was fetched.
    Document {
        /// The referral.
        referral: [u8; 16],
        /// The document.
        document: [u8; 16],
        /// How it stands.
        stand: DocumentStand,
    },
}

impl CaseContent {
    /// The content.
    ///
    /// # Errors
    /// [`ContentMalformed`] for what [`Self::decode`] would refuse.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, ContentMalformed> {
        // Room for all at once: a vector that grows leaves copies behind.
        let mut content = Zeroizing::new(Vec::with_capacity(POST_BYTES_MAX + 1024));
        content.extend_from_slice(&MAGIC);
        match self {
            Self::Event(event, details) => {
                content.push(1);
                content.extend_from_slice(event.as_bytes());
                let (salt, bytes) =
                    details.as_ref().map_or(([0; 32], &[][..]), |details| (details.salt, &details.bytes));
                content.extend_from_slice(&salt);
                content.extend_from_slice(&u32::try_from(bytes.len()).map_err(|_long| ContentMalformed)?.to_be_bytes());
                content.extend_from_slice(bytes);
            }
            Self::Post(post) => {
                content.push(2);
                content.extend_from_slice(post);
            }
            Self::LogRequest(referral, places) => {
                content.push(3);
                content.extend_from_slice(referral);
                content.push(u8::try_from(places.len()).map_err(|_many| ContentMalformed)?);
                for place in places {
                    content.push(place.whose as u8);
                    content.extend_from_slice(&place.epoch.to_be_bytes());
                    content.extend_from_slice(&place.number.to_be_bytes());
                }
            }
            Self::Log(events) => {
                content.push(4);
                content
                    .extend_from_slice(&u16::try_from(events.len()).map_err(|_many| ContentMalformed)?.to_be_bytes());
                events.iter().for_each(|event| content.extend_from_slice(event.as_bytes()));
            }
            Self::Document { referral, document, stand } => {
                content.push(5);
                content.extend_from_slice(referral);
                content.extend_from_slice(document);
                content.push(*stand as u8);
            }
        }
        Self::decode(&content).map(|_sound| content)
    }

    /// Reads content of type 5.
    ///
    /// # Errors
    /// [`ContentMalformed`], also for a kind that this version does not know, for details that do not fit the event's commitment, for a
    /// count or a length that lies, and for bytes that follow.
    pub fn decode(content: &[u8]) -> Result<Self, ContentMalformed> {
        read(content).ok_or(ContentMalformed)
    }
}

fn read(content: &[u8]) -> Option<CaseContent> {
    let mut reader = Reader::new(content);
    reader.exactly(&MAGIC)?;
    let content = match reader.u8()? {
        1 => {
            let event = CaseEvent::parse(reader.slice(CASE_EVENT_BYTES)?).ok()?;
            let salt = reader.array()?;
            let length = usize::try_from(reader.u32()?).ok().filter(|length| *length <= CASE_DETAILS_BYTES_MAX)?;
            let bytes = reader.slice(length)?;
            let details = match event.says().details {
                None => (is_zero(&salt) && bytes.is_empty()).then_some(None)?,
                Some(commitment) => {
                    let fits = details_commitment(&salt, bytes).is_ok_and(|found| found == commitment);
                    fits.then(|| Some(Details { salt, bytes: Zeroizing::new(bytes.to_vec()) }))?
                }
            };
            CaseContent::Event(Box::new(event), details)
        }
        2 => {
            // The rest is the post.
            let post = reader.rest();
            let fits = !post.is_empty() && post.len() <= POST_BYTES_MAX;
            return fits.then(|| CaseContent::Post(Zeroizing::new(post.to_vec())));
        }
        3 => {
            let referral = reader.array()?;
            let count = usize::from(reader.u8()?);
            if count == 0 || count > LOG_PLACES_MAX {
                return None;
            }
            let places = (0..count).map(|_| place(&mut reader)).collect::<Option<Vec<_>>>()?;
            CaseContent::LogRequest(referral, places)
        }
        4 => {
            let count = usize::from(reader.u16()?);
            if count == 0 || count > LOG_EVENTS_MAX {
                return None;
            }
            let event = |_| CaseEvent::parse(reader.slice(CASE_EVENT_BYTES)?).ok();
            CaseContent::Log((0..count).map(event).collect::<Option<Vec<_>>>()?)
        }
        5 => {
            let (referral, document) = (reader.array()?, reader.array()?);
            let stand = match reader.u8()? {
                1 => DocumentStand::Held,
                2 => DocumentStand::Broken,
                3 => DocumentStand::Gone,
                _ => return None,
            };
            CaseContent::Document { referral, document, stand }
        }
        _ => return None,
    };
    reader.end()?;
    Some(content)
}

fn place(reader: &mut Reader<'_>) -> Option<LogPlace> {
    let whose = match reader.u8()? {
        1 => Whose::Own,
        2 => Whose::Theirs,
        _ => return None,
    };
    Some(LogPlace { whose, epoch: reader.u64()?, number: reader.u32()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        crypto::sign::SigningKey,
        envelope::header::RegistryPoint,
        id::{MessageId, NodeId},
        receipt::case::{CaseAct, CaseFields, Revision},
        secret::Secret,
        time::Timestamp,
    };

    fn event(details: Option<[u8; 32]>) -> CaseEvent {
        let key = SigningKey::from_seed(Secret::new([9; 32]));
        let says = CaseFields {
            act: CaseAct::Accepted,
            code: 0,
            level: None,
            by_node: false,
            confirmed: false,
            referral: [1; 16],
            epoch: 1,
            number: 0,
            previous: [0; 32],
            seen: None,
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
            details,
            registry: RegistryPoint { size: 11, root: [12; 32] },
        };
        CaseEvent::sign(&key, &says).unwrap()
    }

    fn all() -> Vec<CaseContent> {
        let details = Details { salt: [3; 32], bytes: Zeroizing::new(br#"{"text":"come at six"}"#.to_vec()) };
        let commitment = details_commitment(&details.salt, &details.bytes).unwrap();
        let place = LogPlace { whose: Whose::Theirs, epoch: 2, number: 7 };
        vec![
            CaseContent::Event(Box::new(event(None)), None),
            CaseContent::Event(Box::new(event(Some(commitment))), Some(details)),
            CaseContent::Post(Zeroizing::new(b"{}".to_vec())),
            CaseContent::LogRequest([1; 16], vec![place, LogPlace { whose: Whose::Own, ..place }]),
            CaseContent::Log(vec![event(None), event(Some([2; 32]))]),
            CaseContent::Document { referral: [1; 16], document: [2; 16], stand: DocumentStand::Held },
            CaseContent::Document { referral: [1; 16], document: [2; 16], stand: DocumentStand::Broken },
            CaseContent::Document { referral: [1; 16], document: [2; 16], stand: DocumentStand::Gone },
        ]
    }

    #[test]
    fn each_kind_round_trips_and_is_refused_when_cut_or_lengthened() {
        for (place, content) in all().into_iter().enumerate() {
            assert!(content.encode().is_ok(), "content {place}");
            let bytes = content.encode().unwrap();
            assert!(CaseContent::decode(&bytes).is_ok_and(|read| read == content));
            for end in 0..bytes.len() {
                // A post has no length of its own: any text that is shorter is one, too.
                let is_post = matches!(content, CaseContent::Post(_)) && end > 5;
                assert_eq!(CaseContent::decode(&bytes[..end]).is_ok(), is_post, "{} of {}", end, bytes.len());
            }
            let longer = [&bytes[..], b"\0"].concat();
            assert_eq!(CaseContent::decode(&longer).is_ok(), matches!(content, CaseContent::Post(_)));
        }
        assert!(CaseContent::decode(b"SCW1\x06").is_err() && CaseContent::decode(b"SCC1\x02{}").is_err());
    }

    #[test]
    fn details_that_do_not_fit_their_event_are_refused() {
        let Some(CaseContent::Event(said, Some(details))) = all().into_iter().nth(1) else { panic!("an event") };
        let refused = |details: Option<Details>| CaseContent::Event(said.clone(), details).encode().is_err();
        assert!(refused(None));
        assert!(refused(Some(Details { salt: [4; 32], ..details.clone() })));
        assert!(refused(Some(Details { bytes: Zeroizing::new(b"{}".to_vec()), ..details.clone() })));
        let bare = Box::new(event(None));
        assert!(CaseContent::Event(bare.clone(), Some(details)).encode().is_err());

        // What an event without details may not bring, each by itself: a salt, and bytes.
        let honest = CaseContent::Event(bare, None).encode().unwrap();
        let salt_at = MAGIC.len() + 1 + CASE_EVENT_BYTES;
        let mut salted = honest.to_vec();
        salted[salt_at] = 1;
        assert!(CaseContent::decode(&honest).is_ok() && CaseContent::decode(&salted).is_err());
        let mut lengthened = honest.to_vec();
        lengthened[salt_at + 35] = 1;
        lengthened.push(b'x');
        assert!(CaseContent::decode(&lengthened).is_err());
    }

    #[test]
    fn counts_and_lengths_have_their_bounds() {
        let places = |count| vec![LogPlace { whose: Whose::Own, epoch: 0, number: 0 }; count];
        assert!(CaseContent::LogRequest([1; 16], places(LOG_PLACES_MAX)).encode().is_ok());
        assert!(CaseContent::LogRequest([1; 16], places(LOG_PLACES_MAX + 1)).encode().is_err());
        assert!(CaseContent::LogRequest([1; 16], Vec::new()).encode().is_err());
        assert!(CaseContent::Log(vec![event(None); LOG_EVENTS_MAX]).encode().is_ok());
        assert!(CaseContent::Log(vec![event(None); LOG_EVENTS_MAX + 1]).encode().is_err());
        assert!(CaseContent::Post(Zeroizing::new(vec![b'x'; POST_BYTES_MAX])).encode().is_ok());
        assert!(CaseContent::Post(Zeroizing::new(vec![b'x'; POST_BYTES_MAX + 1])).encode().is_err());
        assert!(CaseContent::Post(Zeroizing::new(Vec::new())).encode().is_err());
    }
}
