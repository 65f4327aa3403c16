-- Secrets that were mailed. Of each kind, a user's newest alone is good.
CREATE TABLE one_time_tokens (
    -- SHA-256 of the token as it stands in the mail.
    hash        bytea       PRIMARY KEY,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose     text        NOT NULL,
    -- The address that it was mailed to.
    email       citext      NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    CONSTRAINT one_time_tokens_user_id_purpose UNIQUE (user_id, purpose),
    CONSTRAINT one_time_tokens_hash_length CHECK (octet_length(hash) = 32),
    CONSTRAINT one_time_tokens_purpose CHECK (purpose IN ('password_reset', 'email_verification'))
);
CREATE INDEX one_time_tokens_expires_at ON one_time_tokens (expires_at);

-- Mails that are to be written and sent. They hold no token: it is made when the mail is written.
CREATE TABLE mails (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text        NOT NULL,
    recipient   text        NOT NULL,
    -- For an account that names no language.
    language    text,
    -- Where the mail was asked for.
    ip          text        NOT NULL,
    request_id  text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- How often a replica has taken it on.
    attempts    integer     NOT NULL DEFAULT 0,
    -- When the next one may.
    due_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mails_due_at ON mails (due_at);
