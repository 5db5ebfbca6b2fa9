-- +goose Up

-- Who runs a sweep, so that two never do; what has not moved for a while is taken
-- over.
ALTER TABLE sweep ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE sweep ADD COLUMN compared BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sweep_started ON sweep (started);

-- +goose Down
DROP INDEX sweep_started;
ALTER TABLE sweep DROP COLUMN compared;
ALTER TABLE sweep DROP COLUMN holder;
