-- Ids compare by their bytes ("C"), whatever the locale of the database.

-- How far each entity is. Rows are never deleted: sequence numbers and epochs only grow.
CREATE TABLE entity (
    persistence_id  text COLLATE "C" NOT NULL PRIMARY KEY,
    seq_nr          bigint NOT NULL,
    epoch           bigint NOT NULL,
    epoch_seq_nr    bigint NOT NULL, -- seq_nr when the epoch began
    snapshot_nr     bigint NOT NULL,
    snapshot_seq_nr bigint NOT NULL,
    covered_seq_nr  bigint NOT NULL  -- no recovery needs an event up to here
);

-- Taken from only under the advisory lock of the journal, which is held until the commit: positions become visible in order.
CREATE SEQUENCE journal_position;

CREATE TABLE journal (
    persistence_id  text COLLATE "C" NOT NULL,
    seq_nr          bigint NOT NULL,
    epoch           bigint NOT NULL,
    position        bigint NOT NULL UNIQUE,
    at              timestamptz NOT NULL,
    type            text NOT NULL,
    schema_version  integer NOT NULL,
    payload         bytea NOT NULL,
    PRIMARY KEY (persistence_id, seq_nr)
);

CREATE INDEX journal_at ON journal (at);

-- The newest snapshot is in the slot of the last bit of entity.snapshot_nr, the one before it in the other.
CREATE TABLE snapshot (
    persistence_id  text COLLATE "C" NOT NULL,
    slot            integer NOT NULL CHECK (slot IN (0, 1)),
    seq_nr          bigint NOT NULL,
    epoch           bigint NOT NULL,
    type            text NOT NULL,
    schema_version  integer NOT NULL,
    crc             bigint NOT NULL,
    payload         bytea NOT NULL,
    PRIMARY KEY (persistence_id, slot)
);

CREATE TABLE lease (
    key             text COLLATE "C" NOT NULL PRIMARY KEY,
    value           text NOT NULL,
    version         text NOT NULL
);
