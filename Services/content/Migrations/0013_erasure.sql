-- An update that makes no new version leaves none behind: so authors can be taken out of what they wrote.
CREATE OR REPLACE FUNCTION keep_content_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
    INSERT INTO content_versions (
        content_id, version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
        author, created_at)
    SELECT id, version, knowledge_id, chapter_id, language, content_type, title, body, format, metadata, status,
           updated_by, updated_at
      FROM replaced
     WHERE EXISTS (SELECT
                     FROM edtech_content AS replacing
                    WHERE replacing.id = replaced.id
                      AND replacing.version <> replaced.version);
    RETURN NULL;
END
$$;

CREATE INDEX knowledge_created_by ON knowledge (created_by);
CREATE INDEX edtech_content_created_by ON edtech_content (created_by);
CREATE INDEX edtech_content_updated_by ON edtech_content (updated_by);
CREATE INDEX content_versions_author ON content_versions (author);
