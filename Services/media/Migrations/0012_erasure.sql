-- Also deleted files have an owner, who may be erased.
CREATE INDEX media_owner ON media (owner_id);
CREATE INDEX uploads_owner ON uploads (owner_id);
