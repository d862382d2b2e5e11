//! Every frame of a transfer's stream, coded twice: by the product, and here by hand from the rules of `docs/PROTOCOL.md` §4.

use std::error::Error;

use safeconduct_protocol::{
    blob::{BlobFrame, BlobRefusal, BlobSecret},
    time::Day,
};
use serde_bytes::ByteBuf;

use crate::{
    frames::{Field, bytes, int},
    table::{File, Table},
};

/// The frames with their names, in the order of their numbers.
fn all() -> Vec<(&'static str, BlobFrame, Vec<Field>)> {
    let secret = BlobSecret::from_bytes([5; 32]);
    let id = secret.id();
    vec![
        (
            "put",
            BlobFrame::Put { blob: id, bytes: 16_400, sha256: [6; 32], expiry: Day(20_793) },
            vec![
                ("blob: id of the secret below", id.as_bytes().to_vec()),
                ("bytes", int(16_400)),
                ("SHA-256 of the whole", vec![6; 32]),
                ("expiry", int(20_793)),
            ],
        ),
        ("ready", BlobFrame::Ready { have: 300 }, vec![("have", int(300))]),
        (
            "chunk",
            BlobFrame::Chunk { index: 251, bytes: ByteBuf::from(b"chunk".to_vec()) },
            vec![("index", int(251)), ("bytes", bytes(b"chunk"))],
        ),
        ("stored", BlobFrame::Stored, vec![]),
        ("get", BlobFrame::Get { secret: [5; 32], from: 7 }, vec![("secret", vec![5; 32]), ("from", int(7))]),
        ("found", BlobFrame::Found { bytes: 16_400 }, vec![("bytes", int(16_400))]),
        ("end", BlobFrame::End, vec![]),
        ("drop", BlobFrame::Drop { secret: [5; 32] }, vec![("secret", vec![5; 32])]),
        (
            "refused",
            BlobFrame::Refused { reason: BlobRefusal::Quota, retry_after_s: 3_600 },
            vec![("reason", int(2)), ("retry_after_s", int(3_600))],
        ),
    ]
}

/// The golden file of all frames of a transfer.
pub(crate) fn file() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Frames of a transfer (docs/PROTOCOL.md §4, §5; protocol/src/blob.rs)",
        &["u32 length || number of the variant || fields, coded as the frames of a session are."],
    );
    for (number, (name, frame, by_hand)) in all().into_iter().enumerate() {
        let wire = frame.to_wire()?;
        let mut fields = vec![("variant", int(u64::try_from(number)?))];
        fields.extend(by_hand);
        let body: Vec<u8> = fields.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        if wire != [&u32::try_from(body.len())?.to_be_bytes()[..], &body].concat() {
            return Err(format!("{name}: the product codes it in another way than the rules").into());
        }
        if BlobFrame::from_body(&body)? != frame {
            return Err(format!("{name}: does not read back").into());
        }
        let sizes: Vec<(&str, usize)> =
            core::iter::once(("length", 4)).chain(fields.iter().map(|(name, bytes)| (*name, bytes.len()))).collect();
        table.object(&format!("{number} {name}"), &wire, &sizes)?;
    }
    Ok(table.file("blob-frames.txt"))
}
