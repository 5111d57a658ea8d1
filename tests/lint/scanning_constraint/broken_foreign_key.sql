-- finds: scanning_constraint:2:notes_job_fkey:public.notes = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table public.jobs (id bigint primary key);
alter table public.jobs enable row level security;
alter table public.notes add column job bigint;
-- new
alter table public.notes add constraint notes_job_fkey foreign key (job) references public.jobs (id); --!
