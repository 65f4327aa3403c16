-- The search vector of a text in ASCII without a call for each of its parts: nothing in it has another form. And without a
-- search path, which costs on every call: where no schema is searched, as in pg_restore, the names bring theirs along. The
-- vectors are those of before.
DO $do$
BEGIN
    EXECUTE format($format$
        CREATE OR REPLACE FUNCTION search_vector(config regconfig, title text, body text) RETURNS tsvector
            LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
        AS $function$
        BEGIN
            IF config <> 'pg_catalog.simple'::regconfig THEN
                IF octet_length(title) = char_length(title) AND octet_length(body) = char_length(body) THEN
                    RETURN setweight(to_tsvector(config, title), 'A') || to_tsvector(config, left(body, 100000));
                END IF;
                RETURN setweight(to_tsvector(config, %1$I.search_folded(title)), 'A')
                    || to_tsvector(config, left(%1$I.search_folded(left(body, 100000)), 100000));
            END IF;
            RETURN setweight(to_tsvector(config, %1$I.search_pairs(%1$I.search_folded(title))), 'A')
                || to_tsvector(config, %1$I.search_pairs(left(%1$I.search_folded(left(body, 100000)), CASE
                       WHEN %1$I.search_folded(left(body, 100000))
                            ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]'
                       THEN 40000 ELSE 100000 END)));
        END
        $function$
        $format$, current_schema());
END
$do$;

-- Most texts are published, and go into an index by their ids alone, in their order; only the others are told apart.
CREATE INDEX edtech_content_published ON edtech_content (id) WHERE status = 'published';
CREATE INDEX edtech_content_unpublished ON edtech_content (status, id) WHERE status <> 'published';
DROP INDEX edtech_content_status_id;
