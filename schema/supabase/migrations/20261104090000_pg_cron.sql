-- pg_cron runs the cleanup jobs. A project that uses it has it already; else this makes it, as the platform's guide does.
-- Locks: none on any table.
create extension if not exists pg_cron with schema pg_catalog;
