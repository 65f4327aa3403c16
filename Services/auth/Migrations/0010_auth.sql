CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

CREATE TABLE users (
    id                 uuid        PRIMARY KEY,
    email              citext      NOT NULL,
    -- bcrypt; NULL for an account that has no password yet.
    password_hash      text,
    display_name       text,
    role               text        NOT NULL,
    email_verified_at  timestamptz,
    disabled_at        timestamptz,
    -- Grows with every change that a reader of the account can see.
    version            integer     NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_email_length CHECK (octet_length(email::text) <= 254),
    CONSTRAINT users_display_name_length CHECK (char_length(display_name) <= 200),
    CONSTRAINT users_role CHECK (role IN ('student', 'teacher', 'admin'))
);
CREATE INDEX users_role_email ON users (role, email);
CREATE INDEX users_email_trigrams ON users USING gin ((email::text) gin_trgm_ops);
CREATE INDEX users_display_name_trigrams ON users USING gin (display_name gin_trgm_ops);

CREATE TABLE sessions (
    id            uuid        PRIMARY KEY,
    -- The order in which sessions were opened.
    number        bigint      GENERATED ALWAYS AS IDENTITY,
    user_id       uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent    text,
    ip            text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz NOT NULL DEFAULT now(),
    -- When its last refresh token expires.
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz
);
CREATE INDEX sessions_user_id_number ON sessions (user_id, number);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    -- SHA-256 of the token as the client has it.
    hash             bytea       PRIMARY KEY,
    session_id       uuid        NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL,
    used_at          timestamptz,
    -- With the token itself, from which alone nobody can tell it, gives the successor; kept for the time of grace.
    successor_nonce  bytea,
    CONSTRAINT refresh_tokens_hash_length CHECK (octet_length(hash) = 32)
);
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX refresh_tokens_nonce_used_at ON refresh_tokens (used_at) WHERE successor_nonce IS NOT NULL;

-- Access tokens of a session or a user that are refused although they have not expired.
CREATE TABLE revocations (
    scope         text   NOT NULL,
    id            uuid   NOT NULL,
    -- Seconds since 1970: tokens issued until then are refused.
    issued_until  bigint NOT NULL,
    PRIMARY KEY (scope, id),
    CONSTRAINT revocations_scope CHECK (scope IN ('session', 'user'))
);
CREATE INDEX revocations_issued_until ON revocations (issued_until);

CREATE TABLE signing_keys (
    kid          text        PRIMARY KEY,
    -- P-256, the scalar as 32 bytes.
    private_key  bytea       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    retired_at   timestamptz
);

-- How often logins failed, by account and address, and by address alone.
CREATE TABLE login_failures (
    bucket     text        PRIMARY KEY,
    failures   integer     NOT NULL,
    resets_at  timestamptz NOT NULL
);
CREATE INDEX login_failures_resets_at ON login_failures (resets_at);

-- Who did what, when, from where. No foreign keys: it outlives the accounts that it tells of.
CREATE TABLE audit_log (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       uuid,
    action      text        NOT NULL,
    target      uuid,
    ip          text,
    request_id  text,
    detail      jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_actor_id ON audit_log (actor, id);
CREATE INDEX audit_log_action_id ON audit_log (action, id);
CREATE INDEX audit_log_target_id ON audit_log (target, id);
