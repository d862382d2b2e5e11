-- programs that are admitted to the local API over TCP: SHA-256 of the token, who acts through it, and what it may ask (a number with bits)
CREATE TABLE api_token (
    id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash BLOB NOT NULL UNIQUE, officer BLOB NOT NULL, scopes INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- what was answered to a request with an idempotency key; without a status the outcome is not known. May be personal data
CREATE TABLE api_answer (
    token BLOB NOT NULL REFERENCES api_token (id) ON DELETE CASCADE, key BLOB NOT NULL, request BLOB NOT NULL, referral BLOB,
    status INTEGER, answer BLOB, at INTEGER NOT NULL, PRIMARY KEY (token, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_answer_at ON api_answer (at);
CREATE INDEX api_answer_referral ON api_answer (referral) WHERE referral IS NOT NULL;
CREATE TRIGGER api_answer_erased AFTER UPDATE OF erased_at ON referral WHEN NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL
BEGIN
    DELETE FROM api_answer WHERE referral = NEW.handle;
END;
-- what became of referrals, for programs that follow it: a place that only grows, and nothing of a person. Housekeeping notes when
CREATE TABLE change (
    place INTEGER PRIMARY KEY AUTOINCREMENT, handle BLOB NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL, at INTEGER
) STRICT;
CREATE INDEX change_at ON change (at);
CREATE TRIGGER change_referral_new AFTER INSERT ON referral
BEGIN
    INSERT INTO change (handle, what, state) VALUES (NEW.handle, 'referral', NEW.state);
END;
CREATE TRIGGER change_referral AFTER UPDATE OF state ON referral WHEN NEW.state IS NOT OLD.state
BEGIN
    INSERT INTO change (handle, what, state) VALUES (NEW.handle, 'state', NEW.state);
END;
CREATE TRIGGER change_post AFTER INSERT ON post
BEGIN
    INSERT INTO change (handle, what, state) SELECT handle, 'post', state FROM referral WHERE place = NEW.referral;
END;
-- which programs are admitted must not go back by itself
DROP VIEW node_rows;
CREATE VIEW node_rows AS
    SELECT 'pair ' || hex(pair.partner) || ':' || pair.epoch || ':' || pair.length || ':' || hex(pair.head) AS line FROM pair
    UNION ALL SELECT 'epoch ' || hex(peer.node) || ':' || hex(coalesce(peer.key_id, x'')) || ':' || peer.epoch FROM peer WHERE epoch > 0
    UNION ALL SELECT 'officer ' || hex(pseudonym) || ':' || roles || ':' || hex(safeconduct_sha256(secret)) || ':' || coalesce(until, '') FROM officer
    UNION ALL SELECT 'token ' || hex(hash) || ':' || hex(officer) || ':' || scopes FROM api_token;
CREATE TRIGGER node_head_token_new AFTER INSERT ON api_token
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, NULL, 'token ' || hex(new.hash) || ':' || hex(new.officer) || ':' || new.scopes); END;
CREATE TRIGGER node_head_token_gone AFTER DELETE ON api_token
    BEGIN UPDATE node_head SET lines = safeconduct_replace(lines, 'token ' || hex(old.hash) || ':' || hex(old.officer) || ':' || old.scopes, NULL); END;
