-- What the identity server is yet to be told of accounts that it keeps, and for a minute what it was told: it is brought
-- level with `users`, and loses an identity whose account is there no more.
CREATE TABLE identity_news (
    -- What the server calls the account.
    identity_id  uuid        PRIMARY KEY,
    -- Another after every change of the account.
    number       bigint      GENERATED ALWAYS AS IDENTITY,
    -- How often a replica has tried to tell.
    attempts     integer     NOT NULL DEFAULT 0,
    -- When the next one may.
    due_at       timestamptz NOT NULL DEFAULT now(),
    told_at      timestamptz
);
CREATE INDEX identity_news_due_at ON identity_news (due_at) WHERE told_at IS NULL;
CREATE INDEX identity_news_told_at ON identity_news (told_at) WHERE told_at IS NOT NULL;
