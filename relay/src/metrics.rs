//! Counters for the operator. No label names a node, a mailbox or an address.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::store::{Ages, Part, Usage, disk::Space};

const COMMIT_SECONDS: &str = "safeconduct_relay_commit_seconds";
const BATCH_CHANGES: &str = "safeconduct_relay_commit_batch_changes";
const DAMAGED: &str = "safeconduct_relay_damaged_envelopes_total";
const COMMITS_FAILED: &str = "safeconduct_relay_commits_failed_total";
const FSYNCS: &str = "safeconduct_relay_fsyncs_total";
const QUEUE: &str = "safeconduct_relay_store_queue_requests";
const SUBMIT_SECONDS: &str = "safeconduct_relay_submit_seconds";
const WAITING: &str = "safeconduct_relay_waiting_envelopes";
const FULLEST: &str = "safeconduct_relay_fullest_place_envelopes";
const DIGESTS: &str = "safeconduct_relay_digests_remembered";
const DISK_FREE: &str = "safeconduct_relay_disk_free_bytes";
const DISK: &str = "safeconduct_relay_disk_bytes";
const MAINTENANCE: &str = "safeconduct_relay_maintenance";
const SUBMITS: &str = "safeconduct_relay_submits_total";
const SUBMITS_REFUSED: &str = "safeconduct_relay_submits_refused_total";
const DELIVERED: &str = "safeconduct_relay_delivered_total";
const SETTLED: &str = "safeconduct_relay_settled_total";
const EXPIRED: &str = "safeconduct_relay_expired_total";
const PREKEYS: &str = "safeconduct_relay_prekeys_served_total";
const CONNECTIONS: &str = "safeconduct_relay_connections";
const LINKS: &str = "safeconduct_relay_links";
const WATCHED: &str = "safeconduct_relay_watched_slots";
const TRANSFERRING: &str = "safeconduct_relay_blob_transfers_open";
const GUESTS: &str = "safeconduct_relay_guests";
const REFUSED: &str = "safeconduct_relay_connections_refused_total";
const STORED: &str = "safeconduct_relay_stored_envelopes";
const STORED_BYTES: &str = "safeconduct_relay_stored_bytes";
const FULLEST_BYTES: &str = "safeconduct_relay_fullest_place_bytes";
const OLDEST: &str = "safeconduct_relay_oldest_expiry_day";
const TIMESTAMP_KEY: &str = "safeconduct_relay_timestamp_key_days";
const LOG_KEY: &str = "safeconduct_relay_log_key_days";
const BLOBS: &str = "safeconduct_relay_blobs";
const BLOB_BYTES: &str = "safeconduct_relay_blob_bytes";
const BLOB_TRANSFERS: &str = "safeconduct_relay_blob_transfers_total";
const BLOBS_REFUSED: &str = "safeconduct_relay_blobs_refused_total";
const REGISTRY: &str = "safeconduct_relay_registry_leaves";

const COMMIT_BOUNDS_S: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0];
const BATCH_BOUNDS: [f64; 6] = [1.0, 4.0, 16.0, 64.0, 256.0, 1024.0];

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts counting; once for the whole process.
pub fn start() {
    HANDLE.get_or_init(|| {
        let builder = bounded(PrometheusBuilder::new(), COMMIT_SECONDS, &COMMIT_BOUNDS_S);
        let builder = bounded(builder, SUBMIT_SECONDS, &COMMIT_BOUNDS_S);
        let builder = bounded(builder, BATCH_CHANGES, &BATCH_BOUNDS);
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // A second recorder in one process (tests) leaves the first in place.
        metrics::set_global_recorder(recorder).ok();
        describe();
        handle
    });
}

#[expect(clippy::expect_used, reason = "only an empty list of bounds is refused, and ours are constants")]
fn bounded(builder: PrometheusBuilder, name: &str, bounds: &[f64]) -> PrometheusBuilder {
    builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), bounds).expect("bounds are not empty")
}

fn describe() {
    metrics::describe_histogram!(COMMIT_SECONDS, "time from the first change of a transaction to the disk's word");
    metrics::describe_histogram!(BATCH_CHANGES, "changes in one transaction");
    metrics::describe_histogram!(SUBMIT_SECONDS, "time from an envelope's arrival to its signed receipt");
    metrics::describe_counter!(FSYNCS, "transactions that the disk has confirmed, by half of the store");
    metrics::describe_gauge!(QUEUE, "requests that wait for the disk, by half of the store");
    metrics::describe_gauge!(WAITING, "envelopes in mailboxes that have waited at least so long");
    metrics::describe_gauge!(FULLEST, "envelopes in the fullest mailbox or slot");
    metrics::describe_gauge!(DIGESTS, "digests of envelopes that are remembered until their day");
    metrics::describe_gauge!(DISK_FREE, "bytes free on the store's file system");
    metrics::describe_gauge!(DISK, "bytes of the store's file system");
    metrics::describe_gauge!(MAINTENANCE, "1 while nothing is taken in on the operator's word");
    metrics::describe_counter!(DAMAGED, "envelopes that were to be read and are not as they were stored");
    metrics::describe_counter!(COMMITS_FAILED, "transactions that the disk refused");
    metrics::describe_counter!(SUBMITS, "envelopes taken durably, repeats included");
    metrics::describe_counter!(SUBMITS_REFUSED, "envelopes refused, by reason");
    metrics::describe_counter!(DELIVERED, "envelopes and slot items sent to nodes, repeats included");
    metrics::describe_counter!(SETTLED, "envelopes that their nodes are done with, by kind");
    metrics::describe_counter!(EXPIRED, "envelopes not collected in time");
    metrics::describe_counter!(PREKEYS, "prekeys handed out, by kind");
    metrics::describe_gauge!(CONNECTIONS, "sessions that are up, by protocol");
    metrics::describe_gauge!(LINKS, "places taken by connections: in handshakes, in all, of those that enrol");
    metrics::describe_gauge!(WATCHED, "slots that all sessions together watch");
    metrics::describe_gauge!(TRANSFERRING, "streams of sealed documents that are being served");
    metrics::describe_gauge!(GUESTS, "sessions of nodes whose home is another relay, by whose nodes they are");
    metrics::describe_counter!(REFUSED, "connections ended before or at the hello, by reason");
    metrics::describe_gauge!(STORED, "envelopes that wait");
    metrics::describe_gauge!(STORED_BYTES, "bytes of envelopes that wait");
    metrics::describe_gauge!(FULLEST_BYTES, "bytes of the fullest mailbox or slot");
    metrics::describe_gauge!(OLDEST, "expiry day (since 1970) of what has waited longest; 0 when nothing waits");
    metrics::describe_gauge!(TIMESTAMP_KEY, "days that the authority's timestamp key is meant to serve still");
    metrics::describe_gauge!(LOG_KEY, "days that the authority's log key is meant to serve still");
    metrics::describe_gauge!(BLOBS, "sealed documents held, those on their way included");
    metrics::describe_gauge!(BLOB_BYTES, "bytes of sealed documents when they are whole");
    metrics::describe_counter!(BLOB_TRANSFERS, "transfers of sealed documents that came to their end, by kind");
    metrics::describe_counter!(BLOBS_REFUSED, "transfers of sealed documents that were refused, by reason");
    metrics::describe_gauge!(REGISTRY, "leaves of the registry log");
}

/// The text that Prometheus reads.
#[must_use]
pub fn render() -> String {
    HANDLE.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// A histogram is folded now and then, so that it does not grow.
pub(crate) fn upkeep() {
    if let Some(handle) = HANDLE.get() {
        handle.run_upkeep();
    }
}

pub(crate) fn damaged() {
    metrics::counter!(DAMAGED).increment(1);
}

pub(crate) fn committed(part: Part, changes: usize, took: Duration) {
    let part = match part {
        Part::Journal => "journal",
        Part::Desk => "desk",
    };
    metrics::counter!(FSYNCS, "part" => part).increment(1);
    metrics::histogram!(COMMIT_SECONDS, "part" => part).record(took.as_secs_f64());
    metrics::histogram!(BATCH_CHANGES, "part" => part).record(float(u64::try_from(changes).unwrap_or(u64::MAX)));
}

pub(crate) fn commit_failed() {
    metrics::counter!(COMMITS_FAILED).increment(1);
}

/// The beginning of a measurement.
#[expect(clippy::disallowed_methods, reason = "a measurement for the operator; nothing is decided by it")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

pub(crate) fn submitted(took: Duration) {
    metrics::counter!(SUBMITS).increment(1);
    metrics::histogram!(SUBMIT_SECONDS).record(took.as_secs_f64());
}

pub(crate) fn submit_refused(reason: &'static str) {
    metrics::counter!(SUBMITS_REFUSED, "reason" => reason).increment(1);
}

pub(crate) fn delivered() {
    metrics::counter!(DELIVERED).increment(1);
}

pub(crate) fn settled(kind: &'static str) {
    metrics::counter!(SETTLED, "kind" => kind).increment(1);
}

pub(crate) fn expired(count: u64) {
    metrics::counter!(EXPIRED).increment(count);
}

pub(crate) fn prekey_served(kind: &'static str) {
    metrics::counter!(PREKEYS, "kind" => kind).increment(1);
}

pub(crate) fn session_up(protocol: &'static str) {
    metrics::gauge!(CONNECTIONS, "protocol" => protocol).increment(1.0);
}

pub(crate) fn session_down(protocol: &'static str) {
    metrics::gauge!(CONNECTIONS, "protocol" => protocol).decrement(1.0);
}

/// `what` is `handshake`, `all`, `enrolling` or `node`.
pub(crate) fn link_up(what: &'static str) {
    metrics::gauge!(LINKS, "places" => what).increment(1.0);
}

pub(crate) fn link_down(what: &'static str) {
    metrics::gauge!(LINKS, "places" => what).decrement(1.0);
}

/// `of` is `own` or `recognised`: which authority registered it, not more.
pub(crate) fn guest_up(of: &'static str) {
    metrics::gauge!(GUESTS, "authority" => of).increment(1.0);
}

pub(crate) fn guest_down(of: &'static str) {
    metrics::gauge!(GUESTS, "authority" => of).decrement(1.0);
}

pub(crate) fn connection_refused(reason: &'static str) {
    metrics::counter!(REFUSED, "reason" => reason).increment(1);
}

/// `kind` is `put`, `get` or `drop`.
pub(crate) fn blob_transferred(kind: &'static str) {
    metrics::counter!(BLOB_TRANSFERS, "kind" => kind).increment(1);
}

pub(crate) fn blob_refused(reason: &'static str) {
    metrics::counter!(BLOBS_REFUSED, "reason" => reason).increment(1);
}

pub(crate) fn usage(usage: &Usage, ages: &Ages) {
    metrics::gauge!(BLOBS).set(float(usage.blobs));
    metrics::gauge!(BLOB_BYTES).set(float(usage.blob_bytes));
    metrics::gauge!(STORED).set(float(usage.envelopes));
    metrics::gauge!(STORED_BYTES).set(float(usage.bytes));
    metrics::gauge!(FULLEST_BYTES).set(float(usage.fullest_bytes));
    metrics::gauge!(FULLEST).set(float(usage.fullest_envelopes));
    metrics::gauge!(DIGESTS).set(float(usage.digests));
    metrics::gauge!(OLDEST).set(float(usage.oldest_expiry.map_or(0, |day| u64::from(day.0))));
    let classes = [
        ("1h", ages.hour),
        ("1d", ages.day),
        ("3d", ages.three_days),
        ("9d", ages.nine_days),
        ("13d", ages.thirteen_days),
    ];
    for (age, count) in classes {
        metrics::gauge!(WAITING, "age" => age).set(float(count));
    }
}

/// What is asked for when the metrics are read.
pub(crate) struct State {
    pub(crate) leaves: u64,
    /// Days that the authority's timestamp key and log key are meant to serve still.
    pub(crate) key_days: [u64; 2],
    /// Requests for the journal, and for the desk.
    pub(crate) waiting: (usize, usize),
    pub(crate) room: Option<Space>,
    pub(crate) watched: usize,
    pub(crate) transferring: usize,
    pub(crate) maintenance: bool,
}

pub(crate) fn state(state: &State) {
    let wide = |count: usize| float(u64::try_from(count).unwrap_or(u64::MAX));
    metrics::gauge!(REGISTRY).set(float(state.leaves));
    let [timestamp, log] = state.key_days;
    metrics::gauge!(TIMESTAMP_KEY).set(float(timestamp));
    metrics::gauge!(LOG_KEY).set(float(log));
    metrics::gauge!(QUEUE, "part" => "journal").set(wide(state.waiting.0));
    metrics::gauge!(QUEUE, "part" => "desk").set(wide(state.waiting.1));
    metrics::gauge!(WATCHED).set(wide(state.watched));
    metrics::gauge!(TRANSFERRING).set(wide(state.transferring));
    if let Some(room) = state.room {
        metrics::gauge!(DISK_FREE).set(float(room.free_bytes));
        metrics::gauge!(DISK).set(float(room.whole_bytes));
    }
    metrics::gauge!(MAINTENANCE).set(if state.maintenance { 1.0 } else { 0.0 });
}

/// Exact up to 2^53, which no count of ours reaches.
#[expect(clippy::cast_precision_loss, reason = "a gauge; exact up to 2^53")]
fn float(value: u64) -> f64 {
    value as f64
}
