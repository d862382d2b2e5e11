-- documents that go with referrals, sent (1) and received (2); their sealed files are in blobs/
CREATE TABLE document (
    handle BLOB PRIMARY KEY, direction INTEGER NOT NULL, partner BLOB NOT NULL, referral BLOB NOT NULL, attachment BLOB NOT NULL,
    post BLOB NOT NULL, place INTEGER NOT NULL, section TEXT NOT NULL, title TEXT NOT NULL, media_type TEXT NOT NULL,
    relay BLOB NOT NULL, secret BLOB, key BLOB, length INTEGER NOT NULL, have INTEGER NOT NULL DEFAULT 0,
    salt BLOB NOT NULL, salted BLOB NOT NULL, cipher BLOB NOT NULL, sha256 BLOB,
    -- the message that brings or brought the post
    message BLOB, file TEXT NOT NULL UNIQUE, state TEXT NOT NULL, reason TEXT, at_relay INTEGER NOT NULL DEFAULT 0,
    try_at INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL,
    UNIQUE (direction, partner, post, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_due ON document (relay, state, try_at);
CREATE INDEX document_referral ON document (referral, partner);
