-- +goose Up

-- match_policy holds the matching policies that were loaded. The policy inside the
-- program has no row.
CREATE TABLE match_policy (
	version   TEXT      PRIMARY KEY CHECK (version <> ''),
	about     TEXT      NOT NULL,
	body      TEXT      NOT NULL, -- JSON
	loaded    TIMESTAMP NOT NULL,
	loaded_by TEXT      NOT NULL -- user name
);

-- match_policy_current has one row, which says what policy is in force, or none:
-- then it is the one inside the program.
CREATE TABLE match_policy_current (
	one     BIGINT    PRIMARY KEY CHECK (one = 1),
	version TEXT      NOT NULL REFERENCES match_policy (version),
	since   TIMESTAMP NOT NULL
);

-- +goose Down
DROP TABLE match_policy_current;
DROP TABLE match_policy;
