//! The seam under links: what carries a connection's bytes and dials where there is no network, as in the simulator
//! (`tests/sim`). The programs never use it.

use std::pin::Pin;

use safeconduct_protocol::frame::Goodbye;

use super::{Alpn, ExpectedRelay, Link, LinkError, TlsKey};

/// What is waited for.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One end of a connection with one stream in each direction: bytes come in order, each once, or the connection is over.
pub trait Pipe: Send + Sync {
    /// Takes the bytes of whole frames; waits while the other end takes nothing.
    ///
    /// # Errors
    /// Why the connection is over.
    fn write(&self, frames: Vec<Vec<u8>>) -> Waiting<'_, Result<(), LinkError>>;

    /// The next bytes. A dropped future has taken nothing.
    ///
    /// # Errors
    /// Why there will be none.
    fn read(&self) -> Waiting<'_, Result<Vec<u8>, LinkError>>;

    /// Ends this direction and waits until the other end has everything.
    fn finish(&self) -> Waiting<'_, ()>;

    /// Closes at once; what has not arrived may be lost.
    fn close(&self, reason: Goodbye);

    /// Why the connection is over.
    fn why(&self) -> LinkError;
}

/// Makes links.
pub trait Dials: Send + Sync {
    /// As [`Dialer::connect`](super::Dialer::connect).
    ///
    /// # Errors
    /// As there.
    fn dial<'a>(
        &'a self,
        address: &'a str,
        expected: ExpectedRelay,
        key: Option<&'a TlsKey>,
        alpn: Alpn,
    ) -> Waiting<'a, Result<Link, LinkError>>;
}
