-- +goose Up

-- Nothing goes this way: a chart number is found in client_key, and what a batch has
-- touched by the batch. Each cost every new client a page to be read and written.
DROP INDEX membership_chart;
DROP INDEX import_touched_client;

-- +goose Down
CREATE INDEX import_touched_client ON import_touched (client_id);
CREATE INDEX membership_chart ON membership (organization_id, chart_number);
