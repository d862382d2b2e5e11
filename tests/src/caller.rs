//! A program of an agency that calls the local API of its node.

use std::fs;
use std::io::{self, Read, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use crate::error::WorldError;
use crate::wait::{self, Look};
use crate::world::Node;

/// Longest time for the API to be served, and for an answer, in seconds.
const SECONDS: u64 = 300;

/// A program of one node.
#[derive(Debug)]
pub struct Caller {
    /// The port of the node's API.
    pub port: u16,
    /// What the program was admitted with.
    pub token: String,
}

impl Caller {
    /// Opens the node's API, starts it again, and admits a program that may read and act; `more` goes to `token new`.
    ///
    /// # Errors
    /// [`WorldError::Io`], or what the node says.
    pub fn admitted(node: &mut Node, more: &[&str]) -> Result<Self, WorldError> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let port = free.map_err(WorldError::io("listen on", "127.0.0.1"))?.port();
        let path = node.data().join("config.toml");
        let config = fs::read_to_string(&path).map_err(WorldError::io("read", &path))?;
        node.stop()?;
        node.write_config(&format!("{config}api_port = {port}\n"))?;
        node.start()?;
        node.connected()?;
        let new = ["token", "new", "desk", "--scope", "read", "--scope", "act"];
        let made = node.done(&[&new[..], more].concat())?;
        let token = made.get("token").and_then(|token| token.as_str()).unwrap_or_default();
        Ok(Self { port, token: token.to_owned() })
    }

    /// Sends a request, `more` among its head, and leaves the answer to be read. Who is refused may be answered before everything is sent.
    ///
    /// # Errors
    /// [`WorldError::Late`] when nobody listens, [`WorldError::Io`] when the head cannot be sent.
    pub fn send(&self, line: &str, more: &str, body: &mut dyn Read, length: u64) -> Result<TcpStream, WorldError> {
        let look = || match TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) {
            Ok(stream) => Ok(Look::Seen(stream)),
            Err(error) => Ok(Look::NotYet(error.to_string())),
        };
        let mut stream = wait::until("the port to be served", SECONDS, look)?;
        let (port, token) = (self.port, &self.token);
        let head = format!("{line} HTTP/1.1\r\nhost: localhost:{port}\r\nauthorization: Bearer {token}\r\n{more}");
        let sent = stream
            .set_read_timeout(Some(Duration::from_secs(SECONDS)))
            .and_then(|()| write!(stream, "{head}connection: close\r\ncontent-length: {length}\r\n\r\n"));
        sent.map_err(WorldError::io("send to", "the API"))?;
        io::copy(body, &mut stream).ok();
        Ok(stream)
    }
}
