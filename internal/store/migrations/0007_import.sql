-- +goose Up

-- A batch is one file that was taken in. What it touched is kept, so that it can be
-- taken back; what it changed is in the audit trail under its ID.
CREATE TABLE import_batch (
	id              TEXT      PRIMARY KEY,
	kind            TEXT      NOT NULL CHECK (kind IN ('clients', 'immunizations')),
	digest          TEXT      NOT NULL DEFAULT '', -- SHA-256 of the file
	by_user         TEXT      NOT NULL,
	user_name       TEXT      NOT NULL,
	by_organization TEXT      NOT NULL,
	started         TIMESTAMP NOT NULL,
	finished        TIMESTAMP NULL,
	counts          TEXT      NOT NULL DEFAULT '{}', -- JSON: rows by outcome
	undone          TIMESTAMP NULL,
	undone_by       TEXT      NOT NULL DEFAULT ''
);
CREATE INDEX import_batch_started ON import_batch (started);

CREATE TABLE import_touched (
	batch_id  TEXT NOT NULL REFERENCES import_batch (id),
	client_id TEXT NOT NULL REFERENCES client (id),
	state     TEXT NOT NULL DEFAULT '' CHECK (state IN ('', 'undone', 'kept')),
	PRIMARY KEY (batch_id, client_id)
);
CREATE INDEX import_touched_client ON import_touched (client_id);

-- +goose Down
DROP TABLE import_touched;
DROP TABLE import_batch;
