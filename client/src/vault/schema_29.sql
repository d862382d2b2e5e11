-- who changed what a person of this agency may do: when, from what and to what
CREATE TABLE officer_roles (
    place INTEGER PRIMARY KEY AUTOINCREMENT, officer BLOB NOT NULL REFERENCES officer (pseudonym), at INTEGER NOT NULL,
    said_by BLOB NOT NULL, was INTEGER NOT NULL, became INTEGER NOT NULL
) STRICT;
