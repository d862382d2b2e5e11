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
