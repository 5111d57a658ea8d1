-- Claims: an updatable view filters by the tenant, runs as its owner, and has no check option.
-- finds: views:public.my_articles:change = error

create table public.articles (
    article_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    title text not null
);
create index on public.articles (tenant_id);
alter table public.articles enable row level security;
create policy own on public.articles for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create view public.my_articles with (security_barrier) as --!
select article_id, tenant_id, title from public.articles where tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid;
revoke all on public.articles, public.my_articles from anon, authenticated;
grant select on public.articles to authenticated;
grant select, insert, update on public.my_articles to authenticated;
