-- Claims: the tenant comes from what the issuer alone writes; a setting chooses a language and no tenant.

create table public.articles (
    article_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    language text not null check (language in ('en', 'de')),
    title text not null
);
create index on public.articles (tenant_id);
alter table public.articles enable row level security;
revoke all on public.articles from anon, authenticated;
grant select, insert on public.articles to authenticated;
create policy read on public.articles for select to authenticated
using (
    tenant_id = ((select auth.jwt()) -> 'app_metadata' ->> 'tenant_id')::uuid
    and (language = 'en' or current_setting('app.language', true) = 'de')
);
create policy add on public.articles for insert to authenticated
with check (tenant_id = ((select auth.jwt()) -> 'app_metadata' ->> 'tenant_id')::uuid);
