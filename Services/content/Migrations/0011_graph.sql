-- The knowledge graph: what is to be understood, what each needs, and which chapters teach it.
CREATE TABLE concepts (
    id          integer      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug        varchar(100) COLLATE "C" NOT NULL
                CONSTRAINT concepts_slug_key UNIQUE
                CONSTRAINT concepts_slug_check CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    title       varchar(200) NOT NULL,
    summary     text         NOT NULL DEFAULT '',
    metadata    jsonb        NOT NULL DEFAULT '{}',
    version     integer      NOT NULL DEFAULT 1,
    created_at  timestamptz  NOT NULL DEFAULT now(),
    updated_at  timestamptz  NOT NULL DEFAULT now()
);

-- Without cycles: rows are only inserted under the graph's advisory lock, see PostgresGraph+Prerequisites.swift.
CREATE TABLE prerequisites (
    concept_id  integer NOT NULL
                CONSTRAINT prerequisites_concept_id_fkey REFERENCES concepts ON DELETE CASCADE,
    needs_id    integer NOT NULL
                CONSTRAINT prerequisites_needs_id_fkey REFERENCES concepts ON DELETE CASCADE,
    PRIMARY KEY (concept_id, needs_id),
    CONSTRAINT prerequisites_not_itself CHECK (concept_id <> needs_id)
);
-- Both ways by index alone: the primary key leads to prerequisites, this to dependents.
CREATE INDEX prerequisites_needs_id ON prerequisites (needs_id, concept_id);

CREATE TABLE chapter_concepts (
    knowledge_id  integer     NOT NULL,
    chapter_id    varchar(50) NOT NULL COLLATE "C",
    concept_id    integer     NOT NULL
                  CONSTRAINT chapter_concepts_concept_id_fkey REFERENCES concepts ON DELETE CASCADE,
    PRIMARY KEY (knowledge_id, chapter_id, concept_id),
    CONSTRAINT chapter_concepts_chapter_fkey FOREIGN KEY (knowledge_id, chapter_id)
        REFERENCES chapters (knowledge_id, chapter_id) ON DELETE CASCADE
);
CREATE INDEX chapter_concepts_concept_id ON chapter_concepts (concept_id, knowledge_id, chapter_id);
