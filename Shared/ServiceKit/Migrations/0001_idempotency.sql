-- Answers to POST requests with an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotency_keys (
    key           text        NOT NULL,
    caller        text        NOT NULL,
    route         text        NOT NULL,
    body_sha256   bytea       NOT NULL,
    status        integer,
    headers       jsonb,
    body          bytea,
    created_at    timestamptz NOT NULL DEFAULT now(),
    locked_until  timestamptz NOT NULL,
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
