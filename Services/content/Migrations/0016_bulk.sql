-- How far bulk loads have come that carry an Idempotency-Key, so that one which was cut off goes on where it stopped.
CREATE TABLE bulk_loads (
    caller      uuid         NOT NULL,
    key         text         NOT NULL COLLATE "C",
    -- Lines of the file that have been dealt with, and the SHA-256 of them: the same key must bring the same file.
    line        integer      NOT NULL,
    digest      bytea        NOT NULL,
    report      jsonb        NOT NULL,
    is_done     boolean      NOT NULL,
    created_at  timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX bulk_loads_created_at ON bulk_loads (created_at);
