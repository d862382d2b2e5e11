-- what is said beside a referral's acts, by either agency; the content goes when the referral is erased
CREATE TABLE post (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    referral INTEGER NOT NULL REFERENCES referral (place), post BLOB NOT NULL, side INTEGER NOT NULL, kind INTEGER NOT NULL,
    section INTEGER NOT NULL, reply_to BLOB, content BLOB, hash BLOB NOT NULL, message BLOB NOT NULL, at INTEGER NOT NULL, read_at INTEGER,
    UNIQUE (referral, side, post, hash)
) STRICT;
CREATE INDEX post_referral ON post (referral, place);
-- what was refused and is judged again
CREATE INDEX IF NOT EXISTS inbox_refused ON inbox (place) WHERE state = 'refused';
