//! An evidence bundle: node A's message to node B in the golden log, with both receipts and the content.

use std::error::Error;

use safeconduct_certs::evidence::{Bundle, Known, Parts, verify};
use safeconduct_protocol::{
    crypto::sign::Label,
    envelope::header::{ContentType, Header, KeyFlag, RegistryPoint, ReplyFlag, SignedHeader, content_commitment},
    id::{EnvelopeDigest, MessageId, PrekeyId, RelayId},
    receipt::{
        chain::ChainHead,
        node::{Delivered, DeliveredAt, SentMessage},
        relay::RelayAccepted,
    },
    time::Day,
};

use crate::{
    keys::{NOW, node, signing},
    registry::registry,
    table::File,
};

/// The golden bundle; the generator fails unless everything in it is proven.
pub(crate) fn file() -> Result<File, Box<dyn Error>> {
    let registry = registry()?;
    let (salt, content, envelope) = ([0x04; 32], b"{}".as_slice(), EnvelopeDigest::from_bytes([0x0a; 32]));
    let identity = signing(0x26);
    let chain = ChainHead { length: 3, hash: [0x10; 32] };
    let point = RegistryPoint { size: registry.size(), root: registry.root_hash() };
    let header = Header {
        suite: 1,
        content_type: ContentType::Referral,
        reply: ReplyFlag::Absent,
        key: KeyFlag::Once,
        message: MessageId::from_bytes([0x0c; 16]),
        sender: node(0x20),
        sender_key: identity.verifying_key().key_id(),
        recipient: node(0x30),
        prekey: PrekeyId::from_bytes([0x08; 16]),
        created: NOW,
        chain,
        registry: point,
        content_commitment: content_commitment(&salt, content),
        rest_commitment: [0x01; 32],
        binding: [0x02; 32],
        recipients_commitment: [0x03; 32],
    };
    let bytes = header.to_bytes();
    let header = SignedHeader::parse(&bytes, identity.sign(Label::Message, &bytes)).ok_or("the header is malformed")?;
    let accepted = RelayAccepted::sign(&signing(0x10), RelayId(1), envelope, 16_384, NOW, Day(20_847));
    let at = DeliveredAt { stored_at: NOW.after(5), registry: point, chain, echo: None };
    let delivered = Delivered::sign(&signing(0x30), SentMessage::of(&header, envelope), at);
    let parts = Parts {
        header: &header,
        envelope,
        relay_accepted: Some(&accepted),
        delivered: Some(&delivered),
        opening: Some((&salt, content)),
    };
    let text = Bundle::collect(&registry, &parts)?.to_json();
    let lines = verify(&Bundle::parse(text.as_bytes())?, Known::Fingerprint(&registry.root().fingerprint()))?;
    // What no receipt of this version says is the only line that stays open.
    if lines.iter().filter(|line| !line.proven).count() != 1 {
        return Err("the golden bundle does not prove itself".into());
    }
    Ok(File { name: "evidence.json", text })
}
