-- +goose Up

-- A file that was sent through a browser: which of its columns is read as what, and
-- how far checking or taking it in has come. Files are kept for a day; those sent
-- before are to be sent anew.
DROP TABLE upload;
CREATE TABLE upload (
	id              TEXT      PRIMARY KEY,
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	kind            TEXT      NOT NULL CHECK (kind IN ('clients', 'immunizations')),
	body            TEXT      NOT NULL,
	digest          TEXT      NOT NULL, -- SHA-256 of the body
	total           BIGINT    NOT NULL, -- rows
	columns         TEXT      NOT NULL, -- JSON: how each column is read
	dates           TEXT      NOT NULL CHECK (dates IN ('mdy', 'ymd', 'dmy')),
	state           TEXT      NOT NULL CHECK (state IN ('columns', 'checking', 'checked', 'taking', 'taken')),
	enter_possible  BOOLEAN   NOT NULL DEFAULT FALSE,
	batch_id        TEXT      NOT NULL DEFAULT '',
	trouble         TEXT      NOT NULL DEFAULT '', -- why it does not go on
	made            TIMESTAMP NOT NULL,
	holder          TEXT      NOT NULL DEFAULT '', -- who works on it
	moved           TIMESTAMP NOT NULL,
	begun           TIMESTAMP NULL, -- when the holder took it, and how many rows were done then
	begun_at        BIGINT    NOT NULL DEFAULT 0
);
CREATE INDEX upload_made ON upload (made);
CREATE INDEX upload_user ON upload (user_id, organization_id);
CREATE INDEX upload_open ON upload (made) WHERE state IN ('checking', 'taking');
CREATE INDEX upload_batch ON upload (batch_id) WHERE batch_id <> '';

-- What would become of each row of such a file, or has.
CREATE TABLE upload_row (
	upload_id TEXT    NOT NULL REFERENCES upload (id),
	row_no    BIGINT  NOT NULL, -- from 1
	line      BIGINT  NOT NULL,
	cells     TEXT    NOT NULL, -- JSON: the row as it stands in the file
	outcome   TEXT    NOT NULL CHECK (outcome IN ('new', 'changed', 'same', 'held', 'possible', 'wrong')),
	client_id TEXT    NOT NULL DEFAULT '',
	reason    TEXT    NOT NULL DEFAULT '', -- why it is not taken in; never what it holds
	alike     TEXT    NOT NULL DEFAULT '', -- IDs of clients whose it may be
	fields    TEXT    NOT NULL DEFAULT '', -- what it changes
	renames   BOOLEAN NOT NULL DEFAULT FALSE, -- it changes a name or birth date
	choice    TEXT    NOT NULL DEFAULT '', -- of a person: 'new', 'out' or the ID of a client
	taken     BOOLEAN NOT NULL DEFAULT FALSE,
	PRIMARY KEY (upload_id, row_no)
);
CREATE INDEX upload_row_outcome ON upload_row (upload_id, outcome, row_no);

-- How an organization reads files with the same names of columns.
CREATE TABLE upload_columns (
	organization_id TEXT      NOT NULL,
	kind            TEXT      NOT NULL CHECK (kind IN ('clients', 'immunizations')),
	headers         TEXT      NOT NULL, -- digest of the names
	columns         TEXT      NOT NULL, -- JSON, in the order of the names
	dates           TEXT      NOT NULL CHECK (dates IN ('mdy', 'ymd', 'dmy')),
	used            TIMESTAMP NOT NULL,
	PRIMARY KEY (organization_id, kind, headers)
);

-- An import that is to be taken back, and who works on it.
ALTER TABLE import_batch ADD COLUMN undo_asked TIMESTAMP NULL;
ALTER TABLE import_batch ADD COLUMN undo_for TEXT NOT NULL DEFAULT ''; -- organization that whoever asked acted for
ALTER TABLE import_batch ADD COLUMN undo_holder TEXT NOT NULL DEFAULT '';
ALTER TABLE import_batch ADD COLUMN undo_moved TIMESTAMP NULL;
CREATE INDEX import_batch_undo ON import_batch (undo_asked) WHERE undo_asked IS NOT NULL AND undone IS NULL;
CREATE INDEX import_batch_digest ON import_batch (digest) WHERE digest <> '';

-- +goose Down
DROP INDEX import_batch_digest;
DROP INDEX import_batch_undo;
ALTER TABLE import_batch DROP COLUMN undo_moved;
ALTER TABLE import_batch DROP COLUMN undo_holder;
ALTER TABLE import_batch DROP COLUMN undo_for;
ALTER TABLE import_batch DROP COLUMN undo_asked;
DROP TABLE upload_columns;
DROP TABLE upload_row;
DROP TABLE upload;
CREATE TABLE upload (
	id              TEXT      PRIMARY KEY,
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	kind            TEXT      NOT NULL CHECK (kind IN ('clients', 'immunizations')),
	body            TEXT      NOT NULL,
	outcomes        TEXT      NOT NULL,
	made            TIMESTAMP NOT NULL,
	taken           TIMESTAMP NULL,
	batch_id        TEXT      NOT NULL DEFAULT ''
);
CREATE INDEX upload_batch ON upload (batch_id) WHERE batch_id <> '';
CREATE INDEX upload_made ON upload (made);
