-- One text for SQLite and PostgreSQL. Days are DATE, instants TIMESTAMP in UTC
-- with microseconds; a text that is not known is '', never NULL.

-- +goose Up

CREATE TABLE organization (
	id     TEXT    PRIMARY KEY,
	name   TEXT    NOT NULL,
	type   TEXT    NOT NULL CHECK (type IN ('Clinic', 'Public clinic', 'Hospital', 'Pharmacy', 'Local public health',
		'Tribal health', 'Long-term care', 'Corrections', 'Health system', 'Health plan', 'School',
		'Postsecondary school', 'Child care', 'Head Start', 'Registry')),
	city   TEXT    NOT NULL DEFAULT '',
	active BOOLEAN NOT NULL
);

CREATE TABLE user_account (
	id            TEXT      PRIMARY KEY,
	user_name     TEXT      NOT NULL,
	user_key      TEXT      NOT NULL UNIQUE, -- user_name without regard to case
	name          TEXT      NOT NULL DEFAULT '',
	email         TEXT      NOT NULL DEFAULT '',
	password_hash TEXT      NOT NULL DEFAULT '',
	state         TEXT      NOT NULL CHECK (state IN ('Invited', 'Active', 'Inactive')),
	created       TIMESTAMP NOT NULL,
	last_seen     TIMESTAMP NULL,
	must_set      BOOLEAN   NOT NULL,
	failures      BIGINT    NOT NULL DEFAULT 0 CHECK (failures >= 0),
	not_before    TIMESTAMP NULL,
	invite_hash   TEXT      NOT NULL DEFAULT '', -- of the token that lets the user choose a password
	invite_expires TIMESTAMP NULL
);

CREATE UNIQUE INDEX user_account_invite ON user_account (invite_hash) WHERE invite_hash <> '';

CREATE TABLE user_grant (
	user_id         TEXT NOT NULL REFERENCES user_account (id),
	organization_id TEXT NOT NULL,
	role            TEXT NOT NULL CHECK (role IN ('Reports Only', 'Typical User', 'Organization Administrator', 'Help Desk')),
	PRIMARY KEY (user_id, organization_id)
);

CREATE INDEX user_grant_organization ON user_grant (organization_id);

CREATE TABLE session (
	token_hash      TEXT      PRIMARY KEY,
	user_id         TEXT      NOT NULL REFERENCES user_account (id),
	organization_id TEXT      NOT NULL DEFAULT '',
	created         TIMESTAMP NOT NULL,
	seen            TIMESTAMP NOT NULL
);

CREATE INDEX session_by_user ON session (user_id);

CREATE TABLE announcement (
	id     TEXT PRIMARY KEY,
	posted DATE NOT NULL,
	title  TEXT NOT NULL,
	body   TEXT NOT NULL DEFAULT ''
);

CREATE TABLE announcement_read (
	user_id         TEXT NOT NULL,
	announcement_id TEXT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
	PRIMARY KEY (user_id, announcement_id)
);

CREATE INDEX announcement_read_announcement ON announcement_read (announcement_id);

CREATE TABLE client (
	id                 TEXT      PRIMARY KEY CHECK (id <> ''),
	version            BIGINT    NOT NULL CHECK (version >= 0),
	last               TEXT      NOT NULL DEFAULT '',
	first              TEXT      NOT NULL DEFAULT '',
	middle             TEXT      NOT NULL DEFAULT '',
	suffix             TEXT      NOT NULL DEFAULT '',
	gender             TEXT      NOT NULL CHECK (gender IN ('M', 'F', 'U')),
	birth_date         DATE      NULL,
	birth_country      TEXT      NOT NULL DEFAULT '',
	birth_certificate  TEXT      NOT NULL DEFAULT '',
	mother_maiden_last TEXT      NOT NULL DEFAULT '',
	mother_first       TEXT      NOT NULL DEFAULT '',
	race               TEXT      NOT NULL DEFAULT '', -- codes joined by commas
	ethnicity          TEXT      NOT NULL DEFAULT '',
	street             TEXT      NOT NULL DEFAULT '',
	other_address      TEXT      NOT NULL DEFAULT '',
	po_box             TEXT      NOT NULL DEFAULT '',
	city               TEXT      NOT NULL DEFAULT '',
	state              TEXT      NOT NULL DEFAULT '',
	zip                TEXT      NOT NULL DEFAULT '',
	county             TEXT      NOT NULL DEFAULT '',
	undeliverable      BOOLEAN   NOT NULL,
	address_updated    DATE      NULL,
	phone              TEXT      NOT NULL DEFAULT '',
	email              TEXT      NOT NULL DEFAULT '',
	locked_to          TEXT      NOT NULL DEFAULT '',
	death_date         DATE      NULL,
	death_source       TEXT      NOT NULL DEFAULT '',
	death_recorded     TIMESTAMP NULL, -- NULL: alive
	death_by           TEXT      NOT NULL DEFAULT '',
	created            TIMESTAMP NOT NULL,
	updated            TIMESTAMP NOT NULL,
	updated_by         TEXT      NOT NULL DEFAULT ''
);

CREATE TABLE membership (
	client_id       TEXT    NOT NULL REFERENCES client (id),
	organization_id TEXT    NOT NULL,
	chart_number    TEXT    NOT NULL DEFAULT '',
	status          TEXT    NOT NULL CHECK (status IN ('Active', 'Inactive')),
	reason          TEXT    NOT NULL DEFAULT '' CHECK (reason IN ('', 'L', 'M', 'I', 'P', 'U')),
	reminders       BOOLEAN NOT NULL,
	since           DATE    NULL,
	PRIMARY KEY (client_id, organization_id)
);

CREATE INDEX membership_chart ON membership (organization_id, chart_number);

CREATE TABLE alias (
	client_id       TEXT      NOT NULL REFERENCES client (id),
	id              TEXT      NOT NULL,
	last            TEXT      NOT NULL DEFAULT '',
	first           TEXT      NOT NULL DEFAULT '',
	middle          TEXT      NOT NULL DEFAULT '',
	birth_date      DATE      NULL,
	until           TIMESTAMP NOT NULL,
	by_organization TEXT      NOT NULL DEFAULT '',
	PRIMARY KEY (client_id, id)
);

CREATE TABLE contact (
	client_id     TEXT    NOT NULL REFERENCES client (id),
	id            TEXT    NOT NULL,
	last          TEXT    NOT NULL DEFAULT '',
	first         TEXT    NOT NULL DEFAULT '',
	middle        TEXT    NOT NULL DEFAULT '',
	relation      TEXT    NOT NULL DEFAULT '',
	phone         TEXT    NOT NULL DEFAULT '',
	extension     TEXT    NOT NULL DEFAULT '',
	street        TEXT    NOT NULL DEFAULT '',
	other_address TEXT    NOT NULL DEFAULT '',
	po_box        TEXT    NOT NULL DEFAULT '',
	city          TEXT    NOT NULL DEFAULT '',
	state         TEXT    NOT NULL DEFAULT '',
	zip           TEXT    NOT NULL DEFAULT '',
	county        TEXT    NOT NULL DEFAULT '',
	undeliverable BOOLEAN NOT NULL,
	notices       BOOLEAN NOT NULL,
	is_primary    BOOLEAN NOT NULL,
	former        DATE    NULL,
	position      BIGINT  NOT NULL,
	PRIMARY KEY (client_id, id)
);

CREATE TABLE client_comment (
	client_id       TEXT      NOT NULL REFERENCES client (id),
	id              TEXT      NOT NULL,
	code            TEXT      NOT NULL CHECK (code <> ''),
	applies_to      DATE      NULL,
	by_organization TEXT      NOT NULL DEFAULT '',
	entered         TIMESTAMP NOT NULL,
	PRIMARY KEY (client_id, id)
);

CREATE TABLE draft (
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	client_id       TEXT      NOT NULL,
	body            TEXT      NOT NULL, -- JSON
	changed         TIMESTAMP NOT NULL,
	PRIMARY KEY (user_id, organization_id, client_id)
);

-- Searches are posted and kept, so that no name stands in an address.
CREATE TABLE search (
	id              TEXT      PRIMARY KEY,
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	body            TEXT      NOT NULL, -- JSON
	made            TIMESTAMP NOT NULL
);

-- New clients kept for review by the help desk; the code is what a user reads
-- out on the telephone.
CREATE TABLE held_entry (
	id              TEXT      PRIMARY KEY,
	code            TEXT      NOT NULL UNIQUE,
	user_id         TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	body            TEXT      NOT NULL, -- JSON
	reason          TEXT      NOT NULL DEFAULT '',
	held            TIMESTAMP NOT NULL,
	resolved        TIMESTAMP NULL,
	resolved_by     TEXT      NOT NULL DEFAULT '',
	outcome         TEXT      NOT NULL DEFAULT ''
);

-- The audit trail names no other table, so that nothing can ever cascade into
-- it. Each chain is a list in which every row carries the hash of the one before.
CREATE TABLE audit (
	chain           TEXT      NOT NULL,
	seq             BIGINT    NOT NULL,
	at              TIMESTAMP NOT NULL,
	action          TEXT      NOT NULL CHECK (action <> ''),
	user_id         TEXT      NOT NULL,
	user_name       TEXT      NOT NULL,
	organization_id TEXT      NOT NULL,
	org_name        TEXT      NOT NULL,
	role            TEXT      NOT NULL,
	client_id       TEXT      NOT NULL,
	version         BIGINT    NOT NULL,
	detail          TEXT      NOT NULL, -- JSON
	prev            TEXT      NOT NULL,
	hash            TEXT      NOT NULL,
	PRIMARY KEY (chain, seq)
);

CREATE INDEX audit_client ON audit (client_id, at) WHERE client_id <> '';

-- An anchor ties together where the chains stood at one moment.
CREATE TABLE audit_anchor (
	seq   BIGINT    PRIMARY KEY,
	at    TIMESTAMP NOT NULL,
	heads TEXT      NOT NULL, -- JSON
	prev  TEXT      NOT NULL,
	hash  TEXT      NOT NULL
);
