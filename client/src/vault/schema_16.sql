-- Casework: one row a referral, side and partner. `handle` names it to people and programs.
-- What stands in state, turn, late and the times after it follows from events, receipts and the clock, and is written anew with each of them.
CREATE TABLE referral (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    handle BLOB NOT NULL UNIQUE, referral BLOB NOT NULL, side INTEGER NOT NULL, -- 1 sent, 2 received
    partner BLOB NOT NULL, agency TEXT,
    dossier BLOB NOT NULL, parent BLOB, successor BLOB, group_of BLOB,
    state TEXT NOT NULL, state_at INTEGER NOT NULL, way INTEGER NOT NULL, why INTEGER,
    kind INTEGER NOT NULL, level INTEGER NOT NULL, urgency INTEGER NOT NULL, exercise INTEGER NOT NULL, revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, first_at INTEGER NOT NULL,
    delivered_at INTEGER, opened_at INTEGER, decided_at INTEGER, service_at INTEGER, ended_at INTEGER,
    acknowledge_by INTEGER, decide_by INTEGER, escalate_by INTEGER,
    delete_after INTEGER NOT NULL, basis INTEGER NOT NULL, majority_on INTEGER,
    erase_on INTEGER, erased_at INTEGER, hold TEXT,
    officer BLOB, alternates TEXT, alternate_next INTEGER NOT NULL DEFAULT 0,
    turn INTEGER NOT NULL DEFAULT 0, late INTEGER NOT NULL DEFAULT 0, alarm INTEGER NOT NULL DEFAULT 0,
    -- codes for lists and counts; a list of codes is a number with bit i for its i-th code
    services INTEGER NOT NULL, age_band INTEGER NOT NULL, is_child INTEGER NOT NULL, gender INTEGER, persons INTEGER NOT NULL,
    exploitation INTEGER NOT NULL, industry INTEGER NOT NULL, control INTEGER NOT NULL, recruitment INTEGER NOT NULL,
    citizenship TEXT, country_from TEXT NOT NULL, country_to TEXT NOT NULL, country_of_need TEXT NOT NULL, region TEXT,
    role_from INTEGER NOT NULL, role_to INTEGER NOT NULL, bases INTEGER NOT NULL, purposes INTEGER NOT NULL,
    UNIQUE (referral, side, partner)
) STRICT;
CREATE INDEX referral_list ON referral (side, state, place);
CREATE INDEX referral_dossier ON referral (dossier);
CREATE INDEX referral_turn ON referral (turn, place);
CREATE INDEX referral_late ON referral (place) WHERE late = 1;
CREATE INDEX referral_erased ON referral (erased_at) WHERE erased_at IS NOT NULL;
-- every revision of it, as sent or received; content and digest (SHA-256 of its canonical form) go when it is erased, the rest is evidence
CREATE TABLE referral_revision (
    referral INTEGER NOT NULL REFERENCES referral (place), revision INTEGER NOT NULL, message BLOB NOT NULL, level INTEGER NOT NULL,
    content BLOB, digest BLOB, at INTEGER NOT NULL,
    PRIMARY KEY (referral, revision, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_revision_message ON referral_revision (message);
-- what both agencies signed about it; details are personal data and go when it is erased
CREATE TABLE case_event (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    referral INTEGER NOT NULL REFERENCES referral (place), side INTEGER NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL,
    hash BLOB NOT NULL, bytes BLOB NOT NULL, salt BLOB, details BLOB, message BLOB,
    at INTEGER NOT NULL, stored_at INTEGER,
    UNIQUE (referral, side, epoch, number, hash)
) STRICT;
CREATE INDEX case_event_message ON case_event (message);
-- what came about a referral that is not here yet
CREATE TABLE case_pending (
    sender BLOB NOT NULL, message BLOB NOT NULL, referral BLOB NOT NULL, content BLOB NOT NULL, at INTEGER NOT NULL, stored_at INTEGER NOT NULL,
    PRIMARY KEY (sender, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_pending_referral ON case_pending (referral, sender);
-- what is due when; done ones are kept until the referral is erased, so that nothing is told twice
CREATE TABLE timer (
    referral INTEGER NOT NULL REFERENCES referral (place), kind TEXT NOT NULL, part TEXT NOT NULL DEFAULT '', due INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (referral, kind, part, due)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer (done, kind, due);
-- who looked at what: sections as a number with bits, never content
CREATE TABLE view_log (
    place INTEGER PRIMARY KEY AUTOINCREMENT, referral INTEGER NOT NULL REFERENCES referral (place), officer BLOB, at INTEGER NOT NULL,
    sections INTEGER NOT NULL, reason TEXT
) STRICT;
-- folded words to search by their beginnings: level 0 agency and id, 1 case code, 2 names, 3 both where only its own caseworker reads it
CREATE TABLE referral_word (
    word TEXT NOT NULL, referral INTEGER NOT NULL REFERENCES referral (place), level INTEGER NOT NULL, PRIMARY KEY (word, referral)
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_word_of ON referral_word (referral);
