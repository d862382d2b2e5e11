-- heads of authorities' logs on which messages were signed, by the hash that the authority is known by: evidence of such a message shows that
-- its keys stood then. `time` is the signed one, 0 without; of one size one a day
CREATE TABLE head_acted_on (
    authority BLOB NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL, note BLOB NOT NULL, timestamp BLOB NOT NULL,
    PRIMARY KEY (authority, size, time)
) STRICT, WITHOUT ROWID;
