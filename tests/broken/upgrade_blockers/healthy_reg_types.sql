-- These OIDs pg_upgrade carries over.
-- platform: plain

create table public.hooks (hook_id int primary key, subject regclass, kind regtype, actor regrole);
