-- How a session was opened: pwd, or with a second factor pwd, otp, mfa. Its tokens tell.
ALTER TABLE sessions ADD COLUMN methods text[] NOT NULL DEFAULT '{pwd}';

CREATE TABLE authenticators (
    user_id       uuid        PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Sealed under a key that is not in the database.
    secret        bytea       NOT NULL,
    -- The time step of the last code that was taken, so that none is taken twice.
    last_step     bigint      NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    -- NULL until the first code showed that the user's app has the secret.
    confirmed_at  timestamptz
);
CREATE INDEX authenticators_unconfirmed ON authenticators (created_at) WHERE confirmed_at IS NULL;

CREATE TABLE recovery_codes (
    user_id  uuid        NOT NULL REFERENCES authenticators (user_id) ON DELETE CASCADE,
    -- SHA-256
    hash     bytea       NOT NULL,
    used_at  timestamptz,
    PRIMARY KEY (user_id, hash),
    CONSTRAINT recovery_codes_hash_length CHECK (octet_length(hash) = 32)
);

-- Logins whose password was right, and which wait for their second step.
CREATE TABLE login_challenges (
    -- SHA-256 of the token as the client has it.
    hash        bytea       PRIMARY KEY,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    step        text        NOT NULL,
    attempts    integer     NOT NULL DEFAULT 0,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT login_challenges_hash_length CHECK (octet_length(hash) = 32)
);
CREATE INDEX login_challenges_user_id ON login_challenges (user_id);
CREATE INDEX login_challenges_expires_at ON login_challenges (expires_at);
