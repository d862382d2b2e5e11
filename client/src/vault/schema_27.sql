-- came after the consent for its section was taken back: that it was said is kept, its words never were
ALTER TABLE post ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
