-- Search in scripts without spaces by pairs of characters, in any normal form, and by titles that are spelt alike.

-- Compatibility forms of one text are one text to the search: NFD and NFC, wide and narrow, ligatures.
CREATE FUNCTION search_folded(text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN octet_length(text) = char_length(text) THEN text ELSE normalize(text, NFKC) END;

-- In scripts that have no spaces between words (Thai, Lao, Burmese, Khmer, kana, Han) every two neighbours are a word.
-- 'ABCD' becomes 'AB  CD' here, and 'BC  D' in the second half; so the last character stands alone too.
CREATE FUNCTION search_pairs(text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN text ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]'
        THEN regexp_replace(
                 text,
                 '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]{1,2})',
                 ' \1 ', 'g')
             || ' ' || regexp_replace(
                 regexp_replace(
                     regexp_replace(
                         text,
                         '[^\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]+',
                         ' ', 'g'),
                     '(^| )[^ ]', '\1', 'g'),
                 '([^ ]{1,2})', ' \1 ', 'g')
        ELSE text
    END;

-- A tsvector holds 1 MB at most, so the search sees the first 100,000 characters of a body, and of one in a script
-- without spaces the first 40,000.
CREATE OR REPLACE FUNCTION search_vector(config regconfig, title text, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE config
        WHEN 'pg_catalog.simple'::regconfig THEN
            setweight(to_tsvector(config, search_pairs(search_folded(title))), 'A')
            || to_tsvector(config, search_pairs(left(search_folded(left(body, 100000)), CASE
                   WHEN search_folded(left(body, 100000))
                        ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]'
                   THEN 40000 ELSE 100000 END)))
        ELSE setweight(to_tsvector(config, search_folded(title)), 'A')
            || to_tsvector(config, left(search_folded(left(body, 100000)), 100000))
    END;

-- All pairs of what has no spaces, and all words of the rest, as the text of a tsquery; NULL without any. One
-- character alone is looked for as the beginning of a pair.
CREATE FUNCTION search_pairs_of(term text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT string_agg(part, ' & ')
          FROM (SELECT CASE char_length(m[1])
                           WHEN 1 THEN quote_literal(m[1]) || ':*'
                           ELSE (SELECT string_agg(quote_literal(substr(m[1], i, 2)), ' & ')
                                   FROM generate_series(1, char_length(m[1]) - 1) AS i)
                       END
                  FROM regexp_matches(
                           term,
                           '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]+)',
                           'g') AS m
                 UNION ALL
                SELECT nullif(plainto_tsquery('pg_catalog.simple', regexp_replace(
                           term,
                           '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]+',
                           ' ', 'g'))::text, '')) AS parts (part));

-- "or" between alternatives, of each of which all terms must be there, but for those with a minus.
CREATE FUNCTION search_pairs_query(words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT coalesce(string_agg('(' || terms || ')', ' | '), '')::tsquery
          FROM (SELECT (SELECT string_agg(CASE m[1] WHEN '-' THEN '!' ELSE '' END || '(' || pairs || ')', ' & ')
                          FROM regexp_matches(alternative, '(-?)("[^"]*"|\S+)', 'g') AS m,
                               search_pairs_of(replace(m[2], '"', ' ')) AS pairs
                         WHERE pairs IS NOT NULL)
                  FROM regexp_split_to_table(words, '\s+or\s+', 'i') AS alternative) AS alternatives (terms));

CREATE OR REPLACE FUNCTION search_query(config regconfig, words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE
        WHEN config = 'pg_catalog.simple'::regconfig
             AND words ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]'
            THEN search_pairs_query(words)
        ELSE websearch_to_tsquery(config, words)
    END;

DROP FUNCTION spaced_out(text);

-- A text as HTML without any element, for excerpts.
CREATE FUNCTION search_escaped(format text, text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE format
        WHEN 'html' THEN replace(replace(regexp_replace(text, '<[^>]*>?', ' ', 'g'), '<', '&lt;'), '>', '&gt;')
        ELSE replace(replace(replace(text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
    END;

-- The vectors anew where they are made in another way now.
UPDATE edtech_content
   SET title = title
 WHERE search IS DISTINCT FROM search_vector(search_config(language), title, body);

CREATE INDEX edtech_content_title ON edtech_content USING gin (title gin_trgm_ops);
