-- The extension has a schema that the API does not serve.

create extension pg_trgm with schema extensions;
