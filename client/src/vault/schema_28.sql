-- the reports that went into the sum of a period when a number of it was shown first: it is drawn from these ever after, whatever comes later
-- or is set aside. Their own bytes, for a file yields to what its agency has signed
CREATE TABLE report_summed (
    period TEXT NOT NULL, agency TEXT NOT NULL, bytes BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (period, agency)
) STRICT, WITHOUT ROWID;
