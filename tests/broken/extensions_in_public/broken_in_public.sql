-- The extension's functions lie in the API's schema.
-- finds: extensions_in_public:pg_trgm = note

create extension pg_trgm with schema public; --!
