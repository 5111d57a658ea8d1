-- Secrets by their names, readable by logins and, through a view, by visitors.
-- finds: plain_secrets:public.links.api_key = warning
-- finds: plain_secrets:public.links.bot_token = warning
-- finds: plain_secrets:public.tokens.access_token = warning

create table public.links (
    link_id uuid primary key,
    api_key text, --!
    bot_token jsonb --!
);
alter table public.links enable row level security;
create policy read on public.links for select to authenticated using (true);
create table public.hidden (link_id uuid primary key, access_token text);
revoke all on table public.hidden from anon, authenticated;
create view public.tokens as select access_token from public.hidden; --!
