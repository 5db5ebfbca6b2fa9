-- +goose Up

-- A dose is one report of an immunization, or of one refused. Nothing refers to a
-- code table: codes that nobody knows are kept.
CREATE TABLE dose (
	client_id       TEXT      NOT NULL REFERENCES client (id),
	id              TEXT      NOT NULL,
	kind            TEXT      NOT NULL CHECK (kind IN ('Administered', 'Historical', 'Refused')),
	given           DATE      NOT NULL,
	vaccine         TEXT      NOT NULL CHECK (vaccine <> ''),
	trade_name      TEXT      NOT NULL DEFAULT '',
	maker           TEXT      NOT NULL DEFAULT '',
	product         TEXT      NOT NULL DEFAULT '',
	lot             TEXT      NOT NULL DEFAULT '',
	expires         DATE      NULL,
	amount          TEXT      NOT NULL DEFAULT '', -- mL
	route           TEXT      NOT NULL DEFAULT '',
	site            TEXT      NOT NULL DEFAULT '',
	eligibility     TEXT      NOT NULL DEFAULT '',
	funding         TEXT      NOT NULL DEFAULT '',
	vis             DATE      NULL,
	given_by        TEXT      NOT NULL DEFAULT '',
	source          TEXT      NOT NULL DEFAULT '',
	provider        TEXT      NOT NULL DEFAULT '',
	refusal         TEXT      NOT NULL DEFAULT '',
	subpotent       BOOLEAN   NOT NULL,
	reactions       TEXT      NOT NULL DEFAULT '', -- codes joined by commas
	by_organization TEXT      NOT NULL,
	entered         TIMESTAMP NOT NULL,
	PRIMARY KEY (client_id, id)
);

-- Problems with a dose that were told to the organization that recorded it.
CREATE TABLE dose_problem (
	id              TEXT      PRIMARY KEY,
	client_id       TEXT      NOT NULL REFERENCES client (id),
	dose_id         TEXT      NOT NULL,
	owner           TEXT      NOT NULL, -- organization that recorded the dose
	text            TEXT      NOT NULL,
	by_user         TEXT      NOT NULL,
	by_organization TEXT      NOT NULL,
	told            TIMESTAMP NOT NULL,
	resolved        TIMESTAMP NULL,
	resolved_by     TEXT      NOT NULL DEFAULT '',
	outcome         TEXT      NOT NULL DEFAULT ''
);
CREATE INDEX dose_problem_waiting ON dose_problem (owner, told) WHERE resolved IS NULL;
CREATE INDEX dose_problem_client ON dose_problem (client_id, dose_id);

-- Records that were printed for a client, so that whoever is shown one can ask
-- whether it is ours and still true. The code is what stands on the paper.
CREATE TABLE issued_record (
	code            TEXT      PRIMARY KEY,
	client_id       TEXT      NOT NULL REFERENCES client (id),
	kind            TEXT      NOT NULL CHECK (kind <> ''),
	language        TEXT      NOT NULL DEFAULT '',
	digest          TEXT      NOT NULL, -- of what the record says
	doses           BIGINT    NOT NULL,
	issued          TIMESTAMP NOT NULL,
	by_user         TEXT      NOT NULL,
	by_organization TEXT      NOT NULL
);
CREATE INDEX issued_record_client ON issued_record (client_id, issued);

-- A client has a draft for each screen.
CREATE TABLE draft_by_screen (
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	client_id       TEXT      NOT NULL,
	screen          TEXT      NOT NULL CHECK (screen IN ('', 'doses')),
	body            TEXT      NOT NULL, -- JSON
	changed         TIMESTAMP NOT NULL,
	PRIMARY KEY (user_id, organization_id, client_id, screen)
);
INSERT INTO draft_by_screen (user_id, organization_id, client_id, screen, body, changed)
SELECT user_id, organization_id, client_id, '', body, changed
FROM draft;
DROP TABLE draft;
ALTER TABLE draft_by_screen RENAME TO draft;

-- +goose Down
CREATE TABLE draft_by_client (
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	client_id       TEXT      NOT NULL,
	body            TEXT      NOT NULL,
	changed         TIMESTAMP NOT NULL,
	PRIMARY KEY (user_id, organization_id, client_id)
);
INSERT INTO draft_by_client (user_id, organization_id, client_id, body, changed)
SELECT user_id, organization_id, client_id, body, changed
FROM draft
WHERE screen = '';
DROP TABLE draft;
ALTER TABLE draft_by_client RENAME TO draft;
DROP TABLE issued_record;
DROP TABLE dose_problem;
DROP TABLE dose;
