//! Sealed documents over real connections: put, fetched, dropped, and what is refused.

use safeconduct_certs::{
    link::{Alpn, Transfer, TransferError, Transfers},
    registry::leaf::LeafKind,
};
use safeconduct_protocol::{
    blob::{BlobRefusal, BlobSecret, BlobShape},
    crypto::hash::sha256,
    frame::{Frame, Goodbye, SESSION_VERSION, Tag},
    limits::{BLOB_CHUNK_BYTES, EXPIRY_DAYS_MAX},
    session::blob::{NodeTransfer, Over, Step, chunk_frame},
    time::Day,
};

use super::world::{NOW, Node, World};
use crate::store::blobs::BLOBS;

/// A sealed document, as far as a relay sees.
struct Letter {
    secret: BlobSecret,
    bytes: Vec<u8>,
    expiry: Day,
}

impl Letter {
    fn new(n: u8, bytes: usize) -> Self {
        let bytes = (0..bytes).map(|place| u8::try_from(place % 251).unwrap() ^ n).collect();
        Self { secret: BlobSecret::from_bytes([n; 32]), bytes, expiry: NOW.day().after(EXPIRY_DAYS_MAX) }
    }

    fn shape(&self) -> BlobShape {
        BlobShape::of(self.bytes.len() as u64).unwrap()
    }

    fn chunk(&self, index: u32) -> Vec<u8> {
        let (begins, length) = self.shape().chunk(index).unwrap();
        let begins = usize::try_from(begins).unwrap();
        self.bytes[begins..begins + length].to_vec()
    }

    /// Puts it, and cuts the stream when `chunks` chunks were sent.
    async fn put_until(&self, way: &Transfers, chunks: usize) -> Option<Over> {
        self.put_as(way, sha256(&[&self.bytes]), chunks).await.0
    }

    /// The same, announced with this hash. Gives also the first chunk that the relay asked for.
    async fn put_as(&self, way: &Transfers, sha256: [u8; 32], chunks: usize) -> (Option<Over>, Option<u32>) {
        let (machine, first) = NodeTransfer::put(self.secret.id(), self.shape(), sha256, self.expiry);
        let mut sent = Vec::new();
        let over = drive(way, machine, first, |index, _| {
            sent.push(index);
            (sent.len() <= chunks).then(|| self.chunk(index))
        });
        (over.await.unwrap(), sent.first().copied())
    }

    async fn put(&self, way: &Transfers) -> Over {
        self.put_until(way, usize::MAX).await.unwrap()
    }

    async fn fetch(&self, way: &Transfers) -> (Over, Vec<u8>) {
        let (machine, first) = NodeTransfer::get(&self.secret, self.shape(), 0);
        let mut got = Vec::new();
        let over = drive(way, machine, first, |_, bytes| {
            got.extend_from_slice(&bytes);
            Some(Vec::new())
        });
        (over.await.unwrap().unwrap(), got)
    }

    async fn discard(&self, way: &Transfers) -> Over {
        let (machine, first) = NodeTransfer::drop_blob(&self.secret);
        drive(way, machine, first, |_, _| None).await.unwrap().unwrap()
    }
}

/// Runs a node's end. `chunk` gives what is sent, or takes what came; none cuts the stream.
async fn drive(
    way: &Transfers,
    mut machine: NodeTransfer,
    first: safeconduct_protocol::blob::BlobFrame,
    mut chunk: impl FnMut(u32, Vec<u8>) -> Option<Vec<u8>>,
) -> Result<Option<Over>, TransferError> {
    let mut transfer = way.open().await?;
    transfer.send(&first).await?;
    loop {
        for step in machine.on(transfer.receive().await?).unwrap() {
            match step {
                Step::Give(index) => match chunk(index, Vec::new()) {
                    Some(bytes) => transfer.send(&chunk_frame(index, bytes)).await?,
                    None => return Ok(None),
                },
                Step::Take(index, bytes) => {
                    chunk(index, bytes).unwrap();
                    transfer.send(&machine.taken().unwrap()).await?;
                }
                Step::Over(over) => {
                    transfer.finish().await;
                    return Ok(Some(over));
                }
                Step::Send(_) | Step::Asked(_) | Step::Whole => panic!("no step of a node"),
            }
        }
    }
}

fn refused(reason: BlobRefusal) -> impl Fn(Over) -> bool {
    move |over| matches!(over, Over::Refused(found, _) if found == reason)
}

async fn open_with(way: &Transfers, letter: &Letter) -> Transfer {
    let (_, first) = NodeTransfer::put(letter.secret.id(), letter.shape(), sha256(&[&letter.bytes]), letter.expiry);
    let mut transfer = way.open().await.unwrap();
    transfer.send(&first).await.unwrap();
    transfer.receive().await.unwrap();
    transfer
}

#[tokio::test]
async fn a_document_cut_and_cut_again_arrives_whole_and_only_for_who_has_its_secret() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let letter = Letter::new(7, 29 * BLOB_CHUNK_BYTES + 500);
    let mut begins = Vec::new();
    for _ in 0..4 {
        let mut sender = world.session(&a).await;
        let (over, from) = letter.put_as(&sender.transfers(), sha256(&[&letter.bytes]), 5).await;
        assert!(over.is_none());
        begins.extend(from);
        sender.has_nothing().await;
        world.restart().await;
    }
    assert!(begins.is_sorted() && begins[0] == 0 && begins[3] >= 6, "it goes on where it was: {begins:?}");
    let (sender, mut recipient) = (world.session(&a).await, world.session(&b).await);
    assert!(refused(BlobRefusal::Unknown)(letter.fetch(&recipient.transfers()).await.0), "half of it is not to be had");

    assert_eq!(letter.put(&sender.transfers()).await, Over::Stored);
    assert_eq!(letter.put_until(&sender.transfers(), 0).await, Some(Over::Stored), "again: not a chunk is asked for");

    world.restart().await;
    recipient = world.session(&b).await;
    let (over, got) = letter.fetch(&recipient.transfers()).await;
    assert!(over == Over::Ended && got == letter.bytes);
    let mut guess = Letter::new(7, letter.bytes.len());
    guess.secret = BlobSecret::from_bytes([8; 32]);
    let (over, got) = guess.fetch(&recipient.transfers()).await;
    assert!(refused(BlobRefusal::Unknown)(over) && got.is_empty());
    assert_eq!(guess.discard(&recipient.transfers()).await, Over::Ended, "one that nobody knows is no news");
    assert_eq!(letter.fetch(&recipient.transfers()).await.0, Over::Ended, "and drops nobody else's");

    assert_eq!(letter.discard(&recipient.transfers()).await, Over::Ended);
    assert!(refused(BlobRefusal::Unknown)(letter.fetch(&recipient.transfers()).await.0));
    recipient.has_nothing().await;
    let left = std::fs::read_dir(world.data().join(BLOBS)).unwrap();
    assert!(
        left.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap()).next().is_none(),
        "no file stays"
    );
}

/// Trap 47.
#[tokio::test]
async fn what_is_not_what_was_announced_is_never_stored_and_begins_anew() {
    let a = Node::new(1);
    let world = World::of(&[&a]).await;
    let session = world.session(&a).await;
    let way = session.transfers();
    let letter = Letter::new(7, 2 * BLOB_CHUNK_BYTES);

    let (over, _) = letter.put_as(&way, [0; 32], usize::MAX).await;
    assert!(over.is_some_and(refused(BlobRefusal::Hash)));
    let (over, from) = letter.put_as(&way, sha256(&[&letter.bytes]), usize::MAX).await;
    assert_eq!((over, from), (Some(Over::Stored), Some(0)), "nothing of the other was kept");
    let (over, _) = letter.put_as(&way, [0; 32], usize::MAX).await;
    assert!(over.is_some_and(refused(BlobRefusal::Conflict)));
    let longer = Letter { bytes: vec![0; 17_000], ..Letter::new(7, 17_000) };
    assert!(refused(BlobRefusal::Conflict)(longer.put(&way).await));
}

#[tokio::test]
async fn a_node_puts_as_much_as_it_may_in_a_day_and_all_together_as_much_as_is_held() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    world.config.blobs = crate::config::Blobs { bytes: 60_000, bytes_per_day: 40_000 };
    world.restart().await;
    let (first, second) = (world.session(&a).await, world.session(&b).await);

    assert_eq!(Letter::new(1, 20_000).put(&first.transfers()).await, Over::Stored);
    assert!(
        refused(BlobRefusal::Quota)(Letter::new(2, 20_001).put(&first.transfers()).await),
        "one byte too many today"
    );
    assert_eq!(Letter::new(3, 20_000).put(&first.transfers()).await, Over::Stored);
    assert!(
        refused(BlobRefusal::Full)(Letter::new(4, 20_001).put(&second.transfers()).await),
        "one byte too many in all"
    );
    assert_eq!(Letter::new(5, 20_000).put(&second.transfers()).await, Over::Stored, "another node's day is its own");
    assert_eq!(Letter::new(1, 20_000).discard(&second.transfers()).await, Over::Ended);
    assert_eq!(Letter::new(6, 20_000).put(&second.transfers()).await, Over::Stored, "what is dropped makes room");
    let metrics = world.get("/metrics").await;
    assert!(metrics.contains("safeconduct_relay_blob_bytes 60000") && metrics.contains("safeconduct_relay_blobs 3"));
}

#[tokio::test]
async fn a_document_is_kept_until_its_day_is_past_and_no_longer() {
    let a = Node::new(1);
    let mut world = World::of(&[&a]).await;
    let today = NOW.day();
    let letter = |n, expiry| Letter { expiry, ..Letter::new(n, 17_000) };
    let session = world.session(&a).await;
    for wrong in [Day(today.0 - 1), today.after(EXPIRY_DAYS_MAX + 1)] {
        assert!(refused(BlobRefusal::Expiry)(letter(1, wrong).put(&session.transfers()).await));
    }
    let (short, long) = (letter(2, today.after(1)), letter(3, today.after(EXPIRY_DAYS_MAX)));
    assert_eq!(short.put(&session.transfers()).await, Over::Stored);
    assert_eq!(long.put(&session.transfers()).await, Over::Stored);

    world.clock.set(NOW.after(safeconduct_protocol::time::DAY_S));
    assert_eq!(short.fetch(&session.transfers()).await.0, Over::Ended, "its own day");
    world.clock.set(NOW.after(2 * safeconduct_protocol::time::DAY_S));
    assert!(refused(BlobRefusal::Unknown)(short.fetch(&session.transfers()).await.0));
    // The sweep of a start.
    world.restart().await;
    let session = world.session(&a).await;
    while !world.get("/metrics").await.contains("safeconduct_relay_blobs 1") {
        tokio::task::yield_now().await;
    }
    assert_eq!(long.fetch(&session.transfers()).await.0, Over::Ended);
}

#[tokio::test]
async fn only_an_admitted_node_may_open_streams_and_none_outlives_its_session() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let mut enrolling = world.dial(None, Alpn::Enrol).await.unwrap();
    enrolling.send(Frame::EnrolHello { version: SESSION_VERSION }).await;
    enrolling.receive().await;
    let way = enrolling.transfers();
    tokio::select! {
        biased;
        _opened = way.open() => panic!("who is not registered has opened a stream"),
        root = enrolling.ask(Frame::RootFetch { tag: Tag(1) }) => assert!(matches!(root, Frame::Root { .. })),
    }

    let letter = Letter::new(7, 5 * BLOB_CHUNK_BYTES);
    // The session's stream ends: the connection is over, with all that it carries.
    let session = world.session(&a).await;
    let mut carried = open_with(&session.transfers(), &letter).await;
    drop(session);
    assert!(matches!(carried.receive().await, Err(TransferError::Link(_))), "a transfer keeps no dead session alive");
    // The agency is revoked.
    let mut session = world.session(&b).await;
    let mut carried = open_with(&session.transfers(), &Letter::new(8, 5 * BLOB_CHUNK_BYTES)).await;
    world.authority.mark(LeafKind::Revoke, &b);
    world.publish().await;
    assert_eq!(session.goodbye().await, Goodbye::Revoked);
    assert!(carried.receive().await.is_err());
}

#[tokio::test]
async fn a_broken_transfer_ends_alone_and_the_session_goes_on() {
    let a = Node::new(1);
    let world = World::of(&[&a]).await;
    let mut session = world.session(&a).await;
    let letter = Letter::new(7, 5 * BLOB_CHUNK_BYTES);

    let mut broken = open_with(&session.transfers(), &letter).await;
    broken.send(&chunk_frame(3, letter.chunk(3))).await.unwrap();
    assert!(matches!(broken.receive().await, Err(TransferError::Cut)));
    session.has_nothing().await;
    let claimed = open_with(&session.transfers(), &letter).await;
    assert!(
        refused(BlobRefusal::Busy)(letter.put(&session.transfers()).await),
        "two streams do not write one document"
    );
    drop(claimed);
    session.has_nothing().await;
    // The relay notices in its own time that the other stream is gone.
    while refused(BlobRefusal::Busy)(letter.put(&session.transfers()).await) {}
    assert_eq!(letter.put(&session.transfers()).await, Over::Stored);
}
