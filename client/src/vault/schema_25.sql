-- a period is published once: what was released or taken before it was put right is forgotten, for single cases follow from the difference
DROP TABLE report_former;
DROP TABLE report_given_former;
ALTER TABLE report DROP COLUMN edition;
ALTER TABLE report_given DROP COLUMN edition;
UPDATE outbox SET state = 'failed', reason = 'withdrawn', alarm = 0
    WHERE kind = 6 AND state IN ('queued', 'sealed') AND substr(content, 5, 4) IS NOT x'00000001';
-- what went to a co-ordinator: each period once; without an officer, by an agreement. And the tables that one message did not hold
CREATE TABLE report_went (
    agency TEXT NOT NULL, period TEXT NOT NULL, message BLOB NOT NULL, officer BLOB, at INTEGER NOT NULL,
    left_out TEXT NOT NULL DEFAULT '', PRIMARY KEY (agency, period)
) STRICT, WITHOUT ROWID;
INSERT INTO report_went (agency, period, message, officer, at) SELECT agency, period, message, officer, at FROM report_sent s
    WHERE edition = (SELECT max(edition) FROM report_sent o WHERE o.agency = s.agency AND o.period = s.period);
DROP TABLE report_sent;
ALTER TABLE report_went RENAME TO report_sent;
-- the identity key that the co-ordinator's node had when reports were agreed to; none of before
ALTER TABLE report_agreement ADD COLUMN key BLOB;
-- a report that the co-ordinator has set aside: it counts in no sum. By whom, when and why
ALTER TABLE report_given ADD COLUMN aside_at INTEGER;
ALTER TABLE report_given ADD COLUMN aside_by BLOB;
ALTER TABLE report_given ADD COLUMN aside_why TEXT;
-- words and reports that were refused and wait, by sender: bounded when one comes
CREATE INDEX IF NOT EXISTS inbox_waiting ON inbox (kind, sender, place) WHERE state = 'refused' AND kind IN (5, 6);
