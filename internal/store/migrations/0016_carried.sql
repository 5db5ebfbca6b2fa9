-- +goose Up

-- What a pair was before more became known of it by a merge: with the merge that goes,
-- and all of this is there again.
ALTER TABLE duplicate ADD COLUMN was_decided TIMESTAMP NULL;
ALTER TABLE duplicate ADD COLUMN was_decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE duplicate ADD COLUMN was_asked_by TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE duplicate DROP COLUMN was_asked_by;
ALTER TABLE duplicate DROP COLUMN was_decided_by;
ALTER TABLE duplicate DROP COLUMN was_decided;
