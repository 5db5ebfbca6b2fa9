-- +goose Up

-- A client who was merged into another keeps his row, and his ID leads there.
ALTER TABLE client ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';

-- A merge holds what both records were and what was made of them, so that it can
-- be undone at any later time.
CREATE TABLE merge (
	id              TEXT      PRIMARY KEY,
	survivor        TEXT      NOT NULL REFERENCES client (id),
	other           TEXT      NOT NULL REFERENCES client (id),
	was_survivor    TEXT      NOT NULL, -- JSON
	was_other       TEXT      NOT NULL, -- JSON
	merged          TEXT      NOT NULL, -- JSON
	reason          TEXT      NOT NULL DEFAULT '',
	by_user         TEXT      NOT NULL,
	by_organization TEXT      NOT NULL,
	at              TIMESTAMP NOT NULL,
	undone          TIMESTAMP NULL,
	undone_by       TEXT      NOT NULL DEFAULT ''
);
CREATE INDEX merge_survivor ON merge (survivor, at);
CREATE INDEX merge_other ON merge (other, at);

-- Pairs of clients who may be one person: a is the lesser ID. What was decided is
-- remembered, so that nobody is asked twice.
CREATE TABLE duplicate (
	a               TEXT      NOT NULL REFERENCES client (id),
	b               TEXT      NOT NULL REFERENCES client (id),
	state           TEXT      NOT NULL CHECK (state IN ('waiting', 'later', 'different', 'merged')),
	answer          TEXT      NOT NULL CHECK (answer IN ('same', 'possible')),
	score           BIGINT    NOT NULL, -- hundredths
	why             TEXT      NOT NULL, -- JSON
	found_by        TEXT      NOT NULL CHECK (found_by IN ('sweep', 'entry', 'import', 'report')),
	found           TIMESTAMP NOT NULL,
	policy          TEXT      NOT NULL DEFAULT '', -- version of the policy that scored it
	decided         TIMESTAMP NULL,
	decided_by      TEXT      NOT NULL DEFAULT '',
	reason          TEXT      NOT NULL DEFAULT '',
	asked_by        TEXT      NOT NULL DEFAULT '', -- who asked for a merge that needs a second person
	PRIMARY KEY (a, b)
);
CREATE INDEX duplicate_queue ON duplicate (state, score, a, b);
CREATE INDEX duplicate_b ON duplicate (b);

-- A sweep goes through all clients in order of their IDs and looks for others like
-- each. After a crash it goes on where its last transaction ended.
CREATE TABLE sweep (
	id       TEXT      PRIMARY KEY,
	started  TIMESTAMP NOT NULL,
	by_user  TEXT      NOT NULL DEFAULT '',
	reached  TEXT      NOT NULL DEFAULT '', -- the last client looked at
	looked   BIGINT    NOT NULL,
	total    BIGINT    NOT NULL, -- clients when it began
	found    BIGINT    NOT NULL, -- new pairs
	moved    TIMESTAMP NOT NULL, -- of the last step
	finished TIMESTAMP NULL
);

-- +goose Down
DROP TABLE sweep;
DROP TABLE duplicate;
DROP TABLE merge;
ALTER TABLE client DROP COLUMN merged_into;
