-- the people of this agency: others see the pseudonym of who acted; the name is here alone. The secret is a key file (Argon2id) over the
-- pseudonym: it opens nothing else
CREATE TABLE officer (
    pseudonym BLOB PRIMARY KEY, name TEXT NOT NULL, roles INTEGER NOT NULL, secret BLOB NOT NULL,
    since INTEGER NOT NULL, until INTEGER, wrong INTEGER NOT NULL DEFAULT 0, wrong_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX officer_name ON officer (name) WHERE until IS NULL;
-- while nobody is recorded: the pseudonym of whoever opens this vault; one row
CREATE TABLE officer_alone (only INTEGER PRIMARY KEY CHECK (only = 1), pseudonym BLOB NOT NULL) STRICT;
INSERT INTO officer_alone (only, pseudonym) VALUES (1, randomblob(16));
-- what a second person has confirmed, for whom; used once
CREATE TABLE confirmation (
    place INTEGER PRIMARY KEY AUTOINCREMENT, about TEXT NOT NULL, subject BLOB NOT NULL,
    first BLOB NOT NULL, second BLOB NOT NULL, at INTEGER NOT NULL, used_at INTEGER
) STRICT;
CREATE INDEX confirmation_subject ON confirmation (about, subject);
-- who sent a message
CREATE TABLE sent_by (message BLOB PRIMARY KEY, officer BLOB NOT NULL, confirmation INTEGER) STRICT, WITHOUT ROWID;
-- referrals that are being written
CREATE TABLE draft (
    handle BLOB PRIMARY KEY, content BLOB NOT NULL, parent BLOB, officer BLOB NOT NULL,
    made_at INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_at ON draft (at);
-- who these people are must not go back by itself
DROP VIEW node_rows;
CREATE VIEW node_rows AS
    SELECT 'pair ' || hex(pair.partner) || ':' || pair.epoch || ':' || pair.length || ':' || hex(pair.head) AS line FROM pair
    UNION ALL SELECT 'epoch ' || hex(peer.node) || ':' || hex(coalesce(peer.key_id, x'')) || ':' || peer.epoch FROM peer WHERE epoch > 0
    UNION ALL SELECT 'officer ' || hex(pseudonym) || ':' || roles || ':' || hex(safeconduct_sha256(secret)) || ':' || coalesce(until, '') FROM officer;
CREATE TRIGGER node_head_officer_new AFTER INSERT ON officer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL,
        'officer ' || hex(new.pseudonym) || ':' || new.roles || ':' || hex(safeconduct_sha256(new.secret)) || ':' || coalesce(new.until, '')); END;
CREATE TRIGGER node_head_officer AFTER UPDATE OF roles, secret, until ON officer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines,
        'officer ' || hex(old.pseudonym) || ':' || old.roles || ':' || hex(safeconduct_sha256(old.secret)) || ':' || coalesce(old.until, ''),
        'officer ' || hex(new.pseudonym) || ':' || new.roles || ':' || hex(safeconduct_sha256(new.secret)) || ':' || coalesce(new.until, '')); END;
CREATE TRIGGER node_head_officer_gone AFTER DELETE ON officer
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines,
        'officer ' || hex(old.pseudonym) || ':' || old.roles || ':' || hex(safeconduct_sha256(old.secret)) || ':' || coalesce(old.until, ''), NULL); END;
