-- pg_restore searches no schema for the names in a function's text, but what the function brings along; without it no dump
-- with a text in it could be restored. (What stands behind RETURN in SQL is bound when it is created.)
ALTER FUNCTION search_vector(regconfig, text, text) SET search_path FROM CURRENT;
