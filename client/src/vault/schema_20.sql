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
-- a message is looked for without its sender, too
CREATE INDEX IF NOT EXISTS inbox_message ON inbox (message);
CREATE INDEX IF NOT EXISTS inbox_shown ON inbox (place) WHERE kind = 1 AND state IN ('new', 'read');
CREATE INDEX IF NOT EXISTS inbox_doubted ON inbox (place) WHERE state IN ('refused', 'equivocation');
-- what is tidied away each minute or hour is found without reading what stays
CREATE INDEX IF NOT EXISTS inbox_old ON inbox (state, kind, received_at);
CREATE INDEX IF NOT EXISTS outbox_ahead ON outbox (max(queued_at, ifnull(accepted_at, 0), ifnull(delivered_at, 0)));
CREATE INDEX IF NOT EXISTS outbox_alarm_ahead ON outbox (alarm_at - alarm_after_s);
CREATE INDEX IF NOT EXISTS outbox_alarm ON outbox (alarm_at)
    WHERE state IN ('queued', 'sealed', 'relay-accepted') AND kind <> 2 AND alarm = 0;
CREATE INDEX IF NOT EXISTS outbox_kept ON outbox (delivered_at) WHERE content IS NOT NULL AND state = 'delivered';
CREATE INDEX IF NOT EXISTS outbox_old ON outbox (kind, queued_at);
CREATE INDEX IF NOT EXISTS seal_kept ON seal (message) WHERE envelope IS NOT NULL;
CREATE INDEX IF NOT EXISTS seal_watched ON seal (watch_until) WHERE reply_secret IS NOT NULL OR status_slot_secret IS NOT NULL;
CREATE INDEX IF NOT EXISTS prekey_used_until ON prekey_used (until);
CREATE INDEX IF NOT EXISTS replay_until ON replay (until);
CREATE INDEX IF NOT EXISTS referral_codes ON referral (erased_at) WHERE erased_at IS NOT NULL
    AND (gender IS NOT NULL OR exploitation <> 0 OR control <> 0 OR recruitment <> 0 OR industry <> 0 OR citizenship IS NOT NULL);
-- the list of messages: referrals that were sent, and what is in alarm
CREATE INDEX IF NOT EXISTS outbox_referrals ON outbox (place) WHERE kind = 1;
CREATE INDEX IF NOT EXISTS outbox_alarmed ON outbox (place) WHERE alarm = 1;
CREATE INDEX IF NOT EXISTS outbox_waits ON outbox (place) WHERE kind = 1 AND state IN ('queued', 'sealed', 'relay-accepted');
