-- What an identity server calls the account; NULL for one that only auth has.
ALTER TABLE users ADD COLUMN identity_id uuid CONSTRAINT users_identity_id_key UNIQUE;
