//! Attackers against the relay's own program, over real QUIC, while honest nodes go on sending: what an attack may cost the relay is
//! bounded by the limits that are stated, all honest messages are receipted and delivered, and afterwards nothing of it is left and
//! a newcomer is welcome.
//!
//! `SAFECONDUCT_HOSTILE=100000` is how many connect and leave.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test: what fails here fails it, and its numbers are small"
)]

#[path = "hostile/attack.rs"]
mod attack;
#[path = "hostile/world.rs"]
mod world;

use std::{
    io::{self, Write as _},
    net::Ipv4Addr,
    time::Duration,
};

use quinn::{ConnectionError, Endpoint, VarInt};
use safeconduct_certs::link::{Alpn, TlsKey};
use safeconduct_protocol::{
    blob::{BlobFrame, BlobRefusal},
    frame::{Frame, Goodbye, PrekeyRefusal, SESSION_VERSION, Tag},
    id::{BlobId, RequestId},
    limits::{DOCUMENT_BYTES_MAX, SLOT_WATCH_BATCH_MAX, SLOTS_WATCHED_MAX},
    secret::Secret,
    time::Clock as _,
};
use safeconduct_relay::limits::{
    ANSWERS_AT_ONCE, CONNECTIONS_PER_NODE_MAX, ENROLLING_ANSWERS_AT_ONCE, ENROLLING_PER_ADDRESS_MAX, HANDSHAKES_MAX,
    SEND_QUEUE_MAX, UNPROVEN_PER_ADDRESS_MAX,
};
use tokio::time::sleep;

use attack::{Beginnings, blob_frames, reason};
use world::{Node, Session, World, envelope};

/// What a relay takes by itself while it works, whatever comes: the allocator's, the store's.
const WORK_BYTES: u64 = 16 << 20;
/// One connection that has done nothing yet.
const CONNECTION_BYTES: u64 = 128 << 10;
/// What QUIC holds for one connection in each direction.
const WINDOW_BYTES: u64 = 512 << 10;
/// A frame of the largest kind that an answer is.
const PAGE_BYTES: u64 = 128 << 10;

/// Says what was measured, past what the test harness keeps of a test that passes.
fn say(line: &str) {
    io::stdout().write_all(format!("\n{line}\n").as_bytes()).unwrap();
}

fn wide(count: usize) -> u64 {
    count as u64
}

/// An address that the attackers come from.
fn address(number: usize) -> Ipv4Addr {
    let [_, high, middle, low] = (number as u32 + 1).to_be_bytes();
    Ipv4Addr::new(127, 100 + high, middle, low)
}

const HONEST: Ipv4Addr = Ipv4Addr::new(127, 5, 0, 1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handshakes_that_nobody_completes_take_a_quarter_of_the_places_and_four_of_an_honest_address() {
    let world = World::found("", 4).await;
    let most = wide(HANDSHAKES_MAX) * CONNECTION_BYTES + WORK_BYTES;
    let beginnings = Beginnings::make(600).await;
    world
        .under(most, async {
            let handshakes = "safeconduct_relay_links{places=\"handshake\"}";
            let mut at = 0;
            let flood = async || {
                // A few at a time, since a socket holds only a few; and as if from the honest node's own address, over and over.
                beginnings.send(&world, at..at + 40, address);
                beginnings.send(&world, 400 + at / 8..405 + at / 8, |_| HONEST);
                at = (at + 40) % 400;
                world.metric(handshakes).await > 32
            };
            world.until("handshakes are under way", flood).await;
            let under_way = world.metric(handshakes).await;
            let most = HANDSHAKES_MAX / 4 + UNPROVEN_PER_ADDRESS_MAX;
            assert!(under_way <= wide(most), "{under_way} handshakes of addresses that nobody has proved");
            // It shows that the address is its own, and is let in.
            drop(world.session(HONEST, &Node::new(3), 1).await);
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_nobody_registered_and_no_key_at_all_are_thrown_out_at_once() {
    let world = World::found("", 4).await;
    world
        .under(64 * CONNECTION_BYTES + WORK_BYTES, async {
            for number in 0..100_u16 {
                let stranger = TlsKey::from_seed(Secret::new([number.to_be_bytes()[1]; 32]));
                if let Ok(connection) = world.dial(address(number.into()), Some(&stranger), Alpn::Node).await {
                    assert!(matches!(connection.closed().await, ConnectionError::ConnectionClosed(_)));
                }
            }
            for alpn in [Alpn::Node, Alpn::Authority] {
                let mut session = Session::open(world.dial(address(1), None, alpn).await.unwrap()).await;
                // So that the relay sees the stream; it may have closed already.
                session.sender.write_all(&[0]).await.ok();
                assert_eq!(reason(&session.closed().await), Some(Goodbye::NotRegistered), "without a hello");
            }
        })
        .await;
    assert!(world.metric("safeconduct_relay_connections_refused_total{reason=\"no-key\"").await == 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_without_a_stream_or_a_hello_end_by_themselves() {
    let world = World::found("", 4).await;
    world
        .under(16 * (CONNECTION_BYTES + WINDOW_BYTES) + WORK_BYTES, async {
            let node = Node::new(3);
            let mut kept = Vec::new();
            for number in 0..CONNECTIONS_PER_NODE_MAX {
                let connection = world.dial(address(number), Some(&node.tls), Alpn::Node).await.unwrap();
                if number % 2 == 0 {
                    kept.push((connection, None));
                    continue;
                }
                let mut session = Session::open(connection).await;
                // Half of a hello.
                let hello = node.hello(1).to_wire().unwrap();
                session.sender.write_all(&hello[..hello.len() / 2]).await.unwrap();
                kept.push((session.connection.clone(), Some(session)));
            }
            for (connection, _session) in &kept {
                connection.closed().await;
            }
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn very_many_connect_and_leave_and_the_relay_is_as_before() {
    let count = std::env::var("SAFECONDUCT_HOSTILE").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_usize);
    let world = World::found("", 20).await;
    // Who leaves says so, and is forgotten within three round trips: never more than a few hundred at once.
    world
        .under(wide(HANDSHAKES_MAX) * CONNECTION_BYTES + WORK_BYTES, async {
            const EACH: usize = 100;
            let mut left = tokio::task::JoinSet::new();
            for number in 0..count / EACH {
                while left.len() >= 8 {
                    left.join_next().await.unwrap().unwrap();
                }
                let world = std::sync::Arc::clone(&world);
                left.spawn(async move {
                    let socket = Endpoint::client((address(number), 0).into()).unwrap();
                    let node = Node::new(4 + (number % 16) as u16);
                    for at in 0..EACH {
                        // Some are thrown out, since others have the node's places; some never say a word.
                        let Ok(connection) = world.dial_by(&socket, Some(&node.tls), Alpn::Node).await else {
                            continue;
                        };
                        if at % 2 == 0
                            && let Ok((mut sender, _receiver)) = connection.open_bi().await
                        {
                            sender.write_all(&node.hello(1).to_wire().unwrap()).await.ok();
                        }
                        connection.close(VarInt::from_u32(0), b"");
                    }
                    socket.wait_idle().await;
                });
            }
            while let Some(done) = left.join_next().await {
                done.unwrap();
            }
        })
        .await;
    say(&format!("{count} connected and left"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_opens_no_more_connections_and_streams_than_it_may() {
    let world = World::found("", 4).await;
    let most = wide(CONNECTIONS_PER_NODE_MAX) * (CONNECTION_BYTES + 2 * WINDOW_BYTES) + WORK_BYTES;
    world
        .under(most, async {
            let node = Node::new(3);
            let mut kept = Vec::new();
            for number in 0..CONNECTIONS_PER_NODE_MAX {
                let connection = world.dial(address(number), Some(&node.tls), Alpn::Node).await.unwrap();
                let mut session = Session::open(connection).await;
                // Not yet a hello: the relay knows the key, and waits.
                session.sender.write_all(&[0]).await.unwrap();
                kept.push(session);
            }
            world
                .until("all are in", async || world.metric("safeconduct_relay_links{places=\"node\"}").await == 10)
                .await;
            let mut more = Session::open(world.dial(address(99), Some(&node.tls), Alpn::Node).await.unwrap()).await;
            more.sender.write_all(&[0]).await.ok();
            assert_eq!(reason(&more.closed().await), Some(Goodbye::Busy), "one more");
            drop((kept, more));
            world
                .until("all are out", async || world.metric("safeconduct_relay_links{places=\"node\"}").await == 2)
                .await;

            let session = world.session(address(1), &node, 1).await;
            let mut streams = Vec::new();
            let mut open =
                async || match tokio::time::timeout(Duration::from_millis(500), session.connection.open_bi()).await {
                    Ok(Ok((mut sender, receiver))) => {
                        sender.write_all(&[0]).await.unwrap();
                        streams.push((sender, receiver));
                        true
                    }
                    _ => false,
                };
            for _ in 0..4 {
                assert!(open().await);
            }
            assert!(!open().await, "a fifth beside the session's");
            let uni = tokio::time::timeout(Duration::from_millis(500), session.connection.open_uni()).await;
            assert!(uni.is_err(), "streams of the other kind");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_that_comes_byte_by_byte_ends_its_connection() {
    let world = World::found("frame_s = 3", 8).await;
    world
        .under(8 * (CONNECTION_BYTES + WINDOW_BYTES) + WORK_BYTES, async {
            let mut slow = tokio::task::JoinSet::new();
            for number in 3..7_u16 {
                let mut session = world.session(address(number.into()), &Node::new(number), 1).await;
                slow.spawn(async move {
                    session.sender.write_all(&[0, 1, 0, 0]).await.unwrap();
                    let (mut sender, connection) = (session.sender, session.connection);
                    let drip = async {
                        while sender.write_all(&[4]).await.is_ok() {
                            sleep(Duration::from_millis(250)).await;
                        }
                    };
                    drip.await;
                    reason(&connection.closed().await)
                });
            }
            while let Some(closed) = slow.join_next().await {
                assert_eq!(closed.unwrap(), Some(Goodbye::ProtocolError));
            }
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn huge_lengths_are_believed_by_nobody() {
    let world = World::found("", 4).await;
    world
        .under(8 * (CONNECTION_BYTES + WINDOW_BYTES) + WORK_BYTES, async {
            let node = Node::new(3);
            // Of a frame, just beyond and far beyond; then of an envelope, of a list and of a note within one.
            let claims: [&[u8]; 6] = [
                &[0, 2, 0, 1],
                &[255, 255, 255, 255],
                &[0, 0, 0, 8, 4, 1, 0xfc, 255, 255, 255, 255, 0],
                &[0, 0, 0, 11, 4, 1, 0xfd, 127, 255, 255, 255, 255, 255, 255, 255],
                &[0, 0, 0, 10, 15, 0xfd, 127, 255, 255, 255, 255, 255, 255, 255],
                &[0, 0, 0, 8, 12, 1, 0xfc, 255, 255, 255, 255, 0],
            ];
            for claim in claims {
                let mut session = world.session(address(1), &node, 1).await;
                session.sender.write_all(claim).await.unwrap();
                assert_eq!(reason(&session.closed().await), Some(Goodbye::ProtocolError), "{claim:?}");
            }
            // Of a document, and of a frame of its stream.
            let session = world.session(address(1), &node, 1).await;
            for bytes in [DOCUMENT_BYTES_MAX * 2, u64::MAX] {
                let expiry = safeconduct_certs::system::SystemClock.now().day();
                let put = BlobFrame::Put { blob: BlobId::from_bytes([1; 16]), bytes, sha256: [0; 32], expiry };
                let answer = blob_frames(&session.connection, &put.to_wire().unwrap()).await;
                assert!(matches!(answer, Some(BlobFrame::Refused { reason: BlobRefusal::Length, .. })), "{bytes}");
            }
            assert!(blob_frames(&session.connection, &[255, 255, 255, 255]).await.is_none());
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recipient_with_one_credit_that_is_never_done_holds_up_nobody() {
    let world = World::found("", 5).await;
    world
        .under(4 * (CONNECTION_BYTES + 2 * WINDOW_BYTES) + WORK_BYTES, async {
            let (idle, flooding) = (Node::new(3), Node::new(4));
            let mut recipient = world.session(address(1), &idle, 1).await;
            let mut sender = world.session(address(2), &flooding, 1).await;
            for number in 0..200 {
                let sealed = envelope(*idle.mailbox.as_bytes(), number);
                let submit = Frame::Submit { tag: Tag(number + 1), envelope: sealed.into_bytes().into() };
                assert!(matches!(sender.ask(&submit).await, Frame::Submitted { .. }));
            }
            assert!(matches!(recipient.receive().await, Frame::Deliver { .. }));
            // One, and then nothing but the answer to what it asks.
            let answer = recipient.ask(&Frame::RootFetch { tag: Tag(1) }).await;
            assert!(matches!(answer, Frame::Root { .. }), "{}", answer.name());
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_pages_and_reads_none_gets_a_few() {
    let world = World::found("", 200).await;
    let held = |answers: usize| 2 * WINDOW_BYTES + CONNECTION_BYTES + wide(answers + SEND_QUEUE_MAX + 2) * PAGE_BYTES;
    let enrolling = wide(ENROLLING_PER_ADDRESS_MAX) * held(ENROLLING_ANSWERS_AT_ONCE);
    world
        .under(enrolling + 8 * held(ANSWERS_AT_ONCE) + WORK_BYTES, async {
            let mut kept = Vec::new();
            for _ in 0..ENROLLING_PER_ADDRESS_MAX {
                let connection = world.dial(address(1), None, Alpn::Enrol).await.unwrap();
                let mut session = Session::open(connection).await;
                let welcome = session.ask(&Frame::EnrolHello { version: SESSION_VERSION }).await;
                assert!(matches!(welcome, Frame::Welcome { .. }), "{}", welcome.name());
                kept.push(session);
            }
            for number in 3..11_u16 {
                kept.push(world.session(address(number.into()), &Node::new(number), 1).await);
            }
            for session in &mut kept {
                for tag in 1..=256 {
                    session.send(&Frame::RegistryFetch { tag: Tag(tag), from: 0 }).await;
                }
            }
            sleep(Duration::from_secs(3)).await;
            let mut one_more = Session::open(world.dial(address(1), None, Alpn::Enrol).await.unwrap()).await;
            one_more.sender.write_all(&[0]).await.ok();
            assert_eq!(reason(&one_more.closed().await), Some(Goodbye::Busy), "one more from there");
            for session in &kept {
                session.connection.close(VarInt::from_u32(0), b"");
            }
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_prekey_requests_of_watches_and_of_documents_that_are_only_begun_are_refused() {
    let world = World::found("blob_bytes_per_day = 300000000", 4).await;
    world
        .under(8 * (CONNECTION_BYTES + 2 * WINDOW_BYTES) + WORK_BYTES, async {
            let (node, target) = (Node::new(3), Node::new(0));
            let mut session = world.session(address(1), &node, 1).await;
            let mut refused = 0;
            for round in 0..4_u64 {
                for number in 0..200 {
                    let tag = Tag(round * 200 + number + 1);
                    let mut request = [0; 16];
                    request[..8].copy_from_slice(&tag.0.to_be_bytes());
                    session
                        .send(&Frame::PrekeyFetch { tag, request: RequestId::from_bytes(request), node: target.id })
                        .await;
                }
                for _ in 0..200 {
                    let answer = session.receive().await;
                    let Frame::PrekeyRefused { reason, .. } = answer else { panic!("{}", answer.name()) };
                    refused += usize::from(reason == PrekeyRefusal::Quota);
                }
            }
            assert!(refused >= 200, "600 an hour");

            let way = session.connection.clone();
            let begin = async |number: u8| {
                let expiry = safeconduct_certs::system::SystemClock.now().day();
                let blob = BlobId::from_bytes([number; 16]);
                let put = BlobFrame::Put { blob, bytes: DOCUMENT_BYTES_MAX, sha256: [0; 32], expiry };
                blob_frames(&way, &put.to_wire().unwrap()).await.unwrap()
            };
            for number in 0..2 {
                let answer = begin(number).await;
                assert!(matches!(answer, BlobFrame::Ready { have: 0 }), "{number}");
            }
            for number in 2..20 {
                let answer = begin(number).await;
                assert!(matches!(answer, BlobFrame::Refused { reason: BlobRefusal::Quota, .. }), "{number}");
            }

            for batch in 0..SLOTS_WATCHED_MAX / SLOT_WATCH_BATCH_MAX {
                let secrets = (0..SLOT_WATCH_BATCH_MAX).map(|at| attack::slot_secret(batch, at)).collect();
                session.send(&Frame::SlotWatch { secrets }).await;
            }
            let watched = "safeconduct_relay_watched_slots";
            world.until("all are watched", async || world.metric(watched).await == wide(SLOTS_WATCHED_MAX)).await;
            session.send(&Frame::SlotWatch { secrets: vec![attack::slot_secret(999, 0)] }).await;
            assert_eq!(reason(&session.closed().await), Some(Goodbye::ProtocolError), "one too many");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn datagrams_of_rubbish_are_dropped() {
    let world = World::found("", 4).await;
    world
        .under(64 * CONNECTION_BYTES + WORK_BYTES, async {
            for number in 0..20_u32 {
                let socket = std::net::UdpSocket::bind((address(number as usize), 0)).unwrap();
                for at in 0..250_u32 {
                    socket.send_to(&attack::rubbish(number * 250 + at), world.address).ok();
                }
                sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
}
