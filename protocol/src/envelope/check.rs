//! The checks of opening, one function each, in the order of `docs/PROTOCOL.md` §7. The driver is
//! [`open`](super::open::open). An `Err` is the verdict with which the list ends.

use zeroize::Zeroizing;

use super::{
    case::CaseContent,
    content::decode_receipts,
    desk::{Arrival, Desk, PrekeyState, ReplyKey, SenderState},
    header::{ContentType, Header, KeyFlag, content_commitment, recipients_commitment, rest_commitment},
    inner::Inner,
    opened::Answer,
    sealed::{EnvelopeMalformed, Sealed},
    target::info,
    verdict::{Fault, Verdict},
};
use crate::{
    crypto::{
        kem::{self, KemSecret},
        sign::{Label, VerifyingKey},
    },
    id::KeyId,
    limits::{HOLD_S, MESSAGE_LIFE_S, SUITE_1},
    personal::Reveal,
    prekey::record::PrekeyKind,
    receipt::{
        case::{CaseAct, CaseEvent},
        node::{Delivered, SentMessage},
        settle::NackReason,
    },
};

/// The key that an envelope names, with what is known of it.
pub(super) struct NamedKey {
    pub(super) secret: KemSecret,
    pub(super) identity: KeyId,
    pub(super) role: KeyRole,
}

/// What a key is for.
pub(super) enum KeyRole {
    Prekey(PrekeyKind),
    Reply(SentMessage),
}

/// Plaintext and binding of a context.
pub(super) struct Plaintext {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) binding: [u8; 32],
}

/// Whether a message was there before.
#[derive(PartialEq, Eq)]
pub(super) enum Seen {
    New,
    Before,
}

/// (1) Class, magic, suite, zero bytes, address, low order.
pub(super) fn outer(bytes: &[u8], arrival: Arrival, desk: &Desk<'_>) -> Result<Sealed, Verdict> {
    let sealed = Sealed::try_from(bytes.to_vec()).map_err(Verdict::Malformed)?;
    if SUITE_1 < desk.suite_min {
        return Err(Verdict::Malformed(EnvelopeMalformed::SuiteTooOld));
    }
    let mine = match arrival {
        Arrival::Mailbox => sealed.mailbox() == desk.mailbox,
        Arrival::Slot(slot) => sealed.slot() == slot,
    };
    if mine { Ok(sealed) } else { Err(Verdict::Malformed(EnvelopeMalformed::Elsewhere)) }
}

/// (2) The same bytes were settled before.
pub(super) fn settled(sealed: &Sealed, desk: &Desk<'_>) -> Result<(), Verdict> {
    (desk.settled)(&sealed.digest()).map_or(Ok(()), |before| Err(Verdict::AlreadySettled(Box::new(before))))
}

/// (3) The prekey is there. Exact lookup, no trial decryption.
pub(super) fn key(sealed: &Sealed, arrival: Arrival, desk: &Desk<'_>) -> Result<NamedKey, Verdict> {
    match arrival {
        Arrival::Mailbox => match (desk.prekey)(&sealed.prekey()) {
            PrekeyState::Live(live) => {
                Ok(NamedKey { secret: live.secret, identity: live.identity, role: KeyRole::Prekey(live.kind) })
            }
            PrekeyState::Consumed => Err(Verdict::Nack(NackReason::Consumed)),
            PrekeyState::Expired => Err(Verdict::Nack(NackReason::Expired)),
            PrekeyState::Unknown => Err(Verdict::Nack(NackReason::Unknown)),
        },
        Arrival::Slot(slot) => {
            let ReplyKey { secret, identity, sent } =
                (desk.reply_key)(&slot, &sealed.prekey()).ok_or_else(|| Verdict::quarantine(Fault::ReplyKey))?;
            Ok(NamedKey { secret, identity, role: KeyRole::Reply(sent) })
        }
    }
}

/// (4) Decapsulate and open. One event for every cause; the key is kept.
pub(super) fn decrypt(sealed: &Sealed, key: &NamedKey, desk: &Desk<'_>) -> Result<Plaintext, Verdict> {
    let (aad, enc, ciphertext) = sealed.parts().ok_or(Verdict::CannotOpen)?;
    let info = info(&desk.node, &key.identity, &sealed.prekey());
    let open = || {
        let context = kem::setup_receiver(&key.secret, enc, &info)?;
        let binding = context.binding()?;
        Ok::<_, kem::CannotOpen>(Plaintext { bytes: context.open(aad, ciphertext)?, binding })
    };
    open().ok().ok_or(Verdict::CannotOpen)
}

/// (5) Strict layout.
pub(super) fn layout(plaintext: &Plaintext) -> Result<Inner, Verdict> {
    Inner::parse(&plaintext.bytes).ok_or_else(|| Verdict::quarantine(Fault::Layout))
}

/// (6) The header against the context that opened it.
pub(super) fn context(
    header: &Header,
    sealed: &Sealed,
    key: &NamedKey,
    binding: &[u8; 32],
    desk: &Desk<'_>,
) -> Result<(), Verdict> {
    #[cfg(feature = "planted")]
    if crate::planted::is(crate::planted::Bug::RecipientUnchecked) {
        return Ok(());
    }
    let expected_flag = match key.role {
        KeyRole::Prekey(PrekeyKind::Signed) => KeyFlag::LastResort,
        KeyRole::Prekey(PrekeyKind::OneTime) | KeyRole::Reply(_) => KeyFlag::Once,
    };
    let holds = header.suite == SUITE_1
        && header.recipient == desk.node
        && header.prekey == sealed.prekey()
        && header.binding == *binding
        && header.key == expected_flag;
    if holds { Ok(()) } else { Err(Verdict::quarantine(Fault::Context)) }
}

/// (7) The sender's key in one's registry copy.
pub(super) fn sender(header: &Header, desk: &Desk<'_>) -> Result<VerifyingKey, Verdict> {
    match (desk.sender)(&header.sender, &header.sender_key) {
        SenderState::Active(identity) if identity.key_id() == header.sender_key => Ok(identity),
        SenderState::Active(_) | SenderState::Unknown => {
            let over = desk.held_since.is_some_and(|since| desk.now.since(since) > HOLD_S);
            Err(if over { Verdict::quarantine(Fault::SenderUnknown) } else { Verdict::Hold })
        }
        SenderState::Suspended => {
            let over = desk.held_since.is_some_and(|since| desk.now.since(since) > MESSAGE_LIFE_S);
            Err(if over { Verdict::quarantine(Fault::SenderSuspended) } else { Verdict::Hold })
        }
        SenderState::Replaced => Err(Verdict::quarantine(Fault::SenderReplaced)),
        SenderState::Revoked => Err(Verdict::quarantine(Fault::SenderRevoked)),
    }
}

/// (8) The strict signature over the very bytes of the header.
pub(super) fn signature(inner: &Inner, identity: &VerifyingKey) -> Result<(), Verdict> {
    identity
        .verify(Label::Message, inner.signed.as_bytes(), inner.signed.signature())
        .ok()
        .ok_or_else(|| Verdict::quarantine(Fault::Signature))
}

/// (9) What was signed is what is here: content, rest, recipients.
pub(super) fn commitments(inner: &Inner, desk: &Desk<'_>) -> Result<(), Verdict> {
    let header = inner.signed.header();
    let content = inner.content.reveal(Reveal::ToCheck);
    let reply = inner.reply.as_ref().map_or(&[][..], |block| block.as_bytes().as_slice());
    let recipients = (desk.recipients)(header.content_type, &inner.content).unwrap_or_else(|| vec![desk.node]);
    let is_for_here = recipients.contains(&desk.node)
        && header.recipients_commitment == recipients_commitment(&inner.salt, &recipients);
    #[cfg(feature = "planted")]
    let is_for_here = is_for_here || crate::planted::is(crate::planted::Bug::RecipientUnchecked);
    let holds = header.content_commitment == content_commitment(&inner.salt, content)
        && header.rest_commitment == rest_commitment(reply, &inner.checkpoint)
        && is_for_here;
    if holds { Ok(()) } else { Err(Verdict::signed_fault(Fault::Commitment, &inner.signed)) }
}

/// (10) The same message before: the same content is a duplicate, other content an equivocation.
pub(super) fn seen(inner: &Inner, desk: &Desk<'_>) -> Result<Seen, Verdict> {
    let header = inner.signed.header();
    match (desk.seen)(&header.sender, &header.message) {
        None => Ok(Seen::New),
        Some(before) if before == header.content_commitment => Ok(Seen::Before),
        Some(_) => Err(Verdict::signed_fault(Fault::Equivocation, &inner.signed)),
    }
}

/// (11) What comes which way, receipts against the message of their reply key, and the recipient's own rules.
pub(super) fn policy(
    inner: &Inner,
    role: &KeyRole,
    identity: &VerifyingKey,
    desk: &Desk<'_>,
) -> Result<Vec<Answer>, Verdict> {
    let header = inner.signed.header();
    let refuse = |fault| Verdict::signed_fault(fault, &inner.signed);
    let receipts = match (header.content_type, role) {
        (ContentType::Receipt, KeyRole::Reply(sent)) => {
            if inner.reply.is_some() {
                return Err(refuse(Fault::Route));
            }
            receipts(inner, sent, identity, desk).ok_or_else(|| refuse(Fault::Receipt))?
        }
        (
            ContentType::Referral | ContentType::Control | ContentType::Cover | ContentType::Case | ContentType::Report,
            KeyRole::Prekey(_),
        ) => Vec::new(),
        (ContentType::Receipt, KeyRole::Prekey(_))
        | (
            ContentType::Referral | ContentType::Control | ContentType::Cover | ContentType::Case | ContentType::Report,
            KeyRole::Reply(_),
        ) => return Err(refuse(Fault::Route)),
    };
    if header.content_type == ContentType::Cover && !inner.content.reveal(Reveal::ToCheck).is_empty() {
        return Err(refuse(Fault::Layout));
    }
    (desk.policy)(header, &inner.content).map_err(|refusal| refuse(Fault::Policy(refusal)))?;
    Ok(receipts)
}

/// Every answer is by the message's recipient, who also sent this, and about this very sealing of the message.
fn receipts(inner: &Inner, sent: &SentMessage, identity: &VerifyingKey, desk: &Desk<'_>) -> Option<Vec<Answer>> {
    if inner.signed.header().sender != sent.recipient {
        return None;
    }
    let receipts = decode_receipts(inner.content.reveal(Reveal::ToCheck)).ok()?;
    receipts
        .into_iter()
        .map(|bytes| match CaseContent::decode(bytes) {
            Ok(CaseContent::Event(event, details)) => {
                let says_no = is_refusal(&event, sent);
                event.verify(&signer(&event.key(), sent, identity, desk)?).ok()?;
                says_no.then_some(Answer::Refused(event, details))
            }
            Ok(_) => None,
            Err(_no_event) => {
                let receipt = Delivered::parse(bytes).ok()?;
                receipt.matches(sent).ok()?;
                receipt.verify(&signer(&receipt.recipient_key(), sent, identity, desk)?).ok()?;
                Some(Answer::Delivered(Box::new(receipt)))
            }
        })
        .collect()
}

/// Whether an event is the node's own word that its rules refuse this very message; under whichever of its envelopes: the word is given
/// once, and repeated.
fn is_refusal(event: &CaseEvent, sent: &SentMessage) -> bool {
    let says = event.says();
    says.act == CaseAct::Declined
        && says.by_node
        && says.signer == sent.recipient
        && says.other == sent.sender
        && says.about.message == sent.message
        && says.about.content_commitment == sent.content_commitment
}

/// The key that an answer is to be by: that of the message it came in, or the one that its node had when it signed it, while that
/// one still counts.
fn signer(key: &KeyId, sent: &SentMessage, identity: &VerifyingKey, desk: &Desk<'_>) -> Option<VerifyingKey> {
    if *key == identity.key_id() {
        return Some(*identity);
    }
    let SenderState::Active(former) = (desk.sender)(&sent.recipient, key) else { return None };
    (former.key_id() == *key).then_some(former)
}
