//! Every question of a vault with many referrals is answered; how long it takes is written down and promised by no test.
//!
//! ```text
//! SPEED_REFERRALS=100000 SPEED_FILE=speed.txt cargo test -p safeconduct-client --lib daemon::tests::speed
//! ```

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use super::*;
use crate::{
    api::cases::{ListAsked, OpenAsked},
    casework::store::columns::uuid_text,
};

/// Referrals in the vault when the environment asks for no other number.
pub(super) const REFERRALS: i64 = 1_000;
/// Envelopes that come in.
const ENVELOPES: usize = 96;

thread_local! {
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

fn note(line: &str) {
    SAID.with_borrow_mut(|said| said.push_str(&format!("{line}\n")));
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn timed<T>(body: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = body();
    (begun.elapsed(), done)
}

/// What this thread has had of a processor.
fn processor() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(said.split(' ').next().unwrap().parse().unwrap())
}

/// Notes the median of five, in milliseconds.
fn say(what: &str, mut body: impl FnMut()) {
    let mut times: Vec<Duration> = (0..5).map(|_round| timed(&mut body).0).collect();
    times.sort_unstable();
    note(&format!("{what}: {:.1} ms (worst {:.1})", times[2].as_secs_f64() * 1e3, times[4].as_secs_f64() * 1e3));
}

/// Copies what belongs to the only referral of a vault until there are so many: ids are new, words of names and codes differ.
pub(super) fn multiply(node: &Node, wanted: i64) {
    let db = node.vault.db();
    let columns = |table: &str| -> Vec<String> {
        let mut rows = db.prepare(&format!("SELECT name FROM pragma_table_info('{table}')")).unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let copy = |table: &str, instead: &[(&str, &str)], rest: &str| {
        let names = columns(table);
        let values: Vec<String> = names
            .iter()
            .map(|name| {
                instead
                    .iter()
                    .find(|(of, _)| of == name)
                    .map_or_else(|| format!("t.{name}"), |(_, value)| (*value).to_owned())
            })
            .collect();
        let (names, values) = (names.join(", "), values.join(", "));
        for from in (2..=wanted).step_by(2_000) {
            let to = wanted.min(from + 1_999);
            db.execute_batch(&format!(
                "INSERT OR IGNORE INTO {table} ({names})
                    WITH RECURSIVE n (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM n WHERE n < {to})
                    SELECT {values} FROM n, {table} t {rest};"
            ))
            .unwrap();
        }
    };
    // One content stands for all: what is not read by an index would only make the file long.
    let id = "CAST(printf('%016x', n.n * 2654435761) AS BLOB)";
    let state = "iif(n.n % 500 = 0, 'opened', iif(n.n % 2, 'delivered', 'closed'))";
    copy(
        "referral",
        &[
            ("place", "n.n"),
            ("handle", id),
            ("referral", id),
            ("dossier", id),
            ("state", state),
            ("side", "iif(n.n % 100 = 0, 1, 2)"),
            ("late", "n.n % 1000 = 0"),
            ("turn", "iif(n.n % 700 = 0, 2, 1)"),
        ],
        "WHERE t.place = 1",
    );
    copy("referral_revision", &[("referral", "n.n"), ("message", id), ("content", "NULL")], "WHERE t.referral = 1");
    let word = "CASE t.level WHEN 0 THEN iif(length(t.word) = 36, hex(randomblob(16)), t.word)
        ELSE iif(n.n % 3, t.word || n.n, substr('abcdefghijklmnop', 1 + n.n % 16, 1) || t.word || n.n) END";
    copy("referral_word", &[("referral", "n.n"), ("word", word)], "WHERE t.referral = 1");
    copy("timer", &[("referral", "n.n"), ("due", "t.due + 100000000")], "WHERE t.referral = 1 AND t.done = 0");
    copy(
        "inbox",
        &[("place", "n.n + 1"), ("message", id), ("content", "NULL")],
        "WHERE t.place = (SELECT min(place) FROM inbox)",
    );
    let old = "t.queued_at";
    copy(
        "outbox",
        &[
            ("place", "n.n + 1"),
            ("message", id),
            ("state", "'relay-accepted'"),
            ("request", "randomblob(16)"),
            ("queued_at", old),
        ],
        "WHERE t.place = (SELECT min(place) FROM outbox)",
    );
    let count: i64 = db.query_row("SELECT count(*) FROM referral", [], |row| row.get(0)).unwrap();
    assert_eq!(count, wanted);
    copy("replay", &[("digest", "randomblob(32)")], "WHERE t.digest = (SELECT min(digest) FROM replay)");
}

fn with_id(number: u8) -> Vec<u8> {
    let mut value: serde_json::Value = serde_json::from_slice(&back(std::str::from_utf8(&sample()).unwrap())).unwrap();
    let mut id = [number; 16];
    id[6] = id[6] & 0x0f | 0x40;
    id[8] = id[8] & 0x3f | 0x80;
    value["header"]["referral_id"] = serde_json::Value::String(uuid_text(&id));
    serde_json::to_vec(&value).unwrap()
}

/// Envelopes with a referral each, sealed to one-time keys.
pub(super) fn envelopes(setting: &mut Setting, from: &mut testing::Node) -> Vec<Vec<u8>> {
    setting.world.update(from, setting.node.now());
    let batches = setting.node.stocked(&[], &[]).unwrap();
    let records: Vec<_> = batches.into_iter().flatten().filter(|record| record[6] == 2).take(ENVELOPES).collect();
    let (now, own) = (setting.node.now(), setting.node.identity.node);
    let mut all = Vec::new();
    for (number, record) in (1..).zip(&records) {
        let content = with_id(number);
        let new = outbox::NewReferral {
            content: &content,
            recipient: own,
            agency: &OWN.parse().unwrap(),
            referral_id: "ref-1",
            rank: outbox::Rank::Normal,
            exercise: false,
            alarm_after_s: outbox::ALARM_AFTER_S,
            idempotency: None,
        };
        let vault = from.vault.as_mut().unwrap();
        let message = outbox::queue(vault, &new, now, &mut setting.world.entropy).unwrap().message();
        outbox::seal::seal(vault, &from.identity, &from.held, &message, record, now, &mut setting.world.entropy)
            .unwrap();
        all.push(outbox::submission(vault, &message).unwrap().unwrap().envelope);
    }
    all
}

#[expect(clippy::cast_precision_loss, reason = "a measurement prints")]
fn incoming(setting: &mut Setting, envelopes: &[Vec<u8>]) {
    let node = &mut setting.node;
    let rate = |count: usize, time: Duration| count as f64 / time.as_secs_f64();
    let (alone, together) = envelopes.split_at(ENVELOPES / 3);
    let mut measured = |what: &str, some: &[Vec<u8>], size: usize| {
        let before = processor();
        let (time, ()) =
            timed(|| some.chunks(size).for_each(|some| assert_eq!(node.receive_all(some).unwrap().len(), some.len())));
        let own = processor().saturating_sub(before);
        note(&format!("incoming, {what}: {:.0} a second", rate(some.len(), time)));
        note(&format!("incoming, {what}: {:.0} a second of one processor", rate(some.len(), own)));
    };
    measured("one by one", alone, 1);
    measured("32 together", together, 32);
    let write = |node: &mut Node| {
        node.vault.db().execute("UPDATE timer SET due = due + 1 WHERE referral = 1", []).unwrap();
    };
    let (time, ()) = timed(|| (0..100).for_each(|_round| write(node)));
    note(&format!("floor, a small commit with a wait for the disk: {:.0} a second", rate(100, time)));
    let gone = Default::default();
    let seeds = |node: &mut Node| node.vault.rewrite_seeds(&mut node.entropy, |_seeds| ()).unwrap();
    let (time, ()) = timed(|| (0..100).for_each(|_round| seeds(node)));
    note(&format!("floor, the file of seeds written anew: {:.0} a second", rate(100, time)));
    let sign = || {
        let digest = safeconduct_protocol::id::EnvelopeDigest::from_bytes(gone);
        let kind = safeconduct_protocol::receipt::settle::SettleKind::Done;
        safeconduct_protocol::receipt::settle::Settlement::sign(&node.identity.key, node.identity.node, digest, kind)
    };
    let (time, ()) = timed(|| {
        (0..200).for_each(|_round| {
            std::hint::black_box(sign());
        })
    });
    note(&format!("floor, one signature: {:.0} a second", rate(200, time)));
}

#[test]
fn a_vault_with_many_referrals_answers_every_question() {
    let wanted = std::env::var("SPEED_REFERRALS").ok().and_then(|text| text.parse().ok()).unwrap_or(REFERRALS);
    let mut setting = Setting::new(840);
    let mut from = setting.joins(HARBOUR);
    setting.update(THEN);
    let all = envelopes(&mut setting, &mut from);
    setting.node.receive(&all[0]).unwrap();
    multiply(&setting.node, wanted);
    let node = &mut setting.node;
    let text = |text: &str| Some(text.to_owned());
    let asked = ListAsked::default();
    let lists = [
        ("list", asked.clone()),
        ("list, middle", ListAsked { after: Some((wanted / 2).to_string()), ..asked.clone() }),
        ("list, received", ListAsked { side: text("received"), ..asked.clone() }),
        (
            "list, sent, middle",
            ListAsked { side: text("sent"), after: Some((wanted / 2).to_string()), ..asked.clone() },
        ),
        ("list, opened", ListAsked { state: text("opened"), ..asked.clone() }),
        ("list, none of this state", ListAsked { state: text("declined"), ..asked.clone() }),
        ("list, late", ListAsked { late: true, ..asked.clone() }),
        ("list, their turn", ListAsked { turn: text("theirs"), ..asked.clone() }),
        (
            "list, sent, delivered, late",
            ListAsked { side: text("sent"), state: text("delivered"), late: true, ..asked.clone() },
        ),
        ("list, our turn, sent", ListAsked { side: text("sent"), turn: text("ours"), ..asked.clone() }),
        ("search, a name", ListAsked { search: text("oksana99"), ..asked.clone() }),
        ("search, a letter", ListAsked { search: text("o"), ..asked.clone() }),
        ("search, a code", ListAsked { search: text("lnt-7q2k-01777"), ..asked.clone() }),
        ("search, every code", ListAsked { search: text("lnt"), ..asked.clone() }),
        ("search, an agency of all", ListAsked { search: text("xa.harb"), ..asked.clone() }),
        ("search, an agency of all, sent", ListAsked { search: text("harbour"), side: text("sent"), ..asked.clone() }),
        (
            "search, an agency of all, opened",
            ListAsked { search: text("harbour"), state: text("opened"), ..asked.clone() },
        ),
        ("search, nothing", ListAsked { search: text("zzzz"), ..asked.clone() }),
    ];
    for (what, asked) in lists {
        say(what, || drop(node.referrals(&asked).unwrap()));
    }
    let first = node.referrals(&ListAsked { after: text("2"), ..asked }).unwrap().referrals.pop().unwrap().id;
    say("show one", || drop(node.referral(&first, None).unwrap()));
    say("show one by eight digits", || drop(node.referral(&first[..8], None).unwrap()));
    let open = OpenAsked { names: true, ..OpenAsked::default() };
    say("open one", || drop(node.open_referral(&first, &open).unwrap()));
    say("fold one anew", || node.refresh_case_of_test(1));
    say("status", || drop(node.status(None).unwrap()));
    say("inbox", || drop(node.inbox().unwrap()));
    say("upkeep of the casework", || node.keep_cases().unwrap());
    say("all upkeep of a minute", || node.housekeep().unwrap());
    incoming(&mut setting, &all[1..]);
    let said = SAID.take();
    assert_eq!(said.lines().count(), 33, "{said}");
    if let Some(file) = std::env::var_os("SPEED_FILE") {
        std::fs::write(file, said).unwrap();
    }
}
