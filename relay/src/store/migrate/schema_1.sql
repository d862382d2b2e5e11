-- relay.db as relays with schema 1 made it: for the test of what becomes of it.
CREATE TABLE item (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    place BLOB NOT NULL,
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    expiry INTEGER NOT NULL,
    bytes BLOB NOT NULL
);
CREATE INDEX item_place ON item (place, seq);
CREATE INDEX notice_expiry ON item (expiry) WHERE kind >= 2;
CREATE TABLE seen (digest BLOB PRIMARY KEY, expiry INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE held (place BLOB PRIMARY KEY, envelopes INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE prekey (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    node BLOB NOT NULL,
    kind INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    record BLOB NOT NULL
);
CREATE INDEX prekey_node ON prekey (node, kind, seq);
CREATE TABLE handed_out (id BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE epoch (node BLOB PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE leaf (place INTEGER PRIMARY KEY, leaf BLOB NOT NULL, record BLOB NOT NULL);
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1), root BLOB NOT NULL, note BLOB NOT NULL, timestamp BLOB NOT NULL
);
CREATE TABLE invite (
    seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, expiry INTEGER NOT NULL, request BLOB, answer BLOB
);
CREATE TABLE swept (one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL);
CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL);
INSERT INTO probe (one, count) VALUES (1, 0);
