-- lists, the newest first: each begins with what is asked for, and carries what else may be, so that only the rows of a page are read
DROP INDEX IF EXISTS referral_list;
DROP INDEX IF EXISTS referral_side;
DROP INDEX IF EXISTS referral_state;
DROP INDEX IF EXISTS referral_turn;
DROP INDEX IF EXISTS referral_late;
DROP INDEX IF EXISTS referral_word_of;
CREATE INDEX referral_list ON referral (side, state, place, turn, late);
CREATE INDEX referral_side ON referral (side, place, state, turn, late);
CREATE INDEX referral_state ON referral (state, place, side, turn, late);
CREATE INDEX referral_turn ON referral (turn, place, side, state, late);
CREATE INDEX referral_late ON referral (late, place, side, state, turn) WHERE late = 1;
CREATE INDEX referral_word_of ON referral_word (referral, word, level);
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
-- records of prekeys are long: in a table beside the tree of their ids, so that looking for one reads none of the others
CREATE TABLE prekey_beside (
    id BLOB NOT NULL PRIMARY KEY, kind INTEGER NOT NULL, not_after INTEGER NOT NULL, record BLOB NOT NULL,
    made_at INTEGER NOT NULL, published_at INTEGER
) STRICT;
INSERT INTO prekey_beside SELECT id, kind, not_after, record, made_at, published_at FROM prekey;
DROP TABLE prekey;
ALTER TABLE prekey_beside RENAME TO prekey;
CREATE INDEX IF NOT EXISTS prekey_arrival_kind ON prekey_arrival (kind);
-- who makes the row notes the change: a trigger on a new row lets the engine look through every table that names it
DROP TRIGGER IF EXISTS change_referral_new;
-- the line of a pair, made in one piece
DROP TRIGGER node_head_pair_new;
DROP TRIGGER node_head_pair;
DROP TRIGGER node_head_pair_gone;
CREATE TRIGGER node_head_pair_new AFTER INSERT ON pair
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL, safeconduct_pair(new.partner, new.epoch, new.length, new.head)); END;
CREATE TRIGGER node_head_pair AFTER UPDATE ON pair
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, safeconduct_pair(old.partner, old.epoch, old.length, old.head),
        safeconduct_pair(new.partner, new.epoch, new.length, new.head)); END;
CREATE TRIGGER node_head_pair_gone AFTER DELETE ON pair
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, safeconduct_pair(old.partner, old.epoch, old.length, old.head), NULL); END;
