-- +goose Up

-- shown_to says who may see the client of a name, so that a search need not look
-- at the client of each row it comes upon: '' for everybody, an organization that
-- has locked the client, '-' for nobody but staff. It follows the client.
ALTER TABLE client_name ADD COLUMN shown_to TEXT NOT NULL DEFAULT '';
UPDATE client_name
SET shown_to = (
	SELECT CASE WHEN c.death_recorded IS NOT NULL THEN '-' ELSE c.locked_to END
	FROM client c
	WHERE c.id = client_name.client_id)
WHERE client_id IN (SELECT id FROM client WHERE death_recorded IS NOT NULL OR locked_to <> '');

DROP INDEX client_name_by_name;
DROP INDEX client_name_by_birth;
CREATE INDEX client_name_by_name ON client_name (last, first, birth_date, client_id, former, last_part, first_part, shown_to);
CREATE INDEX client_name_by_birth ON client_name (birth_date, last, first, client_id, former, last_part, first_part, shown_to);

-- +goose Down
DROP INDEX client_name_by_birth;
DROP INDEX client_name_by_name;
CREATE INDEX client_name_by_name ON client_name (last, first, birth_date, client_id, former, last_part, first_part);
CREATE INDEX client_name_by_birth ON client_name (birth_date, last, first, client_id, former, last_part, first_part);
ALTER TABLE client_name DROP COLUMN shown_to;
