-- Every key under which bytes are or were in the object store, each with one fate: a file's, or discarded by
-- maintenance. Whoever inserts the row first decides, so that maintenance can't take the bytes of an upload that is
-- just being acknowledged.
CREATE TABLE object_keys (
    storage_key   text        PRIMARY KEY,
    discarded_at  timestamptz
);
CREATE INDEX object_keys_discarded_at ON object_keys (discarded_at) WHERE discarded_at IS NOT NULL;

-- Times have milliseconds, as on the wire, so that they can stand in cursors.
CREATE TABLE media (
    id            uuid            PRIMARY KEY,
    owner_id      uuid            NOT NULL,
    storage_key   text            NOT NULL UNIQUE REFERENCES object_keys (storage_key),
    filename      text            NOT NULL,
    content_type  text            NOT NULL,
    size          bigint          NOT NULL CHECK (size >= 0),
    sha256        bytea           NOT NULL CHECK (length(sha256) = 32),
    visibility    text            NOT NULL CHECK (visibility IN ('private', 'authenticated', 'public')),
    knowledge_id  integer,
    chapter_id    varchar(50)     CHECK (chapter_id IS NULL OR knowledge_id IS NOT NULL),
    status        text            NOT NULL DEFAULT 'available' CHECK (status IN ('available', 'archived', 'missing')),
    version       integer         NOT NULL DEFAULT 1,
    created_at    timestamptz(3)  NOT NULL DEFAULT now(),
    updated_at    timestamptz(3)  NOT NULL DEFAULT now(),
    deleted_at    timestamptz(3)
);
CREATE INDEX media_created_at ON media (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX media_owner_created_at ON media (owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX media_visibility_created_at ON media (visibility, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX media_knowledge_created_at ON media (knowledge_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX media_content_type_created_at ON media (content_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX media_deleted_at ON media (deleted_at) WHERE deleted_at IS NOT NULL;

-- Streamed uploads that came with an Idempotency-Key, kept for 24 hours.
CREATE TABLE upload_keys (
    owner_id     uuid         NOT NULL,
    key          text         NOT NULL,
    body_sha256  bytea        NOT NULL,
    media_id     uuid         NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    created_at   timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, key)
);
CREATE INDEX upload_keys_media_id ON upload_keys (media_id);
CREATE INDEX upload_keys_created_at ON upload_keys (created_at);

-- Uploads that come in parts.
CREATE TABLE uploads (
    id                uuid            PRIMARY KEY,
    owner_id          uuid            NOT NULL,
    storage_key       text            NOT NULL UNIQUE,
    filename          text            NOT NULL,
    visibility        text            NOT NULL CHECK (visibility IN ('private', 'authenticated', 'public')),
    knowledge_id      integer,
    chapter_id        varchar(50),
    size              bigint          NOT NULL CHECK (size >= 0),
    sha256            bytea           CHECK (length(sha256) = 32),
    part_size         bigint          NOT NULL CHECK (part_size > 0),
    created_at        timestamptz(3)  NOT NULL DEFAULT now(),
    expires_at        timestamptz(3)  NOT NULL,
    completing_until  timestamptz,
    media_id          uuid            REFERENCES media (id) ON DELETE CASCADE
);
CREATE INDEX uploads_expires_at ON uploads (expires_at);
