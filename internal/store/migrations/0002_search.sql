-- +goose Up

-- client_name holds a row for each name under which a client is found: present
-- and former names, with present and former birth dates, folded by package
-- match. All three indexes answer a search without touching the table or come
-- to it for a few rows.
CREATE TABLE client_name (
	client_id   TEXT    NOT NULL,
	n           BIGINT  NOT NULL,
	last        TEXT    NOT NULL,
	first       TEXT    NOT NULL,
	last_sound  TEXT    NOT NULL,
	first_sound TEXT    NOT NULL,
	birth_date  DATE,
	former      BOOLEAN NOT NULL,
	last_part   BOOLEAN NOT NULL,
	first_part  BOOLEAN NOT NULL,
	PRIMARY KEY (client_id, n)
);
CREATE INDEX client_name_by_name ON client_name (last, first, birth_date, client_id, former, last_part, first_part);
CREATE INDEX client_name_by_birth ON client_name (birth_date, last, first, client_id, former, last_part, first_part);
CREATE INDEX client_name_by_sound ON client_name (last_sound, first_sound, birth_date);

-- client_key holds what else a client is found by; see iis.Key.
CREATE TABLE client_key (
	value     TEXT NOT NULL,
	client_id TEXT NOT NULL,
	PRIMARY KEY (value, client_id)
);

-- name_vocabulary holds each folded name ever on file once. A name stays though
-- no client has it any more: it then leads nowhere.
CREATE TABLE name_vocabulary (
	kind  TEXT      NOT NULL CHECK (kind IN ('last', 'first')),
	name  TEXT      NOT NULL,
	added TIMESTAMP NOT NULL,
	PRIMARY KEY (kind, name)
);
CREATE INDEX name_vocabulary_by_added ON name_vocabulary (added);

-- Searches that nobody came back to are removed by their age.
CREATE INDEX search_by_made ON search (made);

-- +goose Down
DROP INDEX search_by_made;
DROP TABLE name_vocabulary;
DROP TABLE client_key;
DROP TABLE client_name;
