"""Small schemas to attack, each with holes of one kind and something beside them that is tight."""

import re

__all__ = ["SCHEMAS"]

_ORG = "(auth.jwt() ->> 'org')::uuid"


def _table(name: str, policies: str, *, columns: str = "", rest: str = "") -> str:
    policies = re.sub(r"ON( for \w+)?", rf"on {name}\1 to authenticated", policies)
    return f"""
        create table {name} (id uuid primary key default gen_random_uuid(), org uuid not null, body text{columns});
        alter table {name} enable row level security;
        grant select, insert, update, delete on {name} to authenticated;
        {policies.replace("MINE", f"(org = {_ORG})")}
        {rest}
    """


SCHEMAS = {
    "commands": "".join(
        (
            _table("tight", "create policy p ON using MINE;"),
            _table("readable", "create policy r ON using (true);"),
            _table("moved", "create policy p ON using MINE with check (true);"),
            _table(
                "lined", "create policy s ON for select using MINE; create policy i ON for insert with check (true);"
            ),
            _table(
                "single",
                "create policy s ON for select using (true);"
                " create policy u ON for update using MINE with check (true);",
                columns=", unique (org)",
            ),
            # Without a WHERE nothing asks the SELECT policy: the bare UPDATE alone goes through.
            _table("bare", "create policy s ON for select using MINE; create policy u ON for update using (true);"),
            _table(
                "coded",
                "create policy s ON for select using MINE; create policy i ON for insert with check (true);",
                columns=", code text not null unique",
            ),
            # The trigger puts the caller's tenant in: what comes out is a row of his own.
            _table(
                "rewritten",
                "create policy p ON using MINE with check (true);",
                rest=f"""
                    create function own() returns trigger language plpgsql as
                    $$ begin new.org := {_ORG}; return new; end $$;
                    create trigger own before insert or update on rewritten for each row execute function own();
                """,
            ),
            _table(
                "blind",
                "create policy i ON for insert with check (true);",
                rest="revoke all on blind from authenticated; grant insert on blind to authenticated;",
            ),
            """
            create table closed (id uuid primary key, org uuid not null);
            alter table closed enable row level security;
            revoke all on closed from anon, authenticated;
            """,
        )
    ),
    "meant": """
        create table articles (id uuid primary key, author uuid not null, title text, is_public boolean not null);
        alter table articles enable row level security;
        create policy own on articles to authenticated using (author = (select auth.uid()));
        create policy published on articles for select using (is_public);
        create table inbox (id uuid primary key, author uuid, message text);
        alter table inbox enable row level security;
        create policy own on inbox for select to authenticated using (author = (select auth.uid()));
        create policy drop on inbox for insert to anon with check (true);
        create table remarks (id uuid primary key, created_by uuid not null, words text);
        alter table remarks enable row level security;
        create policy own on remarks to authenticated using (created_by = (select auth.uid()));
        create policy "all read" on remarks for select to authenticated using (true);
        create table diaries (id uuid primary key, author uuid not null, words text);
        alter table diaries enable row level security;
        create policy own on diaries to authenticated using (author = (select auth.uid()));
        create policy everything on diaries for select to authenticated using (true);
    """,
    "members": """
        create table orgs (id uuid primary key, name text not null);
        create table members (
            org uuid not null references orgs, member uuid not null, status text not null default 'active',
            primary key (org, member)
        );
        create table notes (id uuid primary key, org uuid not null references orgs, body text not null);
        create table files (id uuid primary key, org uuid not null references orgs, body text not null);
        alter table orgs enable row level security;
        alter table members enable row level security;
        alter table notes enable row level security;
        alter table files enable row level security;
        create function mine() returns setof uuid stable security definer set search_path = '' language sql as
        $$ select org from public.members where member = (select auth.uid()) and status = 'active' $$;
        create function ever() returns setof uuid stable security definer set search_path = '' language sql as
        $$ select org from public.members where member = (select auth.uid()) $$;
        create policy directory on orgs for select to authenticated using (true);
        create policy s on members for select to authenticated using (org in (select mine()));
        create policy i on members for insert to authenticated with check (member = (select auth.uid()));
        create policy p on notes to authenticated using (org in (select mine()));
        create policy p on files to authenticated using (org in (select ever()));
    """,
    "around": f"""
        create table owners (id uuid primary key, org uuid not null, title text not null, unique (org, id));
        create table parts (
            id uuid primary key, org uuid not null, owner uuid not null references owners, body text not null,
            code text not null unique
        );
        alter table owners enable row level security;
        alter table parts enable row level security;
        create policy p on owners to authenticated using (org = {_ORG});
        create policy p on parts to authenticated using (org = {_ORG});
        create view all_titles as select id, org, title from owners;
        create view own_titles with (security_invoker = on) as select id, org, title from owners;
        create function title_of(wanted uuid) returns text stable security definer set search_path = '' language sql as
        $$ select title from public.owners where id = wanted $$;
        create function own_title(wanted uuid) returns text stable security definer set search_path = '' language sql as
        $$ select title from public.owners where id = wanted and org = {_ORG} $$;
        create function wipe(wanted uuid) returns void security definer set search_path = '' language sql as
        $$ delete from public.parts where id = wanted $$;
        create function how_many() returns bigint stable security definer set search_path = '' language sql as
        $$ select count(*) from public.owners $$;
        create function sorted(by text) returns setof text stable security definer set search_path = ''
        language plpgsql as $$ begin return query execute 'select ' || by || '::text'; end $$;
        create function unpinned() returns bigint stable security definer language sql as
        $$ select count(*) from owners $$;
    """,
    "settings": """
        create table notes (id uuid primary key, org text not null, body text not null);
        alter table notes enable row level security;
        create function org() returns text immutable language sql as $$ select current_setting('app.org', true) $$;
        create policy p on notes to authenticated using (org = org());
        create table lists (id uuid primary key, org text not null, body text not null);
        alter table lists enable row level security;
        create policy p on lists to authenticated using (org = current_setting('app.org', true));
        create function choose(wanted text) returns void language sql as
        $$ select set_config('app.org', wanted, false) $$;
    """,
    "switch": f"""
        create table notes (id uuid primary key, org uuid not null, body text not null);
        alter table notes enable row level security;
        create policy p on notes using (org = {_ORG} or current_setting('app.maintenance', true) = 'on');
    """,
    "claims": f"""
        create table strict (id uuid primary key, org uuid not null, body text);
        create table lax (id uuid primary key, org uuid not null, body text);
        create table edited (id uuid primary key, org uuid not null, body text);
        alter table strict enable row level security;
        alter table lax enable row level security;
        alter table edited enable row level security;
        create policy p on strict to authenticated using (org = {_ORG});
        create policy p on lax to authenticated using (org = {_ORG} or (auth.jwt() ->> 'org') is null);
        create policy p on edited to authenticated
        using (org = {_ORG} or org = (auth.jwt() -> 'user_metadata' ->> 'org')::uuid);
    """,
}
