-- The language that the user reads, as a BCP 47 tag; NULL when nobody said.
ALTER TABLE users ADD COLUMN locale text;
ALTER TABLE users ADD CONSTRAINT users_locale_length CHECK (octet_length(locale) <= 35);
