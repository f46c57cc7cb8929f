-- How far each entity is. Rows are never deleted: sequence numbers and epochs only grow.
CREATE TABLE entity (
    persistence_id  TEXT    NOT NULL PRIMARY KEY,
    seq_nr          INTEGER NOT NULL,
    epoch           INTEGER NOT NULL,
    epoch_seq_nr    INTEGER NOT NULL, -- seq_nr when the epoch began
    snapshot_nr     INTEGER NOT NULL,
    snapshot_seq_nr INTEGER NOT NULL,
    covered_seq_nr  INTEGER NOT NULL  -- no recovery needs an event up to here
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a position is not used again after its event was deleted.
CREATE TABLE journal (
    position        INTEGER PRIMARY KEY AUTOINCREMENT,
    persistence_id  TEXT    NOT NULL,
    seq_nr          INTEGER NOT NULL,
    epoch           INTEGER NOT NULL,
    at              INTEGER NOT NULL, -- microseconds since 1970 in UTC
    type            TEXT    NOT NULL,
    schema_version  INTEGER NOT NULL,
    payload         BLOB    NOT NULL,
    UNIQUE (persistence_id, seq_nr)
) STRICT;

CREATE INDEX journal_at ON journal (at);

-- The newest snapshot is in the slot of the last bit of entity.snapshot_nr, the one before it in the other.
CREATE TABLE snapshot (
    persistence_id  TEXT    NOT NULL,
    slot            INTEGER NOT NULL CHECK (slot IN (0, 1)),
    seq_nr          INTEGER NOT NULL,
    epoch           INTEGER NOT NULL,
    type            TEXT    NOT NULL,
    schema_version  INTEGER NOT NULL,
    crc             INTEGER NOT NULL,
    payload         BLOB    NOT NULL,
    PRIMARY KEY (persistence_id, slot)
) STRICT;

CREATE TABLE lease (
    key             TEXT    NOT NULL PRIMARY KEY,
    value           TEXT    NOT NULL,
    version         TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
