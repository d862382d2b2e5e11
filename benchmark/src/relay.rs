//! The relay's own binary as a process: set up, started, watched from outside, stopped or killed.

use std::{
    fs::{self, File},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    error::BenchError,
    measure::{now, pause},
    session::{Session, Target},
    world::World,
};

/// A relay that does not start or end within this has failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at something that has no event.
const LOOK: Duration = Duration::from_millis(2);
/// Files of a relay that are the same in every measurement.
const FILES: [&str; 3] = ["receipt.key", "tls.key", "root.scr"];

/// A running relay.
pub(crate) struct Relay {
    program: PathBuf,
    folder: PathBuf,
    child: Child,
    address: SocketAddr,
    local: SocketAddr,
    tls: [u8; 32],
}

/// What the relay's process takes.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    /// Resident now.
    pub(crate) now_bytes: u64,
    /// The most so far.
    pub(crate) most_bytes: u64,
}

impl Relay {
    /// A relay without envelopes, in the new directory `folder`, that knows the first `agencies`.
    pub(crate) async fn fresh(
        program: &Path,
        origin: &Path,
        folder: PathBuf,
        world: &Arc<World>,
        agencies: u64,
    ) -> Result<Self, BenchError> {
        fs::create_dir(&folder).map_err(BenchError::io("make the relay's directory"))?;
        for name in FILES {
            fs::copy(origin.join(name), folder.join(name)).map_err(BenchError::io(format!("copy {name}")))?;
        }
        let (address, local) = (free_udp()?, free_tcp()?);
        fs::write(folder.join("relay.toml"), configuration(address, local))
            .map_err(BenchError::io("write relay.toml"))?;
        let child = spawn(program, &folder)?;
        let mut relay = Self { program: program.to_owned(), folder, child, address, local, tls: world.relay_tls };
        relay.answers(|health| health.is_some()).await?;
        let mut authority = Session::authority(relay.target(), &world.authority_tls).await?;
        for piece in world.pieces(agencies)? {
            authority.publish(&piece).await?;
        }
        authority.close();
        relay.healthy().await?;
        Ok(relay)
    }

    /// Where nodes connect.
    pub(crate) const fn target(&self) -> Target {
        Target { address: self.address, tls: self.tls }
    }

    /// What `/health` answers, whether it is well or not; none while nobody listens.
    async fn health(&self) -> Option<Value> {
        let mut stream = TcpStream::connect(self.local).await.ok()?;
        let request = format!("GET /health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.local);
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }

    /// Asks for its health until the answer is good enough.
    async fn answers(&mut self, enough: impl Fn(Option<&Value>) -> bool) -> Result<Value, BenchError> {
        let begun = now();
        while begun.elapsed() < PATIENCE {
            let health = self.health().await;
            if enough(health.as_ref())
                && let Some(health) = health
            {
                return Ok(health);
            }
            let ended = self.child.try_wait().map_err(BenchError::io("look at the relay"))?;
            if let Some(status) = ended {
                return Err(self.failed(format!("ended by itself ({status})")));
            }
            pause(LOOK).await;
        }
        Err(BenchError::TooLate("the relay's health"))
    }

    /// Waits until it says that all is well.
    pub(crate) async fn healthy(&mut self) -> Result<Value, BenchError> {
        self.answers(|health| health.is_some_and(|health| health["ok"] == true)).await
    }

    /// Envelopes that it holds, and their bytes.
    pub(crate) async fn stored(&mut self) -> Result<(u64, u64), BenchError> {
        let health = self.healthy().await?;
        let of = |name: &str| health["data"][name].as_u64().unwrap_or_default();
        Ok((of("stored_envelopes"), of("stored_bytes")))
    }

    /// Waits until it holds no more than so many envelopes.
    pub(crate) async fn emptied_to(&mut self, most: u64) -> Result<(), BenchError> {
        let holds = |health: &Value| health["data"]["stored_envelopes"].as_u64().is_some_and(|held| held <= most);
        self.answers(|health| health.is_some_and(holds)).await?;
        Ok(())
    }

    /// Its memory.
    pub(crate) fn memory(&self) -> Result<Memory, BenchError> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.map_err(BenchError::io("read the relay's memory"))?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() * 1024
        };
        Ok(Memory { now_bytes: of("VmRSS:"), most_bytes: of("VmHWM:") })
    }

    /// Processor time that it has taken so far, in user and kernel mode.
    pub(crate) fn processor_time(&self) -> Result<Duration, BenchError> {
        processor_time_of(&self.child.id().to_string())
    }

    /// Bytes that its directory takes on the disk: blocks, not lengths.
    pub(crate) fn disk_bytes(&self) -> Result<u64, BenchError> {
        blocks(&self.folder).map_err(BenchError::io("look through the relay's directory"))
    }

    /// Ends it at once, as a power cut would end a process.
    pub(crate) fn kill(&mut self) -> Result<(), BenchError> {
        self.child.kill().and_then(|()| self.child.wait()).map_err(BenchError::io("kill the relay"))?;
        Ok(())
    }

    /// Starts it again on what it left.
    pub(crate) fn start(&mut self) -> Result<(), BenchError> {
        self.child = spawn(&self.program, &self.folder)?;
        Ok(())
    }

    /// Ends it in order and removes its directory; says how much memory it took at most.
    pub(crate) async fn end(mut self) -> Result<u64, BenchError> {
        let most = self.memory()?.most_bytes;
        if let Some(id) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(id, Signal::TERM).map_err(|error| BenchError::io("stop the relay")(error.into()))?;
        }
        let status = self.ended().await?;
        if !status.success() {
            return Err(self.failed(format!("did not end in order ({status})")));
        }
        fs::remove_dir_all(&self.folder).map_err(BenchError::io("remove the relay's directory"))?;
        crate::disk::settle(self.folder.parent().unwrap_or(&self.folder))?;
        Ok(most)
    }

    async fn ended(&mut self) -> Result<ExitStatus, BenchError> {
        let begun = now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().map_err(BenchError::io("wait for the relay"))? {
                return Ok(status);
            }
            pause(LOOK).await;
        }
        Err(BenchError::TooLate("the relay's end"))
    }

    fn failed(&self, how: String) -> BenchError {
        BenchError::Program { program: "safeconduct-relay", how, log: self.folder.join("log") }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Ended already, or the measurement failed and nobody else will.
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

fn spawn(program: &Path, folder: &Path) -> Result<Child, BenchError> {
    let log = File::options().append(true).create(true).open(folder.join("log"));
    let log = log.map_err(BenchError::io("open the relay's log"))?;
    Command::new(program)
        .arg("run")
        .arg("--config")
        .arg(folder.join("relay.toml"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(BenchError::io("start the relay"))
}

/// Only what would stop a benchmark differs from the defaults: how much one node may submit.
fn configuration(address: SocketAddr, local: SocketAddr) -> String {
    format!(
        "data = \".\"\nlisten = \"{address}\"\naddress = \"{address}\"\nlocal_listen = \"{local}\"\nlog = \"warn\"\n\
         submits_per_s = 1000000\nsubmit_burst = 10000000\n"
    )
}

/// A UDP port that nobody uses now.
fn free_udp() -> Result<SocketAddr, BenchError> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
    socket.map_err(BenchError::io("find a UDP port"))
}

/// A TCP port that nobody uses now.
/// Processor time that a process, by its number or `self`, has taken so far, in user and kernel mode.
pub(crate) fn processor_time_of(process: &str) -> Result<Duration, BenchError> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"));
    let stat = stat.map_err(BenchError::io("read a process's processor time"))?;
    // After the name, which may hold anything: fields 3 and on; utime is 14, stime 15.
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1_000 / rustix::param::clock_ticks_per_second().max(1)))
}

pub(crate) fn free_tcp() -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    listener.map_err(BenchError::io("find a TCP port"))
}

/// Blocks of 512 bytes below a folder.
fn blocks(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0_u64;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        bytes = bytes.saturating_add(about.blocks().saturating_mul(512));
        if about.is_dir() {
            bytes = bytes.saturating_add(blocks(&entry.path())?);
        }
    }
    Ok(bytes)
}
