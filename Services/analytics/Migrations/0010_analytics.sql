-- What content has told of its courses. A row without a title is a placeholder: somebody spoke of the course before
-- content did. A deleted course keeps its row, so that nothing that comes late brings it back.
CREATE TABLE knowledge (
    id                integer      PRIMARY KEY,
    title             text,
    default_language  varchar(50),
    created_at        timestamptz  NOT NULL DEFAULT now(),
    deleted_at        timestamptz,
    CONSTRAINT knowledge_told CHECK ((title IS NULL) = (default_language IS NULL))
);

CREATE TABLE chapters (
    knowledge_id  integer      NOT NULL REFERENCES knowledge (id) ON DELETE CASCADE,
    chapter_id    varchar(50)  NOT NULL,
    title         text         NOT NULL,
    position      integer      NOT NULL,
    PRIMARY KEY (knowledge_id, chapter_id)
);

-- Which texts there are, without the texts.
CREATE TABLE content_items (
    id            bigint       PRIMARY KEY,
    knowledge_id  integer      NOT NULL REFERENCES knowledge (id) ON DELETE CASCADE,
    chapter_id    varchar(50)  NOT NULL,
    language      varchar(50)  NOT NULL,
    content_type  varchar(50)  NOT NULL,
    status        varchar(20)  NOT NULL
);
CREATE INDEX content_items_place ON content_items (knowledge_id, chapter_id);

-- Published items by language, counted anew for the courses that a batch of news touches.
CREATE TABLE content_coverage (
    knowledge_id  integer      NOT NULL REFERENCES knowledge (id) ON DELETE CASCADE,
    language      varchar(50)  NOT NULL,
    chapters      integer      NOT NULL,
    items         integer      NOT NULL,
    PRIMARY KEY (knowledge_id, language)
);

-- How the generation of content fared. Times without zone are UTC, here and below.
CREATE TABLE content_analytics (
    id               serial       PRIMARY KEY,
    knowledge_id     integer      REFERENCES knowledge (id) ON DELETE CASCADE,
    content_type     varchar(50),
    language         varchar(50),
    generation_time  float,
    success          boolean,
    error_message    text,
    created_at       timestamp    DEFAULT now()
);
CREATE INDEX content_analytics_knowledge ON content_analytics (knowledge_id, created_at);

-- How long operations of the services took, in milliseconds.
CREATE TABLE performance_stats (
    id              serial       PRIMARY KEY,
    service         varchar(50)  NOT NULL DEFAULT 'unknown',
    operation_type  varchar(50),
    duration        float,
    success         boolean,
    error_count     integer      DEFAULT 0,
    timestamp       timestamp    DEFAULT now()
);
CREATE INDEX performance_stats_timestamp ON performance_stats (timestamp);
CREATE INDEX performance_stats_operation ON performance_stats (service, operation_type, timestamp);

-- Every learning event's id, for ever. Its own table, since a unique index can't span the partitions.
CREATE TABLE event_ids (
    id  uuid  PRIMARY KEY
);

-- Learning events as they came, one partition a month (UTC). Months without a partition go to the default one, from
-- where add_learning_events_month moves them. knowledge_id has no foreign key: learners may be ahead of content's news.
CREATE TABLE learning_events (
    id            uuid         NOT NULL,
    learner_id    uuid         NOT NULL,
    type          varchar(20)  NOT NULL,
    knowledge_id  integer      NOT NULL,
    chapter_id    varchar(50)  NOT NULL,
    language      varchar(50),
    seconds       float,
    occurred_at   timestamptz  NOT NULL,
    received_at   timestamptz  NOT NULL DEFAULT now()
) PARTITION BY RANGE (occurred_at);
CREATE INDEX learning_events_knowledge ON learning_events (knowledge_id, occurred_at);
CREATE TABLE learning_events_default PARTITION OF learning_events DEFAULT;

-- What one learner did in one chapter on one day (UTC): the roll-up that reports read. Written with the events; since
-- a batch has one learner, writers don't meet on its rows, however popular the chapter.
CREATE TABLE learner_days (
    knowledge_id    integer      NOT NULL,
    chapter_id      varchar(50)  NOT NULL,
    learner_id      uuid         NOT NULL,
    day             date         NOT NULL,
    views           integer      NOT NULL,
    completions     integer      NOT NULL,
    timings         integer      NOT NULL,
    seconds         float        NOT NULL,
    last_viewed_at  timestamptz,
    last_at         timestamptz  NOT NULL,
    PRIMARY KEY (knowledge_id, chapter_id, learner_id, day)
) WITH (fillfactor = 80);
CREATE INDEX learner_days_learner ON learner_days (learner_id, knowledge_id, chapter_id);

-- Per chapter of known courses, since its beginning; brought up to date in the background.
CREATE TABLE engagement_metrics (
    id              serial       PRIMARY KEY,
    knowledge_id    integer      REFERENCES knowledge (id) ON DELETE CASCADE,
    chapter_id      varchar(50),
    views           integer      DEFAULT 0,
    completions     integer      DEFAULT 0,
    avg_time_spent  float,
    created_at      timestamp    DEFAULT now(),
    CONSTRAINT engagement_metrics_chapter UNIQUE (knowledge_id, chapter_id)
);

-- Chapters whose engagement_metrics are behind. Written with the events, without a key, so that writers never wait
-- for each other.
CREATE TABLE engagement_changes (
    knowledge_id  integer      NOT NULL,
    chapter_id    varchar(50)  NOT NULL
);

-- The same without repetition: chapters that are next, or whose course content has not told of yet.
CREATE TABLE engagement_backlog (
    knowledge_id  integer      NOT NULL,
    chapter_id    varchar(50)  NOT NULL,
    PRIMARY KEY (knowledge_id, chapter_id)
);

-- Makes the partition of a month (UTC), with the events of it that the default partition holds; false when there was
-- one. Gives up after 2 s rather than keep writers waiting behind a long read.
CREATE FUNCTION add_learning_events_month(instant timestamptz) RETURNS boolean
    LANGUAGE plpgsql
    SET lock_timeout = '2s'
AS $$
DECLARE
    first_day timestamptz := date_trunc('month', instant, 'UTC');
    next_first_day timestamptz := date_trunc('month', first_day + interval '32 days', 'UTC');
    partition text := to_char(first_day AT TIME ZONE 'UTC', '"learning_events_"YYYY"_"MM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('learning_events/' || current_schema(), 0));
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format(
        'CREATE TABLE %I (LIKE learning_events INCLUDING DEFAULTS,
             CONSTRAINT month CHECK (occurred_at >= %L AND occurred_at < %L))',
        partition, first_day, next_first_day);
    LOCK TABLE learning_events_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format(
        'WITH moved AS (
             DELETE FROM learning_events_default
              WHERE occurred_at >= %L
                AND occurred_at < %L
             RETURNING *
         )
         INSERT INTO %I
         SELECT * FROM moved',
        first_day, next_first_day, partition);
    EXECUTE format(
        'ALTER TABLE learning_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, first_day, next_first_day);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT month', partition);
    RETURN true;
END
$$;
