//! The daemon's log: to stderr, event names as constants; fields are codes, counts and `id.short()`, never anything of a
//! person.

use std::io::IsTerminal as _;

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    registry,
};

/// Names of events.
pub mod event {
    /// The vault is open.
    pub const UNLOCKED: &str = "vault-unlocked";
    /// The daemon serves.
    pub const STARTED: &str = "daemon-started";
    /// A signal came.
    pub const STOPPING: &str = "daemon-stopping";
    /// All is closed.
    pub const STOPPED: &str = "daemon-stopped";
    /// The deadline passed before all tasks ended.
    pub const STOPPED_LATE: &str = "daemon-stopped-late";
    /// The local socket failed.
    pub const SOCKET_FAILED: &str = "socket-failed";
    /// The local API's port cannot be had; it is tried again.
    pub const PORT_TAKEN: &str = "api-port-taken";
    /// The page's port cannot be had; it is tried again.
    pub const PAGE_PORT_TAKEN: &str = "page-port-taken";
    /// A session is authenticated.
    pub const CONNECTED: &str = "relay-connected";
    /// A session or an attempt ended.
    pub const DISCONNECTED: &str = "relay-disconnected";
    /// A session was ended for a new one, which watches other slots.
    pub const RENEWED: &str = "relay-session-renewed";
    /// The relay is none that this node may speak to.
    pub const REFUSED: &str = "relay-refused";
    /// This machine's clock and the relay's differ.
    pub const CLOCK: &str = "clock-differs";
    /// The registry copy grew.
    pub const REGISTRY: &str = "registry-grown";
    /// Prekeys were published.
    pub const PREKEYS: &str = "prekeys-published";
    /// A message was sealed.
    pub const SEALED: &str = "message-sealed";
    /// The relay holds a message.
    pub const ACCEPTED: &str = "message-relay-accepted";
    /// A message could not go on.
    pub const HELD_BACK: &str = "message-held-back";
    /// An envelope was processed.
    pub const PROCESSED: &str = "envelope-processed";
    /// An item of a slot was processed.
    pub const SLOT_PROCESSED: &str = "slot-item-processed";
    /// The vault could not do what was asked of it.
    pub const CORE_FAILED: &str = "vault-failed";
    /// Messages whose receipt did not come in time.
    pub const OVERDUE: &str = "receipts-overdue";
    /// Keys were made that are to follow this node's own.
    pub const KEYS_MADE: &str = "keys-made";
    /// The registry names them: they are this node's own now.
    pub const KEYS_IN_FORCE: &str = "keys-in-force";
    /// A period was released, and is frozen.
    pub const REPORT_RELEASED: &str = "report-released";
    /// Somebody agreed that reports go to a co-ordinator by themselves.
    pub const REPORTS_AGREED: &str = "reports-agreed";
    /// Somebody ended that.
    pub const REPORTS_ENDED: &str = "reports-ended";
    /// A report was queued by an agreement.
    pub const REPORT_SENT: &str = "report-sent";
    /// A person has set aside a report that an agency gave.
    pub const REPORT_SET_ASIDE: &str = "report-set-aside";
    /// The first session after a restore: partners are told.
    pub const RESTORED: &str = "vault-restored";
    /// The relay keeps a head for this node that it has not signed.
    pub const HEAD_FOREIGN: &str = "node-head-foreign";
    /// The vault has gone back or is in use twice: the daemon stops.
    pub const HALTED: &str = "vault-halted";
    /// No person has asked for anything for so long that reading is locked.
    pub const LOCKED: &str = "reading-locked";
    /// The settlements of a tick went out.
    pub const SETTLED: &str = "settled";
    /// A country profile was installed.
    pub const PROFILE: &str = "profile-installed";
    /// A message that says nothing could not be queued.
    pub const COVER_FAILED: &str = "cover-failed";
    /// A document's transfer is over.
    pub const DOCUMENT: &str = "document-transfer";
}

/// Starts logging from `level` on; what libraries say only from warnings on.
pub fn start(level: &str) {
    let level = level.parse().unwrap_or(LevelFilter::INFO);
    let libraries = level.min(LevelFilter::WARN);
    let targets = Targets::new().with_default(libraries).with_target("safeconduct", level);
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).with_target(false);
    tracing::subscriber::set_global_default(registry().with(lines).with(targets)).ok();
}
