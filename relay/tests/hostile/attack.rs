//! The pieces that attacks are made of.

use std::{
    net::{Ipv4Addr, UdpSocket},
    ops::Range,
    time::Duration,
};

use quinn::{Connection, ConnectionError, Endpoint};
use safeconduct_certs::link::{Alpn, ExpectedRelay, client_config};
use safeconduct_protocol::{
    blob::BlobFrame,
    codec,
    frame::{Goodbye, LENGTH_PREFIX_BYTES},
};
use tokio::time::timeout;

use super::world::World;

/// The reason with which the relay has closed (`docs/PROTOCOL.md` §1).
pub(crate) fn reason(error: &ConnectionError) -> Option<Goodbye> {
    let ConnectionError::ApplicationClosed(close) = error else { return None };
    let tag = u8::try_from(close.error_code.into_inner().checked_sub(0x100)?).ok()?;
    codec::decode(&[tag]).ok()
}

/// First packets of handshakes that go no further, each of a connection of its own.
pub(crate) struct Beginnings(Vec<Vec<u8>>);

impl Beginnings {
    /// So many, caught on their way to somebody who never answers.
    pub(crate) async fn make(count: usize) -> Self {
        let nobody = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let target = nobody.local_addr().unwrap();
        let socket = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
        let config = client_config(None, ExpectedRelay::ToBeChecked, Alpn::Enrol).unwrap();
        let mut caught: Vec<Vec<u8>> = Vec::new();
        let mut packet = vec![0; 2_048];
        while caught.len() < count {
            let begun = socket.connect_with(config.clone(), target, "relay").unwrap();
            let (length, _) = timeout(Duration::from_secs(30), nobody.recv_from(&mut packet)).await.unwrap().unwrap();
            drop(begun);
            // Packets of one connection begin with the same ids.
            if caught.last().is_none_or(|last| last[..14] != packet[..14]) {
                caught.push(packet[..length].to_vec());
            }
        }
        Self(caught)
    }

    /// Sends some of them, each from a socket of its own.
    pub(crate) fn send(&self, world: &World, which: Range<usize>, from: impl Fn(usize) -> Ipv4Addr) {
        for number in which {
            let socket = UdpSocket::bind((from(number), 0)).unwrap();
            socket.send_to(&self.0[number], world.address).unwrap();
        }
    }
}

/// Sends these bytes on a stream beside the session's, and gives the first frame that is answered, if any.
pub(crate) async fn blob_frames(connection: &Connection, bytes: &[u8]) -> Option<BlobFrame> {
    let (mut sender, mut receiver) = connection.open_bi().await.unwrap();
    sender.write_all(bytes).await.unwrap();
    let mut prefix = [0; LENGTH_PREFIX_BYTES];
    receiver.read_exact(&mut prefix).await.ok()?;
    let mut body = vec![0; BlobFrame::body_length(prefix).unwrap()];
    receiver.read_exact(&mut body).await.ok()?;
    Some(BlobFrame::from_body(&body).unwrap())
}

/// A slot's secret that nobody else has.
pub(crate) fn slot_secret(batch: usize, at: usize) -> [u8; 32] {
    let mut secret = [6; 32];
    secret[..8].copy_from_slice(&(batch as u64).to_be_bytes());
    secret[8..16].copy_from_slice(&(at as u64).to_be_bytes());
    secret
}

/// Bytes of every length, some of which begin as QUIC packets do.
pub(crate) fn rubbish(number: u32) -> Vec<u8> {
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(1);
    let length = [0, 1, 20, 60, 1_200, 1_400][number as usize % 6];
    let mut bytes: Vec<u8> = (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as u8
        })
        .collect();
    if let (Some(first), 0) = (bytes.first_mut(), number % 2) {
        *first |= 0xc0;
        // Version 1.
        if bytes.len() > 5 {
            bytes[1..5].copy_from_slice(&[0, 0, 0, 1]);
        }
    }
    bytes
}
