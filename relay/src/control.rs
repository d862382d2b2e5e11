//! What the operator asks of a running relay, over `relay.sock` in the data directory: one line of JSON each way.
//!
//! Whoever may open the socket is the relay's account, or root. Without a running relay the command line does the same
//! by itself, under the lock.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
    sync::Semaphore,
    time::timeout,
};
use tracing::{info, warn};

use crate::{
    blobs,
    carry::{self, CarryError},
    shared::Shared,
    store::{
        backup::{self, BackupError},
        blobs::CheckedBlobs,
        journal::{Checked, Checker},
    },
};

/// The socket's file name.
pub const SOCKET: &str = "relay.sock";
/// A command in one line.
const COMMAND_BYTES_MAX: u64 = 64 * 1024;
/// Commands at once: one that reads everything, and a few that do not.
const COMMANDS_MAX: usize = 4;
/// After an accept that failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Longest wait for a command to come.
const COMMAND_WAIT: Duration = Duration::from_secs(10);

/// What may be asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// What is held.
    Usage,
    /// Is every byte as it was written?
    Verify,
    /// Copy the store.
    Backup {
        /// Directory to make.
        to: PathBuf,
    },
    /// Take nothing in, or take in again.
    Maintenance {
        /// Begin?
        on: bool,
    },
    /// Take what the authority says in a file.
    Import {
        /// The file.
        from: PathBuf,
    },
    /// Write what is held for the authority.
    Export {
        /// The file to make.
        to: PathBuf,
    },
}

/// An answer, as it travels.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Was it done?
    pub ok: bool,
    /// What came of it.
    #[serde(default)]
    pub data: Value,
    /// What is wrong.
    #[serde(default)]
    pub message: String,
    /// What to do next.
    #[serde(default)]
    pub remedy: String,
    /// A stable name for programs; empty for what concerns the store.
    #[serde(default)]
    pub code: String,
}

impl Answer {
    fn done(data: Value) -> Self {
        Self { ok: true, data, message: String::new(), remedy: String::new(), code: String::new() }
    }

    fn refused(error: &BackupError) -> Self {
        Self {
            ok: false,
            data: Value::Null,
            message: error.to_string(),
            remedy: error.remedy().to_owned(),
            code: String::new(),
        }
    }
}

/// What a look at everything found, in words for a program.
#[must_use]
pub fn findings(checked: &Checked, documents: &CheckedBlobs) -> Value {
    let mut damage: Vec<_> = checked
        .damage
        .iter()
        .map(|damage| json!({ "place": damage.place.to_hex(), "seq": damage.seq, "what": damage.what.code() }))
        .collect();
    damage.extend(documents.damaged.iter().map(|id| json!({ "document": id.to_hex(), "what": "document" })));
    json!({
        "items": checked.items,
        "bytes": checked.bytes,
        "documents": documents.blobs,
        "document_bytes": documents.bytes,
        "damage": damage,
    })
}

/// Opens the socket; the lock is held, so that one that is there is a dead relay's.
pub(crate) fn listen(data: &Path) -> io::Result<UnixListener> {
    let path = data.join(SOCKET);
    if path.exists() {
        fs::remove_file(&path)?;
    }
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers until the relay stops.
pub(crate) async fn serve(shared: Arc<Shared>, checker: Checker, data: PathBuf, listener: UnixListener) {
    let places = Arc::new(Semaphore::new(COMMANDS_MAX));
    let tasks = tokio_util::task::TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stop.cancelled() => break,
        };
        let Ok((stream, _)) = accepted else {
            // No descriptor left: others need the processor more.
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let (shared, checker, data) = (Arc::clone(&shared), checker.clone(), data.clone());
        tasks.spawn(async move {
            if let Err(error) = one(&shared, checker, data, stream).await {
                warn!(event = "control-failed", "a command was not answered: {}", error.kind());
            }
            drop(place);
        });
    }
    fs::remove_file(data.join(SOCKET)).ok();
}

async fn one(shared: &Shared, checker: Checker, data: PathBuf, stream: UnixStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    let mut bounded = (&mut stream).take(COMMAND_BYTES_MAX);
    let reading = bounded.read_until(b'\n', &mut line);
    timeout(COMMAND_WAIT, reading).await.map_err(|_elapsed| io::ErrorKind::TimedOut)??;
    let answer = match serde_json::from_slice(&line) {
        Ok(command) => act(shared, checker, data, command).await,
        Err(_) => Answer {
            ok: false,
            data: Value::Null,
            message: "this is no command of the relay".to_owned(),
            remedy: "use the `safeconduct-relay` of the same version as the relay that runs".to_owned(),
            code: String::new(),
        },
    };
    let mut bytes = serde_json::to_vec(&answer)?;
    bytes.push(b'\n');
    stream.get_mut().write_all(&bytes).await
}

async fn act(shared: &Shared, checker: Checker, data: PathBuf, command: Command) -> Answer {
    match command {
        Command::Usage => usage(shared).await,
        Command::Verify => {
            info!(event = "verify-started", "everything that is held is read and compared");
            let documents = match blobs::check(shared).await {
                Ok(documents) => documents,
                Err(error) => return Answer::refused(&BackupError::Store(error)),
            };
            answered(tokio::task::spawn_blocking(move || Ok(findings(&checker.run()?, &documents))).await)
        }
        Command::Backup { to } => {
            info!(event = "backup-started", "the store is copied");
            let taken = tokio::task::spawn_blocking(move || {
                let manifest = backup::take(&checker, &data, &to)?;
                Ok(serde_json::to_value(manifest).unwrap_or_default())
            });
            answered(taken.await)
        }
        Command::Maintenance { on } => {
            shared.maintenance.store(on, Ordering::Relaxed);
            info!(event = "maintenance", on, "maintenance mode was set");
            Answer::done(json!({ "maintenance": on }))
        }
        Command::Import { from } => carried(carry::import(shared, &from).await),
        Command::Export { to } => carried(carry::export(shared, &to).await),
    }
}

fn answered(done: Result<Result<Value, BackupError>, tokio::task::JoinError>) -> Answer {
    match done {
        Ok(Ok(data)) => Answer::done(data),
        Ok(Err(error)) => Answer::refused(&error),
        Err(_) => Answer {
            ok: false,
            data: Value::Null,
            message: "the command did not end".to_owned(),
            remedy: "see the relay's log, then try again".to_owned(),
            code: String::new(),
        },
    }
}

fn carried(done: Result<Value, CarryError>) -> Answer {
    match done {
        Ok(data) => Answer::done(data),
        Err(error) => Answer {
            ok: false,
            data: Value::Null,
            message: error.to_string(),
            remedy: error.remedy().to_owned(),
            code: error.code().to_owned(),
        },
    }
}

async fn usage(shared: &Shared) -> Answer {
    match shared.held().await {
        Ok((usage, ages)) => Answer::done(describe(&usage, Some(&ages))),
        Err(error) => Answer::refused(&BackupError::Store(error)),
    }
}

/// What is held, for a program.
#[must_use]
pub fn describe(usage: &crate::store::Usage, ages: Option<&crate::store::Ages>) -> Value {
    json!({
        "envelopes": usage.envelopes,
        "bytes": usage.bytes,
        "mailboxes_and_slots": usage.places,
        "digests_remembered": usage.digests,
        "fullest_envelopes": usage.fullest_envelopes,
        "fullest_bytes": usage.fullest_bytes,
        "foreign_logs": usage.foreign_logs,
        "foreign_leaves": usage.foreign_leaves,
        "documents": usage.blobs,
        "document_bytes": usage.blob_bytes,
        "oldest_expiry_day": usage.oldest_expiry.map(|day| day.0),
        "waiting_at_least": ages.map(|ages| json!({
            "1 hour": ages.hour,
            "1 day": ages.day,
            "3 days": ages.three_days,
            "9 days": ages.nine_days,
            "13 days": ages.thirteen_days,
        })),
    })
}

/// Asks the relay that runs on `data`; none when none listens.
///
/// # Errors
/// It does not answer, or not as a relay does.
pub fn ask(data: &Path, command: &Command) -> io::Result<Option<Answer>> {
    use std::io::{BufRead as _, Write as _};
    let mut stream = match std::os::unix::net::UnixStream::connect(data.join(SOCKET)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut line = serde_json::to_vec(command)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = Vec::new();
    // Up to ten thousand findings.
    io::Read::take(io::BufReader::new(stream), 16 * 1024 * 1024).read_until(b'\n', &mut answer)?;
    Ok(Some(serde_json::from_slice(&answer)?))
}
