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
-- the foreign key leans on the first index, which can therefore not go
create table public.codes (code text not null);
create unique index codes_code_idx on public.codes (code);
create table public.uses (use_id int primary key, code text references public.codes (code));
create index on public.uses (code);
alter table public.codes add primary key (code);
