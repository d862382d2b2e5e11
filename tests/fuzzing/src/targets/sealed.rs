//! Sealed envelopes. The plaintext is changed, committed to, signed and sealed anew, each part unless the fuzzer leaves it out, so that it
//! gets behind sealing, binding, signature and commitments one by one.

pub(super) mod envelopes {
    use std::sync::OnceLock;

    use arbitrary::Unstructured;
    use chacha20::ChaCha20Rng;
    use rand_core::SeedableRng as _;
    use safeconduct_protocol::{
        crypto::{
            kem::{ENC_BYTES, setup_sender},
            sign::{Label, Signature},
        },
        envelope::{
            desk::{Arrival, Desk, LivePrekey, PrekeyState, ReplyKey, SenderState},
            header::{HEADER_BYTES, Header, SignedHeader, content_commitment, rest_commitment},
            open::open,
            sealed::{OUTER_BYTES, Sealed},
            verdict::Verdict,
        },
        id::{NodeId, SlotId},
        limits::CONTENT_BYTES_MAX,
        personal::Reveal,
        prekey::record::PrekeyKind,
        receipt::node::SentMessage,
    };

    use crate::{
        bound::Bound,
        golden::{golden_text, one},
        input::{self, assert_is_line, sample},
        keys::{NOW, kem, signing},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// Envelope, plaintext and content each once or twice; a class is 64 KiB at most.
    const BOUND: Bound = Bound::new(32 * 1024, 6);
    const SALT_AT: usize = HEADER_BYTES + 64;
    const CONTENT_AT: usize = SALT_AT + 32 + 4;
    /// What the fuzzer leaves out of an honest message.
    const NO_BINDING: u8 = 1;
    const NO_COMMITMENT: u8 = 2;
    const NO_SIGNATURE: u8 = 4;
    const ENVELOPE_CHANGED: u8 = 8;
    const RIGHT_LENGTH: u8 = 16;

    /// An honest message, in its parts.
    struct Message {
        /// Header, signature, salt, content, reply block and note, without the zeros at the end.
        plaintext: Vec<u8>,
        /// Bytes of the plaintext with them.
        room: usize,
        outer: Vec<u8>,
        info: Vec<u8>,
        /// The X-Wing seed that opens it, and the seed of who signs it.
        opens: u8,
        signs: u8,
        arrival: Arrival,
    }

    fn message(text: &str, opens: u8, signs: u8, is_reply: bool) -> Message {
        let envelope = one(text, "envelope");
        let mut plaintext = one(text, "inner plaintext");
        let room = plaintext.len();
        let used = plaintext.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        plaintext.truncate(used);
        let sealed = Sealed::try_from(envelope.clone()).unwrap();
        let arrival = if is_reply { Arrival::Slot(sealed.slot()) } else { Arrival::Mailbox };
        Message {
            plaintext,
            room,
            outer: envelope[..OUTER_BYTES].to_vec(),
            info: one(text, "info"),
            opens,
            signs,
            arrival,
        }
    }

    /// The same message with content of another type.
    fn with_content(code: u8, content: &[u8]) -> Message {
        let mut message = message(golden_text!("message.txt"), 5, 0x11, false);
        let old = length_of(&message.plaintext);
        message.plaintext.splice(CONTENT_AT..CONTENT_AT + old, content.iter().copied()).for_each(drop);
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        message.plaintext.splice(CONTENT_AT - 4..CONTENT_AT, length).for_each(drop);
        message.plaintext[2] = code;
        message
    }

    fn length_of(plaintext: &[u8]) -> usize {
        let length = plaintext.get(CONTENT_AT - 4..CONTENT_AT).and_then(|bytes| bytes.try_into().ok());
        length.map_or(0, |bytes| u32::from_be_bytes(bytes) as usize)
    }

    fn messages() -> &'static [Message] {
        static MESSAGES: OnceLock<Vec<Message>> = OnceLock::new();
        MESSAGES.get_or_init(|| {
            vec![
                message(golden_text!("message.txt"), 5, 0x11, false),
                message(golden_text!("receipt-message.txt"), 0x13, 1, true),
                with_content(3, &one(golden_text!("case-content.txt"), "log request")),
                with_content(5, &one(golden_text!("case-content.txt"), "event")),
                with_content(5, &one(golden_text!("case-content.txt"), "log request")),
                with_content(6, &one(golden_text!("report-content.txt"), "report")),
            ]
        })
    }

    /// Writes commitments to content, reply block and note into the header, as far as there are such.
    fn commit(plaintext: &mut [u8]) {
        let Some((front, rest)) = plaintext.split_at_mut_checked(CONTENT_AT) else { return };
        let length = length_of(front).min(rest.len());
        let (content, rest) = rest.split_at(length);
        let reply = if front[3] & 1 == 1 { 1_252 } else { 0 };
        let (reply, note) = rest.split_at(reply.min(rest.len()));
        let noted = note.first_chunk::<2>().map_or(0, |bytes| usize::from(u16::from_be_bytes(*bytes)));
        let note = note.get(2..).unwrap_or_default();
        let salt: [u8; 32] = front[SALT_AT..SALT_AT + 32].try_into().unwrap();
        front[220..252].copy_from_slice(&content_commitment(&salt, content));
        front[252..284].copy_from_slice(&rest_commitment(reply, &note[..noted.min(note.len())]));
    }

    /// The envelope that the fuzzer makes of an honest message.
    fn seal(message: &Message, left: &mut Unstructured<'_>) -> (Vec<u8>, Vec<u8>) {
        let flags = left.arbitrary::<u8>().unwrap_or(0);
        let mut plaintext = if flags & ENVELOPE_CHANGED == 0 {
            input::changed(left, &message.plaintext)
        } else {
            message.plaintext.clone()
        };
        plaintext.resize(plaintext.len().max(CONTENT_AT), 0);
        if flags & RIGHT_LENGTH != 0 {
            let rest = plaintext.len().saturating_sub(CONTENT_AT);
            let length = u32::try_from(length_of(&plaintext).min(rest)).unwrap().to_be_bytes();
            plaintext[CONTENT_AT - 4..CONTENT_AT].copy_from_slice(&length);
        }
        if flags & NO_COMMITMENT == 0 {
            commit(&mut plaintext);
        }
        plaintext.resize(message.room, 0);
        let public = kem(message.opens).public();
        let (enc, context) = setup_sender(&public, &message.info, &mut ChaCha20Rng::from_seed([7; 32])).unwrap();
        if flags & NO_BINDING == 0 {
            plaintext[284..316].copy_from_slice(&context.binding().unwrap());
        }
        if flags & NO_SIGNATURE == 0 {
            let signature = signing(message.signs).sign(Label::Message, &plaintext[..HEADER_BYTES]);
            plaintext[HEADER_BYTES..SALT_AT].copy_from_slice(signature.as_bytes());
        }
        let ciphertext = context.seal(&message.outer, &plaintext).unwrap();
        assert_eq!(enc.len(), ENC_BYTES);
        let mut envelope = [message.outer.as_slice(), enc.as_slice(), &ciphertext].concat();
        if flags & ENVELOPE_CHANGED != 0 {
            let honest = envelope.clone();
            envelope = input::changed(left, &honest);
            if envelope != honest {
                plaintext.clear();
            }
        }
        (envelope, plaintext)
    }

    fn judged<T>(arrival: Arrival, bytes: &[u8], look: impl FnOnce(Verdict) -> T) -> T {
        static HONEST: OnceLock<(Sealed, Header, SentMessage)> = OnceLock::new();
        let (sealed, header, sent) = HONEST.get_or_init(|| {
            let text = golden_text!("message.txt");
            let sealed = Sealed::try_from(one(text, "envelope")).unwrap();
            let header = Header::parse(one(text, "signed header")[..].first_chunk().unwrap()).unwrap();
            let signed = SignedHeader::parse(&header.to_bytes(), Signature::from_bytes([0; 64])).unwrap();
            let sent = SentMessage::of(&signed, sealed.digest());
            (sealed, header, sent)
        });
        let own = signing(1).verifying_key().key_id();
        let recipient = header.recipient;
        let asked = signing(0x11).verifying_key().key_id();
        let is_reply = matches!(arrival, Arrival::Slot(_));
        let desk = Desk {
            node: if is_reply { header.sender } else { recipient },
            mailbox: sealed.mailbox(),
            suite_min: 1,
            now: NOW.after(60),
            held_since: None,
            settled: &|_| None,
            prekey: &|id| {
                if *id != sealed.prekey() {
                    return PrekeyState::Unknown;
                }
                PrekeyState::Live(LivePrekey { secret: kem(5), kind: PrekeyKind::OneTime, identity: own })
            },
            reply_key: &|_: &SlotId, _| Some(ReplyKey { secret: kem(0x13), identity: asked, sent: *sent }),
            sender: &|node: &NodeId, _| {
                let key = if *node == header.sender { 0x11 } else { 1 };
                let known = *node == header.sender || *node == recipient;
                if known { SenderState::Active(signing(key).verifying_key()) } else { SenderState::Unknown }
            },
            seen: &|_, _| None,
            recipients: &|_, _| None,
            policy: &|_: &Header, _| Ok(()),
        };
        look(BOUND.hold(bytes.len(), || open(arrival, bytes, &desk)))
    }

    pub(crate) fn run(data: &[u8]) {
        let (arrival, envelope, plaintext) = match sample(data, messages()) {
            Some((message, mut left)) => {
                let (envelope, plaintext) = seal(message, &mut left);
                (message.arrival, envelope, plaintext)
            }
            None => (Arrival::Mailbox, data.get(1..).unwrap_or_default().to_vec(), Vec::new()),
        };
        let honest = input::is_honest(data, 2, &[0]);
        let said = judged(arrival, &envelope, |verdict| match verdict {
            Verdict::Opened(opened) | Verdict::Duplicate(opened) => {
                let content = opened.content().reveal(Reveal::ToShow);
                assert!(content.len() <= CONTENT_BYTES_MAX);
                assert_eq!(plaintext.get(..HEADER_BYTES), Some(opened.header().to_bytes().as_slice()), "it was signed");
                assert_eq!(
                    plaintext.get(CONTENT_AT..CONTENT_AT + content.len()),
                    Some(content.as_slice()),
                    "it was sealed"
                );
                opened.header().to_bytes().to_vec()
            }
            _ if honest => unreachable!("an honest message does not open"),
            Verdict::Malformed(cause) => cause.to_string().into_bytes(),
            Verdict::Quarantine(quarantined) => quarantined.fault.to_string().into_bytes(),
            Verdict::AlreadySettled(_) => unreachable!("nothing was settled"),
            Verdict::Nack(reason) => format!("{reason:?}").into_bytes(),
            Verdict::CannotOpen | Verdict::Hold | _ => Vec::new(),
        });
        if let Ok(words) = String::from_utf8(said)
            && !words.is_empty()
        {
            assert_is_line(&words);
        }
        if let Ok(sealed) = BOUND.hold(envelope.len(), || Sealed::try_from(envelope.clone())) {
            assert_eq!(sealed.as_bytes(), envelope);
            assert_eq!(sealed.outer().to_bytes(), envelope[..OUTER_BYTES]);
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(messages().len(), &[0]);
        for flag in [NO_BINDING, NO_COMMITMENT, NO_SIGNATURE, ENVELOPE_CHANGED, RIGHT_LENGTH] {
            seeds.push((format!("without-{flag}"), vec![0, flag, 0, 0, 1, 0, 9]));
        }
        seeds.push(as_it_is("short", b"SCE1"));
        seeds
    }
}
