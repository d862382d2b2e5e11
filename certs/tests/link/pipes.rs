//! A link over something else than QUIC: the same frames, no transfers, and the pipe's own last word.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use safeconduct_certs::link::{
    Alpn, Dialer, Dials, ExpectedRelay, Link, LinkError, Pipe, TlsKey, TransferError, pipe::Waiting,
};
use safeconduct_protocol::frame::{Frame, Goodbye, Tag};

use crate::key;

/// What was written is what is read, a byte less than a frame at a time.
#[derive(Default)]
struct Echo {
    written: Mutex<Vec<Vec<u8>>>,
    unread: Mutex<VecDeque<u8>>,
    said: Mutex<Vec<&'static str>>,
    closed: Mutex<Option<Goodbye>>,
}

impl Pipe for Echo {
    fn write(&self, frames: Vec<Vec<u8>>) -> Waiting<'_, Result<(), LinkError>> {
        self.unread.lock().unwrap().extend(frames.concat());
        self.written.lock().unwrap().push(frames.concat());
        Box::pin(async { self.closed.lock().unwrap().map_or(Ok(()), |reason| Err(LinkError::Closed(reason))) })
    }

    fn read(&self) -> Waiting<'_, Result<Vec<u8>, LinkError>> {
        Box::pin(async {
            let mut unread = self.unread.lock().unwrap();
            let some: Vec<u8> = (0..5).filter_map(|_| unread.pop_front()).collect();
            if some.is_empty() { Err(self.why()) } else { Ok(some) }
        })
    }

    fn finish(&self) -> Waiting<'_, ()> {
        Box::pin(async { self.said.lock().unwrap().push("finished") })
    }

    fn close(&self, reason: Goodbye) {
        *self.closed.lock().unwrap() = Some(reason);
    }

    fn why(&self) -> LinkError {
        self.closed.lock().unwrap().map_or(LinkError::Lost, LinkError::Closed)
    }
}

#[tokio::test]
async fn frames_over_a_pipe_are_whole_again_however_they_are_cut() {
    let pipe = Arc::new(Echo::default());
    let mut link = Link::over(Arc::<Echo>::clone(&pipe), Alpn::Authority, Some([4; 32]));
    assert_eq!((link.alpn(), link.peer()), (Alpn::Authority, Some([4; 32])));
    let frames: Vec<Frame> = (0..3).map(|n| Frame::RegistryFetch { tag: Tag(n), from: n << 40 }).collect();
    link.send(&frames[0]).await.unwrap();
    let closer = link.closer();
    let transfers = link.transfers();
    let (mut sender, mut receiver) = link.split();
    sender.send_all(&frames[1..]).await.unwrap();
    assert_eq!(pipe.written.lock().unwrap().len(), 2, "what is sent together is written together");

    for frame in &frames {
        assert!(receiver.receive().await == Ok(frame.clone()));
    }
    assert_eq!(receiver.receive().await.err(), Some(LinkError::Lost));
    sender.finish().await;
    assert_eq!(*pipe.said.lock().unwrap(), ["finished"]);
    assert_eq!(closer.remote_address(), None);
    transfers.widen();
    transfers.admit();
    assert_eq!(transfers.open().await.err(), Some(TransferError::NoStream));
    assert_eq!(transfers.accept().await.err(), Some(TransferError::NoStream));
    closer.close(Goodbye::Replaced);
    assert_eq!(receiver.receive().await.err(), Some(LinkError::Closed(Goodbye::Replaced)));
    assert_eq!(sender.send(&frames[0]).await, Err(LinkError::Closed(Goodbye::Replaced)));
}

/// Address, relay, the key's hash and protocol of one call.
type Asked = (String, ExpectedRelay, Option<[u8; 32]>, Alpn);

/// Remembers how it was asked.
#[derive(Default)]
struct Switchboard(Mutex<Vec<Asked>>);

impl Dials for Switchboard {
    fn dial<'a>(
        &'a self,
        address: &'a str,
        expected: ExpectedRelay,
        key: Option<&'a TlsKey>,
        alpn: Alpn,
    ) -> Waiting<'a, Result<Link, LinkError>> {
        self.0.lock().unwrap().push((address.to_owned(), expected, key.map(TlsKey::spki_hash), alpn));
        Box::pin(async move {
            if address == "nowhere" {
                return Err(LinkError::KeyRefused);
            }
            Ok(Link::over(Arc::new(Echo::default()), alpn, Some([9; 32])))
        })
    }
}

#[tokio::test]
async fn a_dialer_without_sockets_leaves_everything_to_the_other() {
    let board = Arc::new(Switchboard::default());
    let dialer = Dialer::through(Arc::<Switchboard>::clone(&board));
    let node = key();
    let pinned = ExpectedRelay::Pinned([3; 32]);

    let link = dialer.connect("not even an address", pinned, Some(&node), Alpn::Node).await.unwrap();
    assert_eq!((link.alpn(), link.peer()), (Alpn::Node, Some([9; 32])));
    let refused = dialer.connect("nowhere", ExpectedRelay::ToBeChecked, None, Alpn::Enrol).await;
    assert_eq!(refused.err(), Some(LinkError::KeyRefused));
    dialer.finish().await;

    let asked = board.0.lock().unwrap();
    assert_eq!(asked[0], ("not even an address".to_owned(), pinned, Some(node.spki_hash()), Alpn::Node));
    assert_eq!(asked[1], ("nowhere".to_owned(), ExpectedRelay::ToBeChecked, None, Alpn::Enrol));
}
