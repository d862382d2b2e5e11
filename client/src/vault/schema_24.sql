-- the consents that stand as active in the newest revision of a referral, and when each ends by itself: Unix seconds, without an end 183 days
-- after it was given. Ids and times only; they go with the content
CREATE TABLE referral_consent (
    consent BLOB NOT NULL, referral INTEGER NOT NULL REFERENCES referral (place), ends INTEGER NOT NULL,
    PRIMARY KEY (consent, referral)
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_consent_of ON referral_consent (referral, ends);
-- of what is kept already; content that does not read is told of when it is read
INSERT OR IGNORE INTO referral_consent (consent, referral, ends)
    SELECT unhex(replace(json_extract(c.value, '$.consent_id'), '-', '')), r.place,
        coalesce(unixepoch(json_extract(c.value, '$.expires_at')), unixepoch(json_extract(c.value, '$.given_at')) + 183 * 86400)
    FROM (SELECT f.place, (SELECT CAST(coalesce(v.content, i.content) AS TEXT) FROM referral_revision v
            LEFT JOIN inbox i ON f.side = 2 AND i.message = v.message AND i.sender = f.partner
            WHERE v.referral = f.place AND coalesce(v.content, i.content) IS NOT NULL ORDER BY v.revision DESC, v.at LIMIT 1) AS content
        FROM referral f WHERE f.erased_at IS NULL) r,
        json_each(CASE WHEN json_valid(r.content) THEN r.content ELSE '{}' END, '$.consents') c
    WHERE json_extract(c.value, '$.status') = 'Active' AND length(unhex(replace(json_extract(c.value, '$.consent_id'), '-', ''))) = 16
        AND coalesce(unixepoch(json_extract(c.value, '$.expires_at')), unixepoch(json_extract(c.value, '$.given_at'))) IS NOT NULL;
-- and the end of each is waited for
INSERT OR IGNORE INTO timer (referral, kind, due)
    SELECT c.referral, 'consent', min(c.ends) FROM referral_consent c JOIN referral r ON r.place = c.referral
    WHERE r.erased_at IS NULL AND r.ended_at IS NULL GROUP BY c.referral;
-- since when the law holds it, or it was last looked at whether it still does: reviewed every half year
ALTER TABLE referral ADD COLUMN hold_since INTEGER;
UPDATE referral SET hold_since = first_at WHERE hold IS NOT NULL;
INSERT OR IGNORE INTO timer (referral, kind, part, due)
    SELECT place, 'remind', 'hold-review', hold_since + 183 * 86400 FROM referral WHERE hold IS NOT NULL;
-- what waits to be sent ends with its time
INSERT OR IGNORE INTO timer (referral, kind, due)
    SELECT place, 'life', expires_at FROM referral WHERE side = 1 AND state IN ('queued', 'failed') AND erased_at IS NULL;
-- when the end of a message that was given up was written into the chain with its recipient
ALTER TABLE outbox ADD COLUMN ended_at INTEGER;
CREATE INDEX outbox_ended ON outbox (place) WHERE kind IN (1, 5) AND state IN ('failed', 'expired') AND ended_at IS NULL;
-- by when it was queued, or sent again by a person
CREATE INDEX outbox_unsent ON outbox (alarm_at - alarm_after_s) WHERE kind IN (1, 5) AND state IN ('queued', 'sealed');
CREATE INDEX outbox_unheard ON outbox (accepted_at) WHERE kind IN (1, 5) AND state = 'relay-accepted';
-- which referrals one enquiry became: asked again under its key it gives the same. SHA-256 of what was asked, under the salt; forgotten after a week
CREATE TABLE asking (
    key TEXT PRIMARY KEY, salt BLOB NOT NULL, asked BLOB NOT NULL, group_of BLOB NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX asking_at ON asking (at);
