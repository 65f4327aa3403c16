-- Since when a key signs. It is published from its making on, so that all who verify know it by then.
ALTER TABLE signing_keys ADD COLUMN active_at timestamptz NOT NULL DEFAULT now();
