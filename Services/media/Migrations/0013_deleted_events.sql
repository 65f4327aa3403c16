-- Content is told of each file that is deleted, in whichever way, in the transaction of the deletion.
CREATE FUNCTION tell_of_deleted_media() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
    INSERT INTO outbox (target, event)
    SELECT 'content',
           jsonb_build_object(
               'id', gen_random_uuid(), 'type', 'media.deleted', 'occurred_at',
               to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data',
               jsonb_build_object('id', a.id))
      FROM after_change AS a
      JOIN before_change AS b USING (id)
     WHERE b.deleted_at IS NULL
       AND a.deleted_at IS NOT NULL
     ORDER BY a.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER media_tell_of_deleted
    AFTER UPDATE ON media
    REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_deleted_media();
