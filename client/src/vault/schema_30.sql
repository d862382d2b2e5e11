-- heads of authorities' logs on which messages were signed, by the hash that the authority is known by: evidence of such a message shows which
-- keys they name. `time` is the signed one, 0 without; of one size and root one a day
CREATE TABLE head_acted_on (
    authority BLOB NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, time INTEGER NOT NULL, note BLOB NOT NULL, timestamp BLOB NOT NULL,
    PRIMARY KEY (authority, size, root, time)
) STRICT, WITHOUT ROWID;
-- the root that a header names, so that heads which none names any more are found and deleted
CREATE INDEX seal_acted_on ON seal (substr(header, 189, 32));
CREATE INDEX inbox_acted_on ON inbox (substr(header, 189, 32));
