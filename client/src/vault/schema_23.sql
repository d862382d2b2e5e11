-- by whose yes reports go to a co-ordinator by themselves: which indicators (a number with bits), of periods that end after `since`; a
-- line stays when it has ended
CREATE TABLE report_agreement (
    place INTEGER PRIMARY KEY AUTOINCREMENT, agency TEXT NOT NULL, node BLOB NOT NULL, indicators INTEGER NOT NULL,
    officer BLOB NOT NULL, since INTEGER NOT NULL, ended_by BLOB, ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX report_agreement_open ON report_agreement (agency) WHERE ended_at IS NULL;
-- what went to a co-ordinator: each edition of a period once; without an officer, by an agreement
CREATE TABLE report_sent (
    agency TEXT NOT NULL, period TEXT NOT NULL, edition INTEGER NOT NULL, message BLOB NOT NULL, officer BLOB, at INTEGER NOT NULL,
    PRIMARY KEY (agency, period, edition)
) STRICT, WITHOUT ROWID;
-- how often a released report was put right, and what was released before
ALTER TABLE report ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;
CREATE TABLE report_former (
    period TEXT NOT NULL, edition INTEGER NOT NULL, released_at INTEGER NOT NULL, officer BLOB, bytes BLOB NOT NULL,
    PRIMARY KEY (period, edition)
) STRICT, WITHOUT ROWID;
-- the message that brought a report; none for a file. And what stood there before: editions, or a file (0)
ALTER TABLE report_given ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;
ALTER TABLE report_given ADD COLUMN message BLOB;
CREATE TABLE report_given_former (
    agency TEXT NOT NULL, period TEXT NOT NULL, edition INTEGER NOT NULL, bytes BLOB NOT NULL, at INTEGER NOT NULL, message BLOB,
    PRIMARY KEY (agency, period, edition)
) STRICT, WITHOUT ROWID;
