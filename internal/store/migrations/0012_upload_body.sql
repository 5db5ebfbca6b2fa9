-- +goose Up

-- The text of a file stands by itself: what is written as the work goes on would
-- otherwise write it anew each time.
DELETE FROM upload_row;
DELETE FROM upload;
ALTER TABLE upload DROP COLUMN body;
CREATE TABLE upload_body (
	upload_id TEXT PRIMARY KEY REFERENCES upload (id),
	body      TEXT NOT NULL
);

-- +goose Down
DELETE FROM upload_row;
DROP TABLE upload_body;
DELETE FROM upload;
ALTER TABLE upload ADD COLUMN body TEXT NOT NULL DEFAULT '';
