//! Sizes: what an observer sees, and where content stops fitting.

use safeconduct_protocol::{
    envelope::{
        content::Control,
        draft::{Draft, DraftRefused, SealTerms},
        header::ContentType,
        reply::ReplyKeys,
    },
    id::{NodeId, RelayId},
    limits::{CHECKPOINT_NOTE_BYTES_MAX, CONTENT_BYTES_MAX, RECIPIENTS_MAX},
    prekey::record::PrekeyKind,
};

use crate::party::{NOW, Party, Seeded, Stuck, content, opened, personal};

/// Content that fills an envelope of `class` to the last byte, with a reply block and this note.
fn fills(class: usize, note: usize) -> usize {
    class - 1_184 - 16 - (352 + 64 + 32 + 4 + 1_252 + 2 + note)
}

#[test]
fn each_class_takes_content_up_to_its_last_byte() {
    let (mut a, mut b) = Party::pair();
    let note = b"log.example\n3\nAAAA\n".len();
    let table = [
        (1, 16_384),
        (fills(16_384, note), 16_384),
        (fills(16_384, note) + 1, 32_768),
        (fills(32_768, note), 32_768),
        (fills(32_768, note) + 1, 65_536),
        (CONTENT_BYTES_MAX, 65_536),
    ];

    for (length, class) in table {
        let text = vec![b'x'; length];
        let sealed = a.refer(&mut b, &text);
        assert_eq!(sealed.class_bytes(), class, "{length} bytes");
        assert_eq!(content(&opened(b.receive(&sealed))), text);
    }
}

#[test]
fn content_above_the_limit_is_refused_with_its_size() {
    let bytes = CONTENT_BYTES_MAX + 1;

    let refused =
        Draft::new(ContentType::Referral, personal(&vec![0; bytes]), vec![Party::new(1).node], NOW, &mut Stuck).err();

    assert_eq!(refused, Some(DraftRefused::TooLarge { bytes }));
}

#[test]
fn a_checkpoint_note_fits_up_to_its_limit_with_the_longest_content() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let keys = ReplyKeys::generate(RelayId(1), NOW, &mut Seeded::new(4)).unwrap();
    let sealed_with = |length: usize| {
        let note = vec![b'n'; length];
        let text = personal(&vec![b'x'; CONTENT_BYTES_MAX]);
        let draft = Draft::new(ContentType::Referral, text, vec![b.node], NOW, &mut Stuck).unwrap();
        let terms = SealTerms { checkpoint: &note, reply: Some(&keys.block), ..a.terms(&target) };
        draft.sign(&terms, &mut Stuck).map(|signed| signed.seal().unwrap().class_bytes())
    };

    assert_eq!(sealed_with(CHECKPOINT_NOTE_BYTES_MAX), Ok(65_536));
    let bytes = CHECKPOINT_NOTE_BYTES_MAX + 1;
    assert_eq!(sealed_with(bytes), Err(DraftRefused::CheckpointTooLarge { bytes }));
}

/// Trap 71.
#[test]
fn recipients_are_one_to_sixteen_each_once() {
    let nodes = |count: usize| -> Vec<NodeId> {
        (0..count).map(|n| NodeId::from_bytes([u8::try_from(n).unwrap(); 32])).collect()
    };
    let draft = |recipients| {
        Draft::new(ContentType::Referral, personal(b"x"), recipients, NOW, &mut Stuck).map(|d| d.message()).err()
    };

    assert_eq!(draft(nodes(1)), None);
    assert_eq!(draft(nodes(RECIPIENTS_MAX)), None);
    assert_eq!(draft(nodes(RECIPIENTS_MAX + 1)), Some(DraftRefused::Recipients));
    assert_eq!(draft(nodes(0)), Some(DraftRefused::Recipients));
    assert_eq!(draft([nodes(2), nodes(1)].concat()), Some(DraftRefused::Recipients));
}

#[test]
fn a_short_referral_a_long_one_a_receipt_a_ping_and_cover_look_alike() {
    let (mut a, mut b) = Party::pair();
    let mut sizes = Vec::new();
    for text in [&b"one person"[..], &[b'x'; 12_000]] {
        sizes.push(a.refer(&mut b, text).class_bytes());
    }
    let ping = Control::ping(&mut a.entropy).unwrap().encode();
    for (content_type, bytes) in [(ContentType::Control, ping.as_slice()), (ContentType::Cover, b"")] {
        let target = b.target(PrekeyKind::OneTime);
        let draft = a.draft(content_type, bytes, b.node);
        sizes.push(a.seal(draft, &target).class_bytes());
    }
    let sealed = a.refer(&mut b, b"text");
    let message = opened(b.receive(&sealed));
    let target = message.reply_target().unwrap();
    let draft = b.draft(ContentType::Receipt, &[1, 0, 1, 0], a.node);
    sizes.push(b.seal(draft, &target).class_bytes());

    assert_eq!(sizes, [16_384; 5]);
}
