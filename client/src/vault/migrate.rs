//! The tables, one step a schema. Steps are appended, never changed; each runs in one transaction with its number.

use rusqlite::{Connection, TransactionBehavior};

use super::error::VaultError;

/// Every step so far; the schema's number is how many have run.
const STEPS: [&str; 30] = [
    SCHEMA_1, SCHEMA_2, SCHEMA_3, SCHEMA_4, SCHEMA_5, SCHEMA_6, SCHEMA_7, SCHEMA_8, SCHEMA_9, SCHEMA_10, SCHEMA_11,
    SCHEMA_12, SCHEMA_13, SCHEMA_14, SCHEMA_15, SCHEMA_16, SCHEMA_17, SCHEMA_18, SCHEMA_19, SCHEMA_20, SCHEMA_21,
    SCHEMA_22, SCHEMA_23, SCHEMA_24, SCHEMA_25, SCHEMA_26, SCHEMA_27, SCHEMA_28, SCHEMA_29, SCHEMA_30,
];

/// Times are Unix seconds, days are days since 1970, digests, ids and keys are their bytes.
const SCHEMA_1: &str = "
-- who this node is; one row
CREATE TABLE node (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    node BLOB NOT NULL, node_random BLOB NOT NULL,
    identity_seed BLOB NOT NULL, succession_public BLOB NOT NULL,
    mailbox BLOB NOT NULL, hedge_key BLOB NOT NULL,
    epoch INTEGER NOT NULL, made_at INTEGER NOT NULL,
    relay TEXT
) STRICT;
-- where the enrolment stands; one row at most
CREATE TABLE enrolment (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    invite BLOB NOT NULL, relay TEXT NOT NULL, root BLOB NOT NULL,
    request BLOB NOT NULL, answer_secret BLOB, state TEXT NOT NULL,
    agency TEXT, directory_key BLOB, reason TEXT
) STRICT;
-- the authority's log, whole
CREATE TABLE registry_leaf (place INTEGER PRIMARY KEY, leaf BLOB NOT NULL, record BLOB NOT NULL) STRICT;
CREATE TABLE registry_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    size INTEGER NOT NULL, root_hash BLOB NOT NULL, note BLOB NOT NULL, timestamp BLOB NOT NULL,
    signed_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT;
-- heads that partners have seen and this node has not reached yet: compared when it does
CREATE TABLE head_ahead (note BLOB PRIMARY KEY, size INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- proof that the log key signed two histories; while one is kept, the registry does not grow
CREATE TABLE head_conflict (
    theirs BLOB PRIMARY KEY, ours BLOB NOT NULL, size INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- what was seen of others: an epoch never goes back, a prekey is used once
CREATE TABLE peer (node BLOB PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE prekey_used (prekey BLOB PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- own prekeys, public part; the seeds are in prekeys.seeds
CREATE TABLE prekey (
    id BLOB PRIMARY KEY, kind INTEGER NOT NULL, not_after INTEGER NOT NULL, record BLOB NOT NULL,
    made_at INTEGER NOT NULL, published_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE tombstone (id BLOB PRIMARY KEY, reason INTEGER NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- messages on their way out
CREATE TABLE outbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    message BLOB NOT NULL UNIQUE, idempotency TEXT UNIQUE,
    kind INTEGER NOT NULL, rank INTEGER NOT NULL, recipient BLOB NOT NULL, agency TEXT,
    referral TEXT, exercise INTEGER NOT NULL,
    state TEXT NOT NULL, reason TEXT, content BLOB, commitment BLOB NOT NULL, salt BLOB NOT NULL,
    request BLOB NOT NULL, queued_at INTEGER NOT NULL, not_before INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, reseals INTEGER NOT NULL DEFAULT 0, last_error TEXT,
    accepted_at INTEGER, delivered_at INTEGER,
    alarm_after_s INTEGER NOT NULL, alarm_at INTEGER NOT NULL, alarm INTEGER NOT NULL DEFAULT 0,
    reply_target BLOB
) STRICT;
CREATE INDEX outbox_due ON outbox (state, rank, place);
-- every envelope that was made for a message; the newest is the one that is sent
CREATE TABLE seal (
    digest BLOB PRIMARY KEY, message BLOB NOT NULL REFERENCES outbox (message), attempt INTEGER NOT NULL,
    envelope BLOB, header BLOB NOT NULL, signature BLOB NOT NULL, prekey BLOB NOT NULL, sealed_at INTEGER NOT NULL,
    recipient_key BLOB NOT NULL,
    reply_id BLOB, reply_secret BLOB, reply_slot BLOB, reply_slot_secret BLOB,
    status_slot BLOB NOT NULL, status_slot_secret BLOB, watch_until INTEGER NOT NULL, expires INTEGER NOT NULL,
    accepted BLOB, UNIQUE (message, attempt)
) STRICT;
CREATE INDEX seal_reply_slot ON seal (reply_slot);
CREATE INDEX seal_status_slot ON seal (status_slot);
-- messages that came
CREATE TABLE inbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    message BLOB NOT NULL, sender BLOB NOT NULL, kind INTEGER NOT NULL, digest BLOB NOT NULL,
    header BLOB NOT NULL, signature BLOB NOT NULL, salt BLOB NOT NULL, content BLOB,
    commitment BLOB NOT NULL, received_at INTEGER NOT NULL, read_at INTEGER,
    referral TEXT, referral_kind TEXT, urgency TEXT, exercise INTEGER NOT NULL,
    state TEXT NOT NULL, note TEXT, UNIQUE (sender, message)
) STRICT;
CREATE TABLE replay (digest BLOB PRIMARY KEY, settlement BLOB NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
    place INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, class INTEGER NOT NULL, reason TEXT NOT NULL,
    envelope BLOB NOT NULL, header BLOB, signature BLOB, sender BLOB, message BLOB, at INTEGER NOT NULL
) STRICT;
-- what is kept to show to others
CREATE TABLE pair (
    partner BLOB PRIMARY KEY, epoch INTEGER NOT NULL, length INTEGER NOT NULL, head BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (
    partner BLOB NOT NULL REFERENCES pair (partner), place INTEGER NOT NULL, message BLOB, entry BLOB NOT NULL,
    PRIMARY KEY (partner, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_message ON evidence (message);
CREATE TABLE receipt (
    message BLOB NOT NULL, kind TEXT NOT NULL, digest BLOB NOT NULL, bytes BLOB NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (message, kind, digest)
) STRICT, WITHOUT ROWID;
";

const SCHEMA_2: &str = "
-- the newest key bundle that the relay served of this node was over a week old, and is of this time
ALTER TABLE peer ADD COLUMN quiet_since INTEGER;
";

const SCHEMA_3: &str = "
-- the last key that the relay served of this node was refused in a way that should alarm a person, and this is the code
ALTER TABLE peer ADD COLUMN key_refused TEXT;
";

const SCHEMA_4: &str = "
-- what was given up without a word before: a person is told
UPDATE outbox SET alarm = 1 WHERE state IN ('failed', 'expired') AND kind <> 2;
";

const SCHEMA_5: &str = "
-- the registry copy was too old to rely on when it came, and confirmed last at this time; 0 when it never was
ALTER TABLE inbox ADD COLUMN unconfirmed_since INTEGER;
";

const SCHEMA_6: &str = "
-- where the receipt of a refused message goes, if it is found good later
ALTER TABLE inbox ADD COLUMN reply_target BLOB;
";

const SCHEMA_7: &str = "
-- when the stock of prekeys was topped up last; one row
CREATE TABLE prekey_refill (only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL) STRICT;
";

const SCHEMA_8: &str = "
-- which one-time prekeys the relay said that it holds, and when: their ids, 16 bytes each
CREATE TABLE stock_report (at INTEGER PRIMARY KEY, one_time BLOB NOT NULL) STRICT;
-- under which kind of prekey messages came, until it is judged whether the relay kept one-time ones back
CREATE TABLE prekey_arrival (
    digest BLOB PRIMARY KEY, sender BLOB NOT NULL, kind INTEGER NOT NULL, created INTEGER NOT NULL,
    at INTEGER NOT NULL, verdict INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- that the relay kept them back; one row
CREATE TABLE prekey_withheld (
    only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL, messages INTEGER NOT NULL, senders INTEGER NOT NULL
) STRICT;
";

const SCHEMA_9: &str = "
-- the logs of recognised authorities, whole, by the hash of the root file that was recognised
CREATE TABLE foreign_leaf (
    authority BLOB NOT NULL, place INTEGER NOT NULL, leaf BLOB NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (authority, place)
) STRICT;
CREATE TABLE foreign_head (
    authority BLOB PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL, timestamp BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- proof that a recognised authority signed two histories; while one is kept, its log does not grow
CREATE TABLE foreign_conflict (
    authority BLOB NOT NULL, theirs BLOB NOT NULL, ours BLOB NOT NULL, size INTEGER NOT NULL, seen_at INTEGER NOT NULL,
    PRIMARY KEY (authority, theirs)
) STRICT, WITHOUT ROWID;
-- the relay to which an envelope goes and where its status slot is: authority (zero: our own), then its number; unknown: home
ALTER TABLE seal ADD COLUMN relay BLOB;
";

const SCHEMA_10: &str = "
-- a change of this node's own registration that is under way; one row at most
CREATE TABLE own_change (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    identity_seed BLOB, succession_public BLOB NOT NULL, statement BLOB, tls INTEGER NOT NULL,
    follows BLOB, request BLOB, stand TEXT NOT NULL, made_at INTEGER NOT NULL
) STRICT;
-- since when this node has had a key, if not since it was made
CREATE TABLE key_since (what TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- the newest signed time that was held when a leaf was taken: what waits, waits from then on
ALTER TABLE registry_leaf ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
-- this node was put in the place of another one, in force from then on; 0 at once
ALTER TABLE enrolment ADD COLUMN in_force_from INTEGER;
";

const SCHEMA_11: &str = "
-- the file that shows the contradiction to a stranger; none in what was found before there was such a file
ALTER TABLE head_conflict ADD COLUMN proof BLOB;
";

/// Recovery: node head, backups, restores, and what partners' chains were seen to be.
const SCHEMA_12: &str = "
-- what the node head covers: identity, pinned authority and registry in one hash; highest epochs seen of others and pair chains
-- in a sum of hashes, one a row, so that a change costs no more with many partners
CREATE VIEW node_state AS SELECT safeconduct_sha256(
    'node ' || coalesce((SELECT group_concat(hex(node) || ':' || hex(safeconduct_sha256(identity_seed)) || ':'
        || hex(succession_public) || ':' || hex(mailbox) || ':' || epoch, ';') FROM node), '')
    || ' root ' || coalesce((SELECT group_concat(hex(root), ';') FROM enrolment), '')
    || ' registry ' || coalesce((SELECT group_concat(size || ':' || hex(root_hash), ';') FROM registry_head), '')) AS state;
CREATE VIEW node_rows AS
    SELECT 'pair ' || hex(pair.partner) || ':' || pair.epoch || ':' || pair.length || ':' || hex(pair.head) AS line FROM pair
    UNION ALL SELECT CASE WHEN peer.epoch > 0 THEN 'epoch ' || hex(peer.node) || ':' || peer.epoch END FROM peer WHERE epoch > 0;
-- the same as it was written with the last change of it, whoever made that: a page of yesterday does not fit. And the head
-- that was signed last, which the relay keeps
CREATE TABLE node_head (
    only INTEGER PRIMARY KEY CHECK (only = 1), state BLOB NOT NULL, lines BLOB NOT NULL,
    counter INTEGER NOT NULL DEFAULT 0, signed BLOB, salt BLOB, signed_state BLOB, signed_at INTEGER
) STRICT;
INSERT INTO node_head (only, state, lines) SELECT 1, state, zeroblob(32) FROM node_state;
CREATE TRIGGER first_pair AFTER UPDATE ON pair
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL, 'pair ' || hex(new.partner) || ':' || new.epoch || ':' || new.length || ':' || hex(new.head)); END;
CREATE TRIGGER first_peer AFTER UPDATE ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL, CASE WHEN new.epoch > 0 THEN 'epoch ' || hex(new.node) || ':' || new.epoch END); END;
UPDATE pair SET epoch = epoch;
UPDATE peer SET epoch = epoch;
DROP TRIGGER first_pair;
DROP TRIGGER first_peer;
CREATE TRIGGER node_head_node_new AFTER INSERT ON node
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_node AFTER UPDATE ON node
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_enrolment_new AFTER INSERT ON enrolment
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_enrolment AFTER UPDATE OF root ON enrolment
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_enrolment_gone AFTER DELETE ON enrolment
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_registry_new AFTER INSERT ON registry_head
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_registry AFTER UPDATE ON registry_head
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_registry_gone AFTER DELETE ON registry_head
    BEGIN UPDATE node_head SET state = (SELECT state FROM node_state); END;
CREATE TRIGGER node_head_pair_new AFTER INSERT ON pair
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL, 'pair ' || hex(new.partner) || ':' || new.epoch || ':' || new.length || ':' || hex(new.head)); END;
CREATE TRIGGER node_head_pair AFTER UPDATE ON pair
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, 'pair ' || hex(old.partner) || ':' || old.epoch || ':' || old.length || ':' || hex(old.head),
        'pair ' || hex(new.partner) || ':' || new.epoch || ':' || new.length || ':' || hex(new.head)); END;
CREATE TRIGGER node_head_pair_gone AFTER DELETE ON pair
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, 'pair ' || hex(old.partner) || ':' || old.epoch || ':' || old.length || ':' || hex(old.head), NULL); END;
CREATE TRIGGER node_head_peer_new AFTER INSERT ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL, CASE WHEN new.epoch > 0 THEN 'epoch ' || hex(new.node) || ':' || new.epoch END); END;
CREATE TRIGGER node_head_peer AFTER UPDATE OF epoch ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, CASE WHEN old.epoch > 0 THEN 'epoch ' || hex(old.node) || ':' || old.epoch END,
        CASE WHEN new.epoch > 0 THEN 'epoch ' || hex(new.node) || ':' || new.epoch END); END;
CREATE TRIGGER node_head_peer_gone AFTER DELETE ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, CASE WHEN old.epoch > 0 THEN 'epoch ' || hex(old.node) || ':' || old.epoch END, NULL); END;
-- why this node does nothing until a person decides: the head by which it was seen; one row
CREATE TABLE halt (
    only INTEGER PRIMARY KEY CHECK (only = 1), code TEXT NOT NULL, theirs BLOB NOT NULL, at INTEGER NOT NULL
) STRICT;
-- seals backups without the passphrase being typed; opens with the passphrase that vault.scv (its SHA-256) had; one row
CREATE TABLE backup_key (
    only INTEGER PRIMARY KEY CHECK (only = 1), vault_file BLOB NOT NULL, secret BLOB NOT NULL, wrapped BLOB NOT NULL
) STRICT;
-- when the last backup was made; one row
CREATE TABLE backup (only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL) STRICT;
-- restores of this vault; pending until the relay has said which epoch it knows
CREATE TABLE restored (
    epoch INTEGER PRIMARY KEY, at INTEGER NOT NULL, copy_of INTEGER NOT NULL, pending INTEGER NOT NULL
) STRICT;
-- what partners have seen of this node's chain and a restore has lost
CREATE TABLE restore_loss (
    partner BLOB PRIMARY KEY, held INTEGER NOT NULL, seen INTEGER NOT NULL, head BLOB NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- heads of partners' chains, each with the object that shows it: no two objects of one partner show the same length
CREATE TABLE partner_head (
    partner BLOB NOT NULL, length INTEGER NOT NULL, head BLOB NOT NULL, object BLOB NOT NULL, seen_at INTEGER NOT NULL,
    PRIMARY KEY (partner, length)
) STRICT, WITHOUT ROWID;
-- partners that were restored, as their newest notice says
CREATE TABLE partner_restore (
    partner BLOB PRIMARY KEY, epoch INTEGER NOT NULL, length INTEGER NOT NULL, restored_at INTEGER NOT NULL,
    copy_of INTEGER NOT NULL, notice BLOB NOT NULL, at INTEGER NOT NULL, answered INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- chains that cannot be one machine's: a partner's, or this node's own as a partner has seen it
CREATE TABLE chain_alarm (
    partner BLOB NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (partner, kind)
) STRICT, WITHOUT ROWID;
";

/// Signed times, foreign logs and prekey epochs, each held with what makes it believable.
const SCHEMA_13: &str = "
-- newest signed times that are not taken, because this machine's clock is more than a day before them; authority: zero for our own
CREATE TABLE time_ahead (
    authority BLOB PRIMARY KEY, signed_at INTEGER NOT NULL, clock_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- the newest signed time that was held when a leaf was taken: what waits, waits from then on
ALTER TABLE foreign_leaf ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
-- heads of recognised authorities that partners have seen and this node has not reached yet
CREATE TABLE foreign_ahead (
    authority BLOB NOT NULL, note BLOB NOT NULL, size INTEGER NOT NULL, seen_at INTEGER NOT NULL,
    PRIMARY KEY (authority, note)
) STRICT, WITHOUT ROWID;
-- the identity key under which a node has shown its epoch: another key begins its own. The node head covers both
ALTER TABLE peer ADD COLUMN key_id BLOB;
-- the same for a partner's restore: what it said under a key that is not trusted any more does not count
ALTER TABLE partner_restore ADD COLUMN key_id BLOB;
DROP TRIGGER node_head_peer_new;
DROP TRIGGER node_head_peer;
DROP TRIGGER node_head_peer_gone;
CREATE TRIGGER first_peer AFTER UPDATE ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, CASE WHEN old.epoch > 0 THEN 'epoch ' || hex(old.node) || ':' || old.epoch END,
        CASE WHEN new.epoch > 0 THEN 'epoch ' || hex(new.node) || ':' || hex(coalesce(new.key_id, x'')) || ':' || new.epoch END); END;
UPDATE peer SET epoch = epoch;
DROP TRIGGER first_peer;
DROP VIEW node_rows;
CREATE VIEW node_rows AS
    SELECT 'pair ' || hex(pair.partner) || ':' || pair.epoch || ':' || pair.length || ':' || hex(pair.head) AS line FROM pair
    UNION ALL SELECT 'epoch ' || hex(peer.node) || ':' || hex(coalesce(peer.key_id, x'')) || ':' || peer.epoch FROM peer WHERE epoch > 0;
CREATE TRIGGER node_head_peer_new AFTER INSERT ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL,
        CASE WHEN new.epoch > 0 THEN 'epoch ' || hex(new.node) || ':' || hex(coalesce(new.key_id, x'')) || ':' || new.epoch END); END;
CREATE TRIGGER node_head_peer AFTER UPDATE OF epoch, key_id ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines,
        CASE WHEN old.epoch > 0 THEN 'epoch ' || hex(old.node) || ':' || hex(coalesce(old.key_id, x'')) || ':' || old.epoch END,
        CASE WHEN new.epoch > 0 THEN 'epoch ' || hex(new.node) || ':' || hex(coalesce(new.key_id, x'')) || ':' || new.epoch END); END;
CREATE TRIGGER node_head_peer_gone AFTER DELETE ON peer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines,
        CASE WHEN old.epoch > 0 THEN 'epoch ' || hex(old.node) || ':' || hex(coalesce(old.key_id, x'')) || ':' || old.epoch END, NULL); END;
";

/// Partners in whose place another node was put.
const SCHEMA_14: &str = "
-- the entry with which a partner's key was last taken from it, as far as what its chains were seen to be was begun anew with it
CREATE TABLE partner_taken (
    partner BLOB PRIMARY KEY, replaced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Contradictions that a log key has signed after it was replaced.
const SCHEMA_15: &str = "
-- 1: by a log key that was replaced before this was found; the registry goes on under the key in force
ALTER TABLE head_conflict ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE foreign_conflict ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
";

/// Referrals with their life.
const SCHEMA_16: &str = include_str!("schema_16.sql");

/// The people of this agency, what a second one has confirmed, and drafts.
const SCHEMA_17: &str = include_str!("schema_17.sql");

/// Reports, and what is counted for them.
const SCHEMA_18: &str = include_str!("schema_18.sql");

/// Documents.
const SCHEMA_19: &str = include_str!("schema_19.sql");

/// The conversation beside a referral.
const SCHEMA_20: &str = include_str!("schema_20.sql");

/// Programs at the local API, what they were answered, and what they follow.
const SCHEMA_21: &str = include_str!("schema_21.sql");

/// Indexes for lists and upkeep, and what made the way of an incoming message long.
const SCHEMA_22: &str = include_str!("schema_22.sql");

/// Reports that travel by themselves.
const SCHEMA_23: &str = include_str!("schema_23.sql");

/// Consents by their ids, reviews of legal holds, the end of every message, enquiries by their keys.
const SCHEMA_24: &str = include_str!("schema_24.sql");

/// Reports that are published once, held to their agreement, and bounded at the co-ordinator.
const SCHEMA_25: &str = include_str!("schema_25.sql");

/// Installed profiles, so that a backup carries them.
const SCHEMA_26: &str = include_str!("schema_26.sql");

/// Posts that came after the consent for their section was taken back.
const SCHEMA_27: &str = include_str!("schema_27.sql");

/// What the sums over agencies were made of.
const SCHEMA_28: &str = include_str!("schema_28.sql");

/// Who changed what a person may do.
const SCHEMA_29: &str = include_str!("schema_29.sql");

/// Heads on which messages were signed.
const SCHEMA_30: &str = include_str!("schema_30.sql");

/// Brings the database from the schema it has to the newest.
pub(super) fn up(db: &mut Connection) -> Result<(), VaultError> {
    let known = i64::try_from(STEPS.len()).map_err(|_more| VaultError::Unfit { what: "fewer schemas" })?;
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(VaultError::NewerSchema { found, known });
    }
    let done = usize::try_from(found)
        .map_err(|_negative| VaultError::Damaged { what: "the schema of node.db is negative" })?;
    for (number, step) in (1_i64..).zip(STEPS).skip(done) {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}
