-- New texts for two thirds of the time.

-- PostgreSQL sets up a function in SQL anew for every row; what PL/pgSQL evaluates is set up once a session. The vectors
-- are those of before.
CREATE OR REPLACE FUNCTION search_vector(config regconfig, title text, body text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF config <> 'pg_catalog.simple'::regconfig THEN
        RETURN setweight(to_tsvector(config, search_folded(title)), 'A')
            || to_tsvector(config, left(search_folded(left(body, 100000)), 100000));
    END IF;
    RETURN setweight(to_tsvector(config, search_pairs(search_folded(title))), 'A')
        || to_tsvector(config, search_pairs(left(search_folded(left(body, 100000)), CASE
               WHEN search_folded(left(body, 100000))
                    ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]'
               THEN 40000 ELSE 100000 END)));
END
$$;

-- By row, since most new texts point to no file: a trigger of the statement has all of them copied first.
CREATE FUNCTION note_media_of_new_content() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
    INSERT INTO content_media (content_id, media_id)
    SELECT NEW.id, m.media_id
      FROM media_ids(NEW.body, NEW.metadata) AS m (media_id);
    RETURN NULL;
END
$$;
DROP TRIGGER edtech_content_media_of_new ON edtech_content;
CREATE TRIGGER edtech_content_media_of_new
    AFTER INSERT ON edtech_content
    FOR EACH ROW
    WHEN (NEW.body LIKE '%/media/%' OR NEW.metadata::text LIKE '%/media/%')
    EXECUTE FUNCTION note_media_of_new_content();

-- Whoever made a text has mostly changed it last too, and is found by that.
DROP INDEX edtech_content_updated_by;
CREATE INDEX edtech_content_updated_by ON edtech_content (updated_by) WHERE updated_by <> created_by;
