-- until when somebody should have looked at it, and until when it should have been erased: what was due last, also when it is done
ALTER TABLE referral ADD COLUMN look_by INTEGER;
ALTER TABLE referral ADD COLUMN erase_by INTEGER;
UPDATE referral SET look_by = acknowledge_by, erase_by = erase_on;
CREATE TRIGGER referral_look AFTER UPDATE OF acknowledge_by ON referral
WHEN NEW.acknowledge_by IS NOT NULL AND NEW.acknowledge_by IS NOT NEW.look_by
BEGIN
    UPDATE referral SET look_by = NEW.acknowledge_by WHERE place = NEW.place;
END;
CREATE TRIGGER referral_keep AFTER UPDATE OF erase_on ON referral WHEN NEW.erase_on IS NOT NULL AND NEW.erase_on IS NOT NEW.erase_by
BEGIN
    UPDATE referral SET erase_by = NEW.erase_on WHERE place = NEW.place;
END;
-- by the times by which a period is counted
CREATE INDEX referral_first ON referral (side, first_at);
CREATE INDEX referral_opened ON referral (side, opened_at) WHERE opened_at IS NOT NULL;
CREATE INDEX referral_decided ON referral (side, decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX referral_served ON referral (side, service_at) WHERE service_at IS NOT NULL;
CREATE INDEX referral_ended ON referral (side, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX referral_erase ON referral (erase_by) WHERE erase_by IS NOT NULL;
-- reports of this agency that were released: frozen; without an officer, by themselves
CREATE TABLE report (period TEXT PRIMARY KEY, released_at INTEGER NOT NULL, officer BLOB, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
-- reports that agencies gave to this one, the co-ordinator's
CREATE TABLE report_given (
    agency TEXT NOT NULL, period TEXT NOT NULL, bytes BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (agency, period)
) STRICT, WITHOUT ROWID;
-- whether reports may leave by themselves when a period has ended; none: no
CREATE TABLE report_schedule (only INTEGER PRIMARY KEY CHECK (only = 1), since INTEGER NOT NULL) STRICT;
