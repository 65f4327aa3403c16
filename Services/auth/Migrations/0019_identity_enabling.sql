-- Whether the account was opened again here, so that the identity server may do so too: else what it has shut stays shut.
ALTER TABLE identity_news ADD COLUMN enables boolean NOT NULL DEFAULT false;
