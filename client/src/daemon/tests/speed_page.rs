//! Every page is answered from a vault with many referrals; how long it takes is written down and promised by no test.
//!
//! ```text
//! SPEED_REFERRALS=100000 SPEED_PAGE_FILE=speed.txt cargo test -p safeconduct-client --lib daemon::tests::speed_page
//! ```

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    speed::{REFERRALS, envelopes, multiply},
    *,
};
use crate::{api::cases::ListAsked, web};

/// Times that each page is asked for.
const ROUNDS: usize = 9;

/// A browser with one cookie, as far as these pages need one.
struct Visitor {
    port: u16,
    cookie: String,
}

impl Visitor {
    fn ask(&self, method: &str, path: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let origin = format!("http://127.0.0.1:{}", self.port);
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {origin}\r\nCookie: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.port,
            self.cookie,
            form.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Signs in with the vault's passphrase, and gives the path of the session.
    fn sign_in(&mut self) -> String {
        let answer = self.ask("POST", "/", &format!("secret={}", testing::passphrase().replace(' ', "+")));
        let header = |name: &str| -> String {
            let line = answer.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned()
        };
        self.cookie = header("set-cookie: ").split(';').next().unwrap().to_owned();
        header("location: ").trim_end_matches('/').to_owned()
    }

    /// The median of what a page takes, in milliseconds, with its bytes.
    #[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
    fn said(&self, what: &str, path: &str) -> String {
        let mut times = Vec::new();
        let mut bytes = 0;
        for _round in 0..ROUNDS {
            let begun = Instant::now();
            let answer = self.ask("GET", path, "");
            times.push(begun.elapsed());
            assert!(answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
            bytes = answer.len();
        }
        times.sort_unstable();
        let (median, worst) = (times[ROUNDS / 2].as_secs_f64() * 1e3, times[ROUNDS - 1].as_secs_f64() * 1e3);
        assert!(bytes < 100 * 1024, "{what} has {bytes} bytes");
        format!("{what}: {median:.1} ms (worst {worst:.1}), {bytes} bytes\n")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_answered_from_a_vault_with_many_referrals() {
    let wanted = std::env::var("SPEED_REFERRALS").ok().and_then(|text| text.parse().ok()).unwrap_or(REFERRALS);
    let (kept, folder) = std::sync::mpsc::channel();
    let open = move || {
        let mut setting = Setting::new(841);
        let mut from = setting.joins(HARBOUR);
        setting.update(THEN);
        let came = envelopes(&mut setting, &mut from);
        setting.node.receive(&came[0]).unwrap();
        multiply(&setting.node, wanted);
        let Setting { node, _dir, .. } = setting;
        kept.send((_dir, from)).unwrap();
        Ok(node)
    };
    let (core, thread) = tokio::task::spawn_blocking(move || Core::start(open)).await.unwrap().unwrap();
    let _folder = folder.recv().unwrap();
    let asked = ListAsked { after: Some("2".to_owned()), ..ListAsked::default() };
    let (handle, _reports) = Handle::new(core);
    let referrals = handle.core().call(move |node| node.referrals(&asked)).await.unwrap();
    let one = referrals.referrals.last().unwrap().id.clone();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let stop = CancellationToken::new();
    let served = TaskTracker::new();
    served.spawn(web::serve(listener, Duration::from_secs(600), handle.clone(), stop.clone()));
    served.close();
    let said = tokio::task::spawn_blocking(move || {
        let mut visitor = Visitor { port, cookie: String::new() };
        let base = visitor.sign_in();
        let middle = wanted / 2;
        [
            ("referrals", format!("{base}/")),
            ("referrals, middle", format!("{base}/?after={middle}")),
            ("waiting for us", format!("{base}/?view=ours")),
            ("late", format!("{base}/?view=late")),
            ("one referral", format!("{base}/referral/{one}")),
            ("refer", format!("{base}/refer")),
            ("directory", format!("{base}/directory")),
            ("help", format!("{base}/help")),
        ]
        .map(|(what, path)| visitor.said(what, &path))
        .concat()
    });
    let said = said.await.unwrap();
    stop.cancel();
    served.wait().await;
    drop(handle);
    tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
    if let Some(file) = std::env::var_os("SPEED_PAGE_FILE") {
        std::fs::write(file, said).unwrap();
    }
}
