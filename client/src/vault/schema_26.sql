-- profiles of countries that were installed, as their files: a backup carries them
CREATE TABLE profile_kept (country TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- evaluated for each row that is written: lists of constants would make the engine build a table for each row. And reports end as referrals do
DROP INDEX inbox_shown;
DROP INDEX inbox_doubted;
DROP INDEX outbox_waits;
DROP INDEX outbox_alarm;
DROP INDEX outbox_ended;
DROP INDEX outbox_unsent;
DROP INDEX outbox_unheard;
CREATE INDEX inbox_shown ON inbox (place) WHERE kind = 1 AND (state = 'new' OR state = 'read');
CREATE INDEX inbox_doubted ON inbox (place) WHERE state = 'refused' OR state = 'equivocation';
CREATE INDEX outbox_waits ON outbox (place) WHERE kind = 1 AND (state = 'queued' OR state = 'sealed' OR state = 'relay-accepted');
CREATE INDEX outbox_alarm ON outbox (alarm_at)
    WHERE (state = 'queued' OR state = 'sealed' OR state = 'relay-accepted') AND kind <> 2 AND alarm = 0;
CREATE INDEX outbox_ended ON outbox (place)
    WHERE (kind = 1 OR kind = 5 OR kind = 6) AND (state = 'failed' OR state = 'expired') AND ended_at IS NULL;
CREATE INDEX outbox_unsent ON outbox (alarm_at - alarm_after_s)
    WHERE (kind = 1 OR kind = 5 OR kind = 6) AND (state = 'queued' OR state = 'sealed');
CREATE INDEX outbox_unheard ON outbox (accepted_at) WHERE (kind = 1 OR kind = 5 OR kind = 6) AND state = 'relay-accepted';
