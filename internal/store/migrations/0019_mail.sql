-- +goose Up

-- Whether a user wants no e-mail about the files he has sent.
ALTER TABLE user_account ADD COLUMN no_mail BOOLEAN NOT NULL DEFAULT FALSE;

-- The outbox: e-mail to users that waits to be sent, and for a while what has become
-- of it. Neither address nor text stand here: the one is that of the account, the
-- other follows from what the mail is about.
CREATE TABLE mail (
	id        TEXT      PRIMARY KEY,
	user_id   TEXT      NOT NULL REFERENCES user_account (id),
	about     TEXT      NOT NULL CHECK (about IN ('checked', 'check stopped', 'taken', 'taking stopped', 'undone')),
	kind      TEXT      NOT NULL CHECK (kind IN ('clients', 'immunizations')), -- what the file holds
	total     BIGINT    NOT NULL, -- rows of the file, or clients whom its undo has looked at
	attention BIGINT    NOT NULL, -- those of them that somebody should look at
	asks      BOOLEAN   NOT NULL, -- whether something has to be confirmed before it goes on
	made      TIMESTAMP NOT NULL,
	state     TEXT      NOT NULL CHECK (state IN ('waiting', 'sent', 'unwanted', 'failed')),
	next      TIMESTAMP NOT NULL, -- when it may be tried; while somebody tries, when another may
	tries     BIGINT    NOT NULL DEFAULT 0 CHECK (tries >= 0),
	ended     TIMESTAMP NULL,     -- when it was sent or given up
	trouble   TEXT      NOT NULL DEFAULT '' -- why it was not sent the last time; never an address
);
CREATE INDEX mail_waiting ON mail (next) WHERE state = 'waiting';
CREATE INDEX mail_made ON mail (made);

-- Whether whoever asked that an import be taken back is told by e-mail when it is.
ALTER TABLE import_batch ADD COLUMN undo_mail BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE import_batch DROP COLUMN undo_mail;
DROP TABLE mail;
ALTER TABLE user_account DROP COLUMN no_mail;
