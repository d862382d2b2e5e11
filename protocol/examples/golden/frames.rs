//! Every frame, coded twice: by the product, and here by hand from the rules of `docs/PROTOCOL.md` §4.

use std::error::Error;

use safeconduct_protocol::{
    frame::{
        ChangeStand, EnrolState, Frame, Goodbye, Head, PrekeyRefusal, PublishRefusal, SlotItemKind, SubmitRefusal, Tag,
    },
    id::{InviteId, NodeId, RelayId, RequestId, SlotId},
    time::{Day, Timestamp},
};
use serde_bytes::ByteBuf;

use crate::table::{File, Table};

/// A frame's field: its name and its bytes.
pub(crate) type Field = (&'static str, Vec<u8>);
/// One frame, and its fields as coded by hand.
type Golden = (Frame, Vec<Field>);

/// An integer in its shortest form.
pub(crate) fn int(value: u64) -> Vec<u8> {
    if value <= 250 {
        return vec![value.to_be_bytes()[7]];
    }
    if let Ok(value) = u16::try_from(value) {
        return [&[0xfb], &value.to_be_bytes()[..]].concat();
    }
    if let Ok(value) = u32::try_from(value) {
        return [&[0xfc], &value.to_be_bytes()[..]].concat();
    }
    [&[0xfd], &value.to_be_bytes()[..]].concat()
}

/// A count, then the bytes.
pub(crate) fn bytes(value: &[u8]) -> Vec<u8> {
    [int(u64::try_from(value.len()).unwrap_or(u64::MAX)), value.to_vec()].concat()
}

/// A count, then each element.
fn list(elements: &[Vec<u8>]) -> Vec<u8> {
    [int(u64::try_from(elements.len()).unwrap_or(u64::MAX)), elements.concat()].concat()
}

const TAG: u64 = 300;

fn tag() -> Field {
    ("tag", int(TAG))
}

fn head() -> Head {
    Head { size: 70_000, note: b"note".to_vec(), timestamp: b"time".to_vec() }
}

fn head_field() -> Field {
    ("head: size, note, timestamp", [int(70_000), bytes(b"note"), bytes(b"time")].concat())
}

fn buf(value: &[u8]) -> ByteBuf {
    ByteBuf::from(value.to_vec())
}

fn session() -> Vec<Golden> {
    vec![
        (
            Frame::Hello { version: 1, node: NodeId::from_bytes([0x06; 32]), registry_size: 70_000, deliveries: 64 },
            vec![
                ("version", int(1)),
                ("node", vec![0x06; 32]),
                ("registry_size", int(70_000)),
                ("deliveries", int(64)),
            ],
        ),
        (
            Frame::Welcome { version: 1, relay: RelayId(1), now: Timestamp(5_000_000_000), submits: 64, head: head() },
            vec![
                ("version", int(1)),
                ("relay", int(1)),
                ("now", int(5_000_000_000)),
                ("submits", int(64)),
                head_field(),
            ],
        ),
        (
            Frame::Goodbye { reason: Goodbye::Revoked, retry_after_s: 250 },
            vec![("reason", int(1)), ("retry_after_s", int(250))],
        ),
        (Frame::Credit { count: 251 }, vec![("count", int(251))]),
        (Frame::Submit { tag: Tag(TAG), envelope: buf(b"envelope") }, vec![tag(), ("envelope", bytes(b"envelope"))]),
        (Frame::Submitted { tag: Tag(TAG), receipt: buf(b"receipt") }, vec![tag(), ("receipt", bytes(b"receipt"))]),
        (
            Frame::SubmitRefused { tag: Tag(TAG), reason: SubmitRefusal::MailboxFull, retry_after_s: 0 },
            vec![tag(), ("reason", int(2)), ("retry_after_s", int(0))],
        ),
        (
            Frame::Deliver { seq: 65_536, envelope: buf(b"envelope") },
            vec![("seq", int(65_536)), ("envelope", bytes(b"envelope"))],
        ),
        (
            Frame::Settle { settlements: vec![buf(b"one"), buf(b"two")] },
            vec![("settlements", list(&[bytes(b"one"), bytes(b"two")]))],
        ),
    ]
}

fn prekeys_and_slots() -> Vec<Golden> {
    vec![
        (
            Frame::PrekeyPublish { tag: Tag(TAG), records: vec![buf(b"record")] },
            vec![tag(), ("records", list(&[bytes(b"record")]))],
        ),
        (Frame::PrekeyStock { tag: Tag(TAG) }, vec![tag()]),
        (
            Frame::PrekeyStocked { tag: Tag(TAG), one_time: vec![[1; 16], [2; 16]], signed: vec![[3; 16]], refused: 1 },
            vec![
                tag(),
                ("one_time", list(&[vec![1; 16], vec![2; 16]])),
                ("signed", list(&[vec![3; 16]])),
                ("refused", int(1)),
            ],
        ),
        (
            Frame::PrekeyFetch {
                tag: Tag(TAG),
                request: RequestId::from_bytes([4; 16]),
                node: NodeId::from_bytes([0x06; 32]),
            },
            vec![tag(), ("request", vec![4; 16]), ("node", vec![0x06; 32])],
        ),
        (Frame::PrekeyServed { tag: Tag(TAG), record: buf(b"record") }, vec![tag(), ("record", bytes(b"record"))]),
        (
            Frame::PrekeyRefused { tag: Tag(TAG), reason: PrekeyRefusal::NoneLeft, retry_after_s: 3_600 },
            vec![tag(), ("reason", int(2)), ("retry_after_s", int(3_600))],
        ),
        (Frame::SlotWatch { secrets: vec![[5; 32]] }, vec![("secrets", list(&[vec![5; 32]]))]),
        (
            Frame::SlotItem { slot: SlotId::from_bytes([7; 16]), seq: 1, kind: SlotItemKind::Nack, item: buf(b"item") },
            vec![("slot", vec![7; 16]), ("seq", int(1)), ("kind", int(1)), ("item", bytes(b"item"))],
        ),
        (Frame::SlotDrop { secret: [5; 32], seq: 1 }, vec![("secret", vec![5; 32]), ("seq", int(1))]),
    ]
}

fn registry() -> Vec<Golden> {
    vec![
        (Frame::RegistryFetch { tag: Tag(TAG), from: 12 }, vec![tag(), ("from", int(12))]),
        (
            Frame::RegistryPage {
                tag: Tag(TAG),
                from: 12,
                leaves: vec![buf(b"leaf")],
                records: vec![buf(b"")],
                head: head(),
            },
            vec![
                tag(),
                ("from", int(12)),
                ("leaves", list(&[bytes(b"leaf")])),
                ("records", list(&[bytes(b"")])),
                head_field(),
            ],
        ),
        (Frame::RegistryHead { head: head() }, vec![head_field()]),
        (Frame::RootFetch { tag: Tag(TAG) }, vec![tag()]),
        (Frame::Root { tag: Tag(TAG), root: buf(b"root") }, vec![tag(), ("root", bytes(b"root"))]),
    ]
}

fn enrolment() -> Vec<Golden> {
    let invite = InviteId::from_bytes([8; 16]);
    vec![
        (
            Frame::EnrolSubmit { tag: Tag(TAG), invite, request: buf(b"request") },
            vec![tag(), ("invite", vec![8; 16]), ("request", bytes(b"request"))],
        ),
        (Frame::EnrolFetch { tag: Tag(TAG), invite }, vec![tag(), ("invite", vec![8; 16])]),
        (
            Frame::EnrolState { tag: Tag(TAG), state: EnrolState::Answered, answer: buf(b"answer") },
            vec![tag(), ("state", int(5)), ("answer", bytes(b"answer"))],
        ),
    ]
}

fn authority() -> Vec<Golden> {
    let invite = InviteId::from_bytes([8; 16]);
    vec![
        (
            Frame::Publish {
                tag: Tag(TAG),
                root: buf(b"root"),
                from: 12,
                leaves: vec![buf(b"leaf")],
                records: vec![buf(b"record")],
                head: head(),
            },
            vec![
                tag(),
                ("root", bytes(b"root")),
                ("from", int(12)),
                ("leaves", list(&[bytes(b"leaf")])),
                ("records", list(&[bytes(b"record")])),
                head_field(),
            ],
        ),
        (Frame::Published { tag: Tag(TAG), size: 13 }, vec![tag(), ("size", int(13))]),
        (
            Frame::PublishRefused { tag: Tag(TAG), reason: PublishRefusal::Rollback, size: 13 },
            vec![tag(), ("reason", int(3)), ("size", int(13))],
        ),
        (
            Frame::InvitePut { tag: Tag(TAG), invites: vec![(invite, Day(20_840))] },
            vec![tag(), ("invites: invite, day", list(&[[vec![8; 16], int(20_840)].concat()]))],
        ),
        (Frame::RequestsFetch { tag: Tag(TAG) }, vec![tag()]),
        (
            Frame::Requests { tag: Tag(TAG), requests: vec![(invite, buf(b"request"))] },
            vec![tag(), ("requests: invite, request", list(&[[vec![8; 16], bytes(b"request")].concat()]))],
        ),
        (
            Frame::EnrolAnswer { tag: Tag(TAG), invite, answer: buf(b"answer") },
            vec![tag(), ("invite", vec![8; 16]), ("answer", bytes(b"answer"))],
        ),
        (Frame::AuthorityHello { version: 1 }, vec![("version", int(1))]),
        (Frame::EnrolHello { version: 1 }, vec![("version", int(1))]),
    ]
}

fn witnesses() -> Vec<Golden> {
    vec![(
        Frame::Cosigned { tag: Tag(TAG), size: 13, note: buf(b"note") },
        vec![tag(), ("size", int(13)), ("note", bytes(b"note"))],
    )]
}

fn foreign() -> Vec<Golden> {
    let authority = [6; 32];
    vec![
        (
            Frame::ForeignFetch { tag: Tag(TAG), authority, from: 12 },
            vec![tag(), ("authority", authority.to_vec()), ("from", int(12))],
        ),
        (Frame::ForeignHead { authority, head: head() }, vec![("authority", authority.to_vec()), head_field()]),
    ]
}

fn changes() -> Vec<Golden> {
    let node = NodeId::from_bytes([3; 32]);
    vec![
        (Frame::ChangePut { tag: Tag(TAG), request: buf(b"request") }, vec![tag(), ("request", bytes(b"request"))]),
        (Frame::ChangeState { tag: Tag(TAG), state: ChangeStand::Done }, vec![tag(), ("state", int(1))]),
        (Frame::ChangesFetch { tag: Tag(TAG) }, vec![tag()]),
        (
            Frame::Changes { tag: Tag(TAG), requests: vec![(node, buf(b"request"))] },
            vec![tag(), ("requests: node, request", list(&[[vec![3; 32], bytes(b"request")].concat()]))],
        ),
        (
            Frame::ChangeSettle { tag: Tag(TAG), node, request: [4; 32], state: ChangeStand::Stale },
            vec![tag(), ("node", vec![3; 32]), ("SHA-256 of the request", vec![4; 32]), ("state", int(3))],
        ),
    ]
}

fn heads() -> Vec<Golden> {
    vec![
        (Frame::NodeHeadPut { tag: Tag(TAG), head: buf(b"head") }, vec![tag(), ("head", bytes(b"head"))]),
        (Frame::NodeHead { tag: Tag(TAG), head: buf(b"") }, vec![tag(), ("head", bytes(b""))]),
        (Frame::HeadsFetch { tag: Tag(TAG), after: NodeId::from_bytes([3; 32]) }, vec![tag(), ("after", vec![3; 32])]),
        (Frame::Heads { tag: Tag(TAG), heads: vec![buf(b"head")] }, vec![tag(), ("heads", list(&[bytes(b"head")]))]),
    ]
}

/// The frames, in the order of their numbers.
pub(crate) fn all() -> Vec<Golden> {
    let first = [session(), prekeys_and_slots(), registry(), enrolment(), authority()];
    first.into_iter().chain([foreign(), changes(), witnesses(), heads()]).flatten().collect()
}

/// The golden file of all frames.
pub(crate) fn file() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Frames (docs/PROTOCOL.md §4, §5; protocol/src/frame.rs)",
        &[
            "u32 length || number of the variant || fields. Integers in their shortest form: one byte up to 250, else",
            "fb u16, fc u32, fd u64. Bytes and lists begin with their count. Signed objects are stand-ins in ASCII.",
        ],
    );
    for (number, (frame, by_hand)) in all().into_iter().enumerate() {
        let wire = frame.to_wire()?;
        let mut fields = vec![("variant", int(u64::try_from(number)?))];
        fields.extend(by_hand);
        let body: Vec<u8> = fields.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let expected = [&u32::try_from(body.len())?.to_be_bytes()[..], &body].concat();
        if wire != expected {
            return Err(format!("{}: the product codes it in another way than the rules", frame.name()).into());
        }
        if Frame::from_body(&body)? != frame {
            return Err(format!("{}: does not read back", frame.name()).into());
        }
        let sizes: Vec<(&str, usize)> =
            core::iter::once(("length", 4)).chain(fields.iter().map(|(name, bytes)| (*name, bytes.len()))).collect();
        table.object(&format!("{number} {}", frame.name()), &wire, &sizes)?;
    }
    Ok(table.file("frames.txt"))
}
