-- Claims: a view runs as its owner, and filters by the tenant itself, with a barrier and a check option.

create table public.articles (
    article_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    title text not null,
    purchase_price numeric(12, 2)
);
create index on public.articles (tenant_id);
alter table public.articles enable row level security;
create view public.my_articles with (security_barrier) as
select article_id, tenant_id, title from public.articles
where tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid
with cascaded check option;
revoke all on public.articles, public.my_articles from anon, authenticated;
grant select, insert, update, delete on public.my_articles to authenticated;
create policy own on public.articles for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
