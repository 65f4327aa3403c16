-- Publishing at a set time, and a trash from which texts come back.

-- A draft with this time is published from then on, for every reader: whether or not anything has noted it in its
-- status by then. It means nothing for what is no draft.
ALTER TABLE edtech_content ADD COLUMN publish_at timestamptz;
ALTER TABLE content_versions ADD COLUMN publish_at timestamptz;
CREATE INDEX edtech_content_publish_at ON edtech_content (publish_at, id) WHERE status = 'draft' AND publish_at IS NOT NULL;

CREATE OR REPLACE VIEW content_history AS
SELECT content_id, version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
       author, created_at, publish_at
  FROM content_versions
 UNION ALL
SELECT id, version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
       updated_by, updated_at, publish_at
  FROM edtech_content;

CREATE OR REPLACE FUNCTION keep_content_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
    INSERT INTO content_versions (
        content_id, version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
        author, created_at, publish_at)
    SELECT id, version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
           updated_by, updated_at, publish_at
      FROM replaced
     WHERE EXISTS (SELECT
                     FROM edtech_content AS replacing
                    WHERE replacing.id = replaced.id
                      AND replacing.version <> replaced.version);
    RETURN NULL;
END
$$;

-- Texts that were deleted, with their versions, until they are restored or purged. Their place is free again.
CREATE TABLE deleted_content (
    id            bigint       PRIMARY KEY,
    knowledge_id  integer      NOT NULL,
    chapter_id    varchar(50)  NOT NULL COLLATE "C",
    language      text         NOT NULL COLLATE "C",
    content_type  varchar(50)  NOT NULL COLLATE "C",
    title         text         NOT NULL,
    body          text         NOT NULL,
    format        text         NOT NULL COLLATE "C",
    metadata      jsonb        NOT NULL,
    status        text         NOT NULL COLLATE "C",
    publish_at    timestamptz,
    version       integer      NOT NULL,
    created_by    uuid         NOT NULL,
    updated_by    uuid         NOT NULL,
    created_at    timestamptz  NOT NULL,
    updated_at    timestamptz  NOT NULL,
    deleted_by    uuid         NOT NULL,
    deleted_at    timestamptz  NOT NULL DEFAULT now(),
    CONSTRAINT deleted_content_chapter FOREIGN KEY (knowledge_id, chapter_id) REFERENCES chapters ON DELETE CASCADE
);
CREATE INDEX deleted_content_chapter ON deleted_content (knowledge_id, chapter_id);
CREATE INDEX deleted_content_deleted_at ON deleted_content (deleted_at);

CREATE TABLE deleted_versions (
    content_id    bigint       NOT NULL CONSTRAINT deleted_versions_content REFERENCES deleted_content ON DELETE CASCADE,
    version       integer      NOT NULL,
    knowledge_id  integer      NOT NULL,
    chapter_id    varchar(50)  NOT NULL COLLATE "C",
    language      text         NOT NULL COLLATE "C",
    content_type  varchar(50)  NOT NULL COLLATE "C",
    title         text         NOT NULL,
    body          text         NOT NULL,
    format        text         NOT NULL COLLATE "C",
    metadata      jsonb        NOT NULL,
    status        text         NOT NULL COLLATE "C",
    publish_at    timestamptz,
    author        uuid         NOT NULL,
    created_at    timestamptz  NOT NULL,
    PRIMARY KEY (content_id, version)
);
