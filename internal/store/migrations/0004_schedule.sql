-- +goose Up

-- schedule holds the releases of CDSi supporting data that were loaded, by the
-- hash of their content: the compact form of package forecast in base64. The
-- release inside the program has no row.
CREATE TABLE schedule (
	hash      TEXT      PRIMARY KEY CHECK (hash <> ''),
	version   TEXT      NOT NULL CHECK (version <> ''),
	source    TEXT      NOT NULL,
	body      TEXT      NOT NULL,
	loaded    TIMESTAMP NOT NULL,
	loaded_by TEXT      NOT NULL -- user name
);

-- schedule_current has one row, which says what schedule is in force, or none:
-- then it is the one inside the program. The key can have but one value, so that
-- of two who choose at once one is refused or comes second.
CREATE TABLE schedule_current (
	one   BIGINT    PRIMARY KEY CHECK (one = 1),
	hash  TEXT      NOT NULL REFERENCES schedule (hash),
	since TIMESTAMP NOT NULL
);

-- +goose Down
DROP TABLE schedule_current;
DROP TABLE schedule;
