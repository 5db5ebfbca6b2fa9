-- +goose Up

-- When taking a batch back began, however it was asked for: nothing comes into it any
-- more.
ALTER TABLE import_batch ADD COLUMN undo_begun TIMESTAMP NULL;

-- +goose Down
ALTER TABLE import_batch DROP COLUMN undo_begun;
