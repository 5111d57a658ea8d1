-- pgcrypto gives the ciphers and keyed hashes of the encrypted columns. A Supabase project has it from the start, in
-- schema extensions; on another host this installs it.
-- Locks: none on any table.
create extension if not exists pgcrypto with schema extensions;
