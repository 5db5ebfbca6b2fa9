-- +goose Up

-- Who looks into a pair, so that two do not.
ALTER TABLE duplicate ADD COLUMN assigned_to TEXT NOT NULL DEFAULT '';

-- What is known of a record is known of the one it was merged into: the pair says by
-- which merge it came, and what it was before, '' if it was none. With the merge it
-- goes.
ALTER TABLE duplicate ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE duplicate ADD COLUMN was TEXT NOT NULL DEFAULT '';
CREATE INDEX duplicate_via ON duplicate (via) WHERE via <> '';

-- +goose Down
DROP INDEX duplicate_via;
ALTER TABLE duplicate DROP COLUMN was;
ALTER TABLE duplicate DROP COLUMN via;
ALTER TABLE duplicate DROP COLUMN assigned_to;
