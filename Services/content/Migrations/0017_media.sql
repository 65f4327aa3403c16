-- Which files texts point to, by /media/{id} in the body or the metadata, and which of all files are gone.
CREATE TABLE content_media (
    content_id  bigint  NOT NULL CONSTRAINT content_media_content REFERENCES edtech_content ON DELETE CASCADE,
    media_id    uuid    NOT NULL,
    PRIMARY KEY (content_id, media_id)
);
CREATE INDEX content_media_media_id ON content_media (media_id, content_id);

CREATE TABLE deleted_media (
    media_id    uuid         PRIMARY KEY,
    deleted_at  timestamptz  NOT NULL
);

CREATE FUNCTION media_ids(body text, metadata jsonb) RETURNS SETOF uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT DISTINCT m[1]::uuid
          FROM regexp_matches(
                   body || ' ' || metadata::text,
                   '/media/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', 'gi') AS m;
    END;

-- Whichever statement writes a text.
CREATE FUNCTION note_content_media() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM content_media WHERE content_id IN (SELECT id FROM written);
    END IF;
    INSERT INTO content_media (content_id, media_id)
    SELECT w.id, m.media_id
      FROM written AS w, media_ids(w.body, w.metadata) AS m (media_id)
     WHERE w.body LIKE '%/media/%' OR w.metadata::text LIKE '%/media/%'
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER edtech_content_media_of_new
    AFTER INSERT ON edtech_content
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_content_media();
CREATE TRIGGER edtech_content_media_of_changed
    AFTER UPDATE ON edtech_content
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_content_media();

INSERT INTO content_media (content_id, media_id)
SELECT c.id, m.media_id
  FROM edtech_content AS c, media_ids(c.body, c.metadata) AS m (media_id);
