-- No two indexes do the same: other order, predicate, class, expression, uniqueness, method.
-- platform: plain

create table public.notes (note_id int primary key, owner_id int, written_at timestamptz, slug text, deleted boolean);
create index on public.notes (owner_id, written_at);
create index on public.notes (owner_id, written_at desc);
create index on public.notes (owner_id, written_at) where not deleted;
create unique index on public.notes (owner_id);
create index on public.notes (slug);
create index on public.notes (slug text_pattern_ops);
create index on public.notes (lower(slug));
create index on public.notes (upper(slug));
create index on public.notes using hash (slug);
create index on public.notes (written_at) include (slug);
