-- Claims: unique over all tenants are several columns together, some within expressions, computed, or under a condition.
-- finds: existence:public.seats:seats_row_number_key = warning
-- finds: existence:public.guests:guests_mail_idx = warning
-- finds: existence:public.aliases:aliases_plain_kind_key = warning
-- finds: existence:public.slots:slots_open_idx = warning

create table public.events (
    event_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    name text not null
);
create table public.seats (
    seat_id bigint generated always as identity primary key,
    tenant_id uuid not null,
    row text not null,
    number integer not null,
    unique (row, number) --!
);
-- The event must be one's own: B's cannot come along with B's address.
create table public.guests (
    guest_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    event_id uuid not null references public.events,
    mail text not null,
    kind text not null
);
create unique index guests_mail_idx on public.guests (lower(mail), kind); --!
create table public.aliases (
    alias_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    event_id uuid not null references public.events,
    alias text not null,
    plain text not null generated always as (lower(alias)) stored,
    kind text not null,
    unique (plain, kind) --!
);
create table public.slots (
    slot_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    event_id uuid not null references public.events,
    hall text not null,
    day date not null,
    state text not null check (state in ('cancelled', 'open'))
);
create unique index slots_open_idx on public.slots (hall, day) where state = 'open'; --!
alter table public.events enable row level security;
alter table public.seats enable row level security;
alter table public.guests enable row level security;
alter table public.aliases enable row level security;
alter table public.slots enable row level security;
revoke all on all tables in schema public from anon, authenticated;
revoke all on all sequences in schema public from anon, authenticated;
grant select, insert, update on public.events, public.seats, public.guests, public.aliases, public.slots to authenticated;
create policy own on public.events to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy own on public.seats to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy own on public.guests to authenticated using (
    tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid and event_id in (select e.event_id from public.events as e)
);
create policy own on public.aliases to authenticated using (
    tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid and event_id in (select e.event_id from public.events as e)
);
create policy own on public.slots to authenticated using (
    tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid and event_id in (select e.event_id from public.events as e)
);
