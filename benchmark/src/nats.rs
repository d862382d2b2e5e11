//! NATS JetStream beside us: the server of the PyPI wheel, and our small driver of its client, both given by `./bench`.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde::Deserialize;
use tokio::net::TcpStream;

use crate::{
    error::BenchError,
    measure::{now, pause, rate},
    relay::free_tcp,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// A running server.
pub(crate) struct Nats {
    child: Child,
    address: SocketAddr,
    driver: PathBuf,
    folder: PathBuf,
}

/// What the driver prints.
#[derive(Deserialize)]
struct Answer {
    published: u64,
    seconds: f64,
    median_us: u64,
}

/// What one run of publishes gave.
pub(crate) struct Published {
    pub(crate) rate: f64,
    pub(crate) median: Duration,
}

impl Nats {
    /// Starts a server that syncs before it acknowledges, with its store in the new directory `folder`.
    pub(crate) async fn start(server: &Path, driver: &Path, folder: PathBuf) -> Result<Self, BenchError> {
        fs::create_dir(&folder).map_err(BenchError::io("make the directory of NATS"))?;
        let address = free_tcp()?;
        let configuration = format!(
            "listen: \"{address}\"\nmax_payload: 1MB\njetstream {{\n  store_dir: {:?}\n  sync_interval: always\n}}\n",
            folder.join("store")
        );
        let path = folder.join("nats.conf");
        fs::write(&path, configuration).map_err(BenchError::io("write nats.conf"))?;
        let log = fs::File::create(folder.join("log")).map_err(BenchError::io("open the log of NATS"))?;
        let child = Command::new(server)
            .arg("-c")
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(BenchError::io("start NATS"))?;
        let mut nats = Self { child, address, driver: driver.to_owned(), folder };
        let begun = now();
        while TcpStream::connect(address).await.is_err() {
            let ended = nats.child.try_wait().map_err(BenchError::io("look at NATS"))?;
            if ended.is_some() || begun.elapsed() > PATIENCE {
                let log = nats.folder.join("log");
                return Err(BenchError::Program { program: "nats-server", how: "did not start".to_owned(), log });
            }
            pause(Duration::from_millis(20)).await;
        }
        Ok(nats)
    }

    /// Publishes for this long over so many connections, with `in_flight` on each.
    pub(crate) fn publish(&self, connections: u32, in_flight: u32, window: Duration) -> Result<Published, BenchError> {
        let output = Command::new(&self.driver)
            .arg(format!("nats://{}", self.address))
            .arg(connections.to_string())
            .arg(in_flight.to_string())
            .arg(window.as_secs_f64().to_string())
            .output()
            .map_err(BenchError::io("start the driver of NATS"))?;
        let failed =
            |how: String| BenchError::Program { program: "the driver of NATS", how, log: self.folder.join("log") };
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let answer: Answer = serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))?;
        let window = Duration::from_secs_f64(answer.seconds);
        Ok(Published { rate: rate(answer.published, window), median: Duration::from_micros(answer.median_us) })
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}
