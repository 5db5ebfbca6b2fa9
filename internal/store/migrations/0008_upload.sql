-- +goose Up

-- A file that was sent through a browser to be taken in, kept for a day with what
-- would become, or has become, of each row.
CREATE TABLE upload (
	id              TEXT      PRIMARY KEY,
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	kind            TEXT      NOT NULL CHECK (kind IN ('clients', 'immunizations')),
	body            TEXT      NOT NULL,
	outcomes        TEXT      NOT NULL, -- JSON, of each row
	made            TIMESTAMP NOT NULL,
	taken           TIMESTAMP NULL,     -- when it began to be taken in
	batch_id        TEXT      NOT NULL DEFAULT '' -- '' until it was
);
CREATE INDEX upload_batch ON upload (batch_id) WHERE batch_id <> '';
CREATE INDEX upload_made ON upload (made);

-- +goose Down
DROP TABLE upload;
