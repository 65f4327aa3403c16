-- What had to be looked for row by row.

-- Texts by the words of their titles, which have the weight A, so that a search finds these first.
CREATE INDEX edtech_content_title_words ON edtech_content USING gin (ts_filter(search, '{a}'));

-- Chapters by their ids alone, whichever knowledge item they are of.
CREATE INDEX chapters_chapter_id ON chapters (chapter_id);

-- Times are told, and taken, to the millisecond.
UPDATE edtech_content
   SET publish_at = date_trunc('milliseconds', publish_at)
 WHERE status = 'draft'
   AND publish_at IS NOT NULL
   AND publish_at <> date_trunc('milliseconds', publish_at);
