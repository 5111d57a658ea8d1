-- finds: rewriting_default:2:public.notes.token = warning
-- finds: rewriting_default:2:public.notes.number = warning
-- finds: rewriting_default:2:public.notes.code = warning
-- finds: rewriting_default:2:public.notes.size = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create function public.code() returns text language sql as $$ select 'x' $$;
-- new
alter table public.notes add column token uuid not null default gen_random_uuid(); --!
alter table public.notes add column number bigint generated always as identity; --!
alter table public.notes add column code text default public.code(); --!
alter table public.notes add column size integer generated always as (length(body)) stored; --!
