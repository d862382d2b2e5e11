//! The relay: its folder, its process, its local port.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Ground, free_address};
use crate::capture::Capture;
use crate::error::WorldError;
use crate::process::Process;
use crate::program::{Answer, Program};
use crate::wait::{self, Look};

/// How long a start may take, in seconds; longer than any on an idle machine, because tests share two cores.
const START_SECONDS: u64 = 60;

/// A relay with its folder.
pub struct Relay {
    ground: Ground,
    name: &'static str,
    folder: PathBuf,
    /// Where nodes connect: the capture, if there is one, else the relay.
    address: SocketAddr,
    local: SocketAddr,
    capture: Option<Capture>,
    process: Option<Process>,
}

impl Relay {
    pub(super) fn init(ground: &Ground, name: &'static str, captured: bool) -> Result<Self, WorldError> {
        let folder = ground.folder.join(name);
        let (listen, local) = (free_address()?, free_address()?);
        let capture = if captured { Some(Capture::start(free_address()?, listen)?) } else { None };
        let address = capture.as_ref().map_or(listen, Capture::front);
        let data = folder.to_string_lossy().into_owned();
        ground.programs.run(Program::Relay, &["init", "--data", &data, "--address", &address.to_string()])?.done()?;
        let relay = Self { ground: ground.clone(), name, folder, address, local, capture, process: None };
        let config = format!(
            "data = \"{data}\"\nlisten = \"{listen}\"\naddress = \"{address}\"\nroot = \"{root}\"\nlocal_listen = \"{local}\"\nlog = \"info\"\n",
            root = relay.root_file().display(),
        );
        std::fs::write(relay.config_file(), config).map_err(WorldError::io("write", relay.config_file()))?;
        Ok(relay)
    }

    /// Everything that the relay keeps.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where nodes connect.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The hop that writes traffic down, if the plan asked for one.
    #[must_use]
    pub const fn capture(&self) -> Option<&Capture> {
        self.capture.as_ref()
    }

    /// Its configuration.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.folder.join("relay.toml")
    }

    pub(super) fn public_file(&self) -> PathBuf {
        self.folder.join("relay.pub")
    }

    pub(super) fn root_file(&self) -> PathBuf {
        self.folder.join("root.scr")
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.ground.log(self.name)
    }

    /// Its process id, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Runs one of the operator's commands on it, with `--json`.
    ///
    /// # Errors
    /// The program cannot be run.
    pub fn operate(&self, command: &str, more: &[&str]) -> Result<Answer, WorldError> {
        let config = self.config_file().to_string_lossy().into_owned();
        let mut arguments = vec!["--json", command, "--config", &config];
        arguments.extend(more);
        self.ground.programs.run(Program::Relay, &arguments)
    }

    /// Starts it and waits until it says that it is well.
    ///
    /// # Errors
    /// It ends, or is not well in time.
    pub fn start(&mut self) -> Result<(), WorldError> {
        let mut command = self.ground.programs.command(Program::Relay);
        command.arg("run").arg("--config").arg(self.config_file());
        let mut process = Process::start(self.name, &mut command, &self.log(), self.ground.lifetime)?;
        self.ground.note(&process)?;
        wait::until("the relay to be well", START_SECONDS, || {
            process.alive()?;
            Ok(match self.get("/health") {
                Some(answer) if answer.starts_with("HTTP/1.1 200") => Look::Seen(()),
                // New: it listens, and waits for the authority's first publication.
                Some(answer) if answer.contains("\"no-registry\"") => Look::Seen(()),
                Some(answer) => Look::NotYet(answer),
                None => Look::NotYet(process.log_tail()),
            })
        })?;
        self.process = Some(process);
        Ok(())
    }

    /// Ends it at once (SIGKILL).
    ///
    /// # Errors
    /// It could not be waited for.
    pub fn kill(&mut self) -> Result<(), WorldError> {
        self.process.take().map_or(Ok(()), |mut process| process.kill())
    }

    /// Ends it politely (SIGTERM); its exit must be clean.
    ///
    /// # Errors
    /// It does not end, or not with 0.
    pub fn stop(&mut self) -> Result<(), WorldError> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        let status = process.stop(START_SECONDS)?;
        if status.success() {
            return Ok(());
        }
        Err(WorldError::Ended { name: self.name.to_owned(), code: status.to_string(), log: process.log_tail() })
    }

    /// Answer of its local port to `GET path`, head and body; none while nobody answers.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect_timeout(&self.local, Duration::from_secs(5)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.local);
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned())
    }
}
