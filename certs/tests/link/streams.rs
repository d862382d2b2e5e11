//! What goes over a link: frames, transfers beside them, and the last word.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use safeconduct_certs::link::{Alpn, Dialer, ExpectedRelay, Link, LinkError, TransferError, client_config, listen};
use safeconduct_protocol::{
    blob::BlobFrame,
    codec::CodecError,
    frame::{Frame, Goodbye, Tag},
    limits::TRANSFERS_MAX,
};
use tokio::time::timeout;

use crate::{Only, key, relay};

/// Long enough for what comes at once on loopback to have come.
const A_MOMENT: Duration = Duration::from_millis(80);

/// Both ends of one link: the node's and the relay's.
async fn both() -> (Dialer, Link, Link) {
    let (relay_key, node_key) = (key(), key());
    let (address, task) = relay(&relay_key, vec![node_key.spki_hash()]);
    let dialer = Dialer::new().unwrap();
    let expected = ExpectedRelay::Pinned(relay_key.spki_hash());
    let mut link = dialer.connect(&address.to_string(), expected, Some(&node_key), Alpn::Node).await.unwrap();
    link.send(&Frame::RootFetch { tag: Tag(0) }).await.unwrap();
    let mut at_relay = task.await.unwrap().unwrap();
    assert!(at_relay.receive().await == Ok(Frame::RootFetch { tag: Tag(0) }));
    (dialer, link, at_relay)
}

/// A connection that says what it likes, and the relay's end of it.
async fn raw() -> (quinn::Endpoint, quinn::Connection, quinn::SendStream, Link) {
    let (relay_key, node_key) = (key(), key());
    let (address, task) = relay(&relay_key, vec![node_key.spki_hash()]);
    let config = client_config(Some(&node_key), ExpectedRelay::Pinned(relay_key.spki_hash()), Alpn::Node).unwrap();
    let endpoint = quinn::Endpoint::client(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let connection = endpoint.connect_with(config, address, "any").unwrap().await.unwrap();
    let (mut sender, _receiver) = connection.open_bi().await.unwrap();
    sender.write_all(&Frame::RootFetch { tag: Tag(0) }.to_wire().unwrap()).await.unwrap();
    let mut at_relay = task.await.unwrap().unwrap();
    assert!(at_relay.receive().await == Ok(Frame::RootFetch { tag: Tag(0) }));
    (endpoint, connection, sender, at_relay)
}

#[tokio::test]
async fn frames_sent_together_arrive_one_by_one_and_after_the_last_there_is_nothing() {
    let (_dialer, link, mut at_relay) = both().await;
    assert!(link.closer().remote_address().is_some_and(|address| address.ip().is_loopback()));
    let (mut sender, _receiver) = link.split();
    let frames: Vec<Frame> = (1..40).map(|n| Frame::Submit { tag: Tag(n), envelope: vec![7; 16_384].into() }).collect();
    let sends = async {
        sender.send_all(&frames).await.unwrap();
        let long = Frame::Submit { tag: Tag(1), envelope: vec![7; 128 * 1024].into() };
        let small = Frame::RootFetch { tag: Tag(50) };
        assert_eq!(sender.send(&long).await, Err(LinkError::NotAFrame(CodecError::TooLong)));
        let some = sender.send_all(&[small, long]).await;
        assert_eq!(some, Err(LinkError::NotAFrame(CodecError::TooLong)), "then none of them is sent");
        sender.finish().await;
    };
    let receives = async {
        for frame in &frames {
            assert!(at_relay.receive().await == Ok(frame.clone()));
        }
        assert_eq!(at_relay.receive().await.err(), Some(LinkError::Lost));
    };
    tokio::join!(sends, receives);
}

#[tokio::test]
async fn a_frame_that_has_begun_must_be_whole_in_time_and_one_that_has_not_may_wait() {
    let (_endpoint, _connection, mut sender, at_relay) = raw().await;
    let (_, mut receiver) = at_relay.split();
    let wire = Frame::RegistryFetch { tag: Tag(9), from: 3 }.to_wire().unwrap();
    receiver.expect_within(A_MOMENT);
    assert!(timeout(3 * A_MOMENT, receiver.receive()).await.is_err(), "nothing has begun");

    receiver.expect_within(Duration::from_secs(20));
    sender.write_all(&wire[..3]).await.unwrap();
    let ends = async {
        tokio::time::sleep(A_MOMENT / 8).await;
        sender.write_all(&wire[3..]).await.unwrap();
    };
    let (whole, ()) = tokio::join!(receiver.receive(), ends);
    assert!(whole == Ok(Frame::RegistryFetch { tag: Tag(9), from: 3 }));
    receiver.expect_within(A_MOMENT);
    sender.write_all(&wire[..wire.len() - 1]).await.unwrap();
    assert_eq!(receiver.receive().await.err(), Some(LinkError::TooSlow));
}

#[tokio::test]
async fn what_is_not_a_frame_is_named_before_anything_is_kept_of_it() {
    let long = u32::try_from(safeconduct_protocol::limits::FRAME_BYTES_MAX + 1).unwrap().to_be_bytes();
    let cases: [(&[u8], CodecError); 4] = [
        (&[0, 0, 0, 0], CodecError::Malformed),
        (&long, CodecError::TooLong),
        (&[0, 0, 0, 1, 200], CodecError::Malformed),
        (&[0, 0, 0, 3, 21, 1, 1], CodecError::Trailing(1)),
    ];
    for (bytes, error) in cases {
        let (_endpoint, _connection, mut sender, mut at_relay) = raw().await;
        sender.write_all(bytes).await.unwrap();
        assert_eq!(at_relay.receive().await.err(), Some(LinkError::NotAFrame(error)), "{bytes:?}");
    }
}

#[tokio::test]
async fn every_goodbye_arrives_as_it_was_meant_and_a_code_that_is_none_as_a_loss() {
    for reason in Goodbye::ALL {
        let (_dialer, mut link, at_relay) = both().await;
        at_relay.closer().close(reason);
        assert_eq!(link.receive().await.err(), Some(LinkError::Closed(reason)));
        assert_eq!(link.send(&Frame::RootFetch { tag: Tag(1) }).await, Err(LinkError::Closed(reason)));
        let all = link.split().0.send_all(&[Frame::RootFetch { tag: Tag(1) }]).await;
        assert_eq!(all, Err(LinkError::Closed(reason)));
    }
    for code in [0_u32, 0xff, 0x10a, 0x1ff, 0x200] {
        let (_endpoint, connection, _sender, mut at_relay) = raw().await;
        connection.close(code.into(), b"");
        assert_eq!(at_relay.receive().await.err(), Some(LinkError::Lost), "{code:#x}");
    }
}

#[tokio::test]
async fn a_transfer_waits_until_the_relay_admits_it_and_goes_both_ways_beside_the_session() {
    let (_dialer, mut link, mut at_relay) = both().await;
    let (mine, theirs) = (link.transfers(), at_relay.transfers());
    assert!(timeout(A_MOMENT, mine.open()).await.is_err(), "not before the relay lets it");
    theirs.widen();
    theirs.admit();

    let mut open = Vec::new();
    for have in 0..TRANSFERS_MAX {
        let mut transfer = mine.open().await.unwrap();
        transfer.send(&BlobFrame::Ready { have }).await.unwrap();
        let mut accepted = theirs.accept().await.unwrap();
        assert!(accepted.receive().await == Ok(BlobFrame::Ready { have }));
        open.push((transfer, accepted));
    }
    assert!(timeout(A_MOMENT, mine.open()).await.is_err(), "no more at once");

    let (mut transfer, mut accepted) = open.pop().unwrap();
    let chunk = BlobFrame::Chunk { index: 1, bytes: vec![9; 60_000].into() };
    let (sent, got) = tokio::join!(accepted.send(&chunk), transfer.receive());
    assert!(sent.is_ok() && got == Ok(chunk));
    let long = BlobFrame::Chunk { index: 1, bytes: vec![9; 200_000].into() };
    assert_eq!(transfer.send(&long).await, Err(TransferError::NotAFrame));
    transfer.send(&BlobFrame::End).await.unwrap();
    let reads = async {
        assert!(accepted.receive().await == Ok(BlobFrame::End));
        assert_eq!(accepted.receive().await.err(), Some(TransferError::Cut), "nothing follows the last word");
        accepted.finish().await;
    };
    tokio::join!(transfer.finish(), reads);
    link.send(&Frame::RootFetch { tag: Tag(7) }).await.unwrap();
    assert!(at_relay.receive().await == Ok(Frame::RootFetch { tag: Tag(7) }), "the session goes on");
    assert!(timeout(Duration::from_secs(5), mine.open()).await.is_ok_and(|opened| opened.is_ok()), "one has ended");
}

#[tokio::test]
async fn a_transfer_that_is_dropped_is_seen_to_be_cut_and_one_on_a_lost_connection_says_why() {
    let (_dialer, link, at_relay) = both().await;
    let (mine, theirs) = (link.transfers(), at_relay.transfers());
    theirs.admit();
    let mut dropped = mine.open().await.unwrap();
    dropped.send(&BlobFrame::Stored).await.unwrap();
    let mut accepted = theirs.accept().await.unwrap();
    assert!(accepted.receive().await == Ok(BlobFrame::Stored));
    drop(dropped);
    assert_eq!(accepted.receive().await.err(), Some(TransferError::Cut));

    let mut under_way = mine.open().await.unwrap();
    at_relay.closer().close(Goodbye::Busy);
    let why = Some(TransferError::Link(LinkError::Closed(Goodbye::Busy)));
    assert_eq!(under_way.receive().await.err(), why);
    assert_eq!(under_way.send(&BlobFrame::End).await, Err(TransferError::Cut));
    assert_eq!(mine.open().await.err(), why);
    assert_eq!(theirs.accept().await.err(), Some(TransferError::Link(LinkError::Lost)), "closed on this side");
}

#[tokio::test]
async fn what_is_not_a_frame_of_a_transfer_is_named() {
    for bytes in [&[0, 0, 0, 0][..], &[0xff; 4], &[0, 0, 0, 1, 99], &[0, 0, 0, 2, 3, 0]] {
        let (_endpoint, connection, _sender, at_relay) = raw().await;
        let theirs = at_relay.transfers();
        theirs.admit();
        let (mut sender, _receiver) = connection.open_bi().await.unwrap();
        sender.write_all(bytes).await.unwrap();
        let mut accepted = theirs.accept().await.unwrap();
        assert_eq!(accepted.receive().await.err(), Some(TransferError::NotAFrame), "{bytes:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_and_a_port_that_is_taken_are_told_apart() {
    let dialer = Dialer::new().unwrap();
    for address in ["no port", "127.0.0.1", "127.0.0.1:99999"] {
        let outcome = dialer.connect(address, ExpectedRelay::ToBeChecked, None, Alpn::Enrol).await;
        assert_eq!(outcome.err(), Some(LinkError::Unresolved), "{address}");
    }
    let first = listen(SocketAddr::from(([127, 0, 0, 1], 0)), &key(), Arc::new(Only(Vec::new()))).unwrap();
    let second = listen(first.local_addr().unwrap(), &key(), Arc::new(Only(Vec::new())));
    assert_eq!(second.err(), Some(LinkError::Listen(std::io::ErrorKind::AddrInUse)));
}
