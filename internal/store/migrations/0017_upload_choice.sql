-- +goose Up

-- What was chosen for rows of a file that is checked anew, as its columns are read in
-- another way: it stands where a row still says the same of the person, and that it is
-- of a new client where it is like nobody else now. What stays here once the file is
-- checked does not.
ALTER TABLE upload_row ADD COLUMN mark TEXT NOT NULL DEFAULT ''; -- of what the row says of the person
CREATE TABLE upload_choice (
	upload_id TEXT   NOT NULL REFERENCES upload (id),
	row_no    BIGINT NOT NULL,
	line      BIGINT NOT NULL,
	mark      TEXT   NOT NULL,
	choice    TEXT   NOT NULL,
	alike     TEXT   NOT NULL, -- whose it could have been then, separated by spaces
	PRIMARY KEY (upload_id, row_no)
);

-- +goose Down
DROP TABLE upload_choice;
ALTER TABLE upload_row DROP COLUMN mark;
