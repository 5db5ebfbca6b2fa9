-- +goose Up

-- Which batches have held an entry for the help desk. An entry goes with the last of
-- them that is undone, if nobody has resolved it.
CREATE TABLE import_held (
	batch_id TEXT NOT NULL REFERENCES import_batch (id),
	held_id  TEXT NOT NULL REFERENCES held_entry (id),
	PRIMARY KEY (batch_id, held_id)
);
CREATE INDEX import_held_entry ON import_held (held_id);

-- +goose Down
DROP TABLE import_held;
