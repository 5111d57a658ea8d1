-- Settings: who says nothing is one tenant of a name, and its rows, made up for it, stand without the row that they refer to.
-- platform: plain

create role site_app nologin;
create schema web;
grant usage on schema web to site_app;
create function web.site() returns text language sql stable set search_path = ''
as $$ select coalesce(nullif(pg_catalog.current_setting('web.site', true), ''), 'public') $$;
create table web.sites (slug text primary key, title text not null);
create table web.pages (
    slug text not null references web.sites on delete cascade,
    path text not null,
    body text,
    primary key (slug, path)
);
alter table web.sites enable row level security;
alter table web.sites force row level security;
alter table web.pages enable row level security;
alter table web.pages force row level security;
create policy own on web.sites using (slug = (select web.site()));
create policy own on web.pages using (slug = (select web.site()));
grant select on web.sites to site_app;
grant select, insert, update, delete on web.pages to site_app;
