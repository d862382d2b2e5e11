//! The local API: HTTP/1 and JSON over the Unix socket `DATA/daemon.sock`, for the command line and for whoever the
//! node's operator lets near the socket. The verbs are those of [`crate::daemon::Node`].

pub mod audit;
pub mod cases;
mod casework;
pub mod client;
pub mod documents;
pub mod drafts;
pub mod evidence;
pub(crate) mod files;
pub mod found;
pub mod page;
pub mod people;
pub mod port;
pub mod posts;
pub mod profiles;
pub mod recovered;
pub mod reports;
pub mod server;
pub mod shapes;
pub mod tokens;
pub mod travelling;

/// The socket's name in the data directory.
pub const SOCKET_FILE: &str = "daemon.sock";

/// Longest request body in bytes: a referral, its JSON escapes, and room.
pub const BODY_BYTES_MAX: usize = 512 * 1024;

/// Longest answer in bytes that the command line takes.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

#[cfg(test)]
mod tests;
