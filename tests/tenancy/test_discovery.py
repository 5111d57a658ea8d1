"""Whose a table's rows are follows from what policies compare, from keys, and from what the settings name."""

from collections.abc import Callable

from schemaproof.tenancy import ROLE, Discovery, summary

Reads = Callable[..., Discovery]

_NOTES = "create table notes (id uuid primary key, org uuid not null, body text);"
_BY_CLAIM = "create policy p on notes using (org = (auth.jwt() ->> 'org')::uuid);"
_MEMBERS = """
    create table orgs (id uuid primary key, name text);
    create table members (org uuid references orgs, member uuid, primary key (org, member));
    create table notes (id uuid primary key, org uuid references orgs, body text);
    create policy p on notes using (org in (select org from members where member = auth.uid()));
"""


def test_boundary_is_the_claim_that_policies_compare(discovered: Reads) -> None:
    found = discovered(_NOTES + _BY_CLAIM)
    assert found.boundary is not None
    assert (found.boundary.name, found.boundary.of_users) == ("org", False)


def test_boundary_of_memberships_is_the_tenant_and_not_the_user(discovered: Reads) -> None:
    found = discovered(_MEMBERS)
    assert found.boundary is not None
    assert {str(column) for column in found.boundary.columns} == {
        "public.members.org",
        "public.notes.org",
        "public.orgs.id",
    }
    assert set(found.owned) == {"public.members", "public.notes", "public.orgs"}


def test_boundary_of_owners_is_the_user(discovered: Reads) -> None:
    found = discovered("create table todos (owner uuid); create policy p on todos using (owner = auth.uid())")
    assert found.boundary is not None
    assert (found.boundary.name, found.boundary.of_users) == ("user", True)


def test_boundary_may_be_a_setting_or_the_role(discovered: Reads) -> None:
    table = "create table notes (org text);"
    by_setting = discovered(f"{table}create policy p on notes using (org = current_setting('app.org', true))").boundary
    by_role = discovered(f"{table}create policy p on notes using (org = current_user)").boundary
    assert by_setting is not None
    assert by_setting.name == "app.org"
    assert by_role is not None
    assert ROLE in by_role.nodes


def test_without_a_policy_that_asks_there_are_no_tenants(discovered: Reads) -> None:
    found = discovered(_NOTES + "create policy p on notes using (body <> '')")
    assert found.boundary is None
    assert found.owned == {}


def test_settings_name_the_column_where_no_policy_does(discovered: Reads) -> None:
    found = discovered(_NOTES, column="org", claim="app.org")
    assert found.boundary is not None
    assert [claim.path for claim in found.boundary.claims] == [("app", "org")]
    assert set(found.owned) == {"public.notes"}


def test_rows_hang_on_their_parent_and_partitions_on_their_root(discovered: Reads) -> None:
    found = discovered(
        f"{_NOTES}{_BY_CLAIM}create table lines (note uuid references notes, n int);"
        "create table logs (org uuid) partition by list (org); create table logs_rest partition of logs default;"
        "create policy p on logs using (org = (auth.jwt() ->> 'org')::uuid);"
    )
    assert found.owned["public.lines"] == "by a foreign key to public.notes"
    assert "public.logs_rest" in found.owned


def test_table_without_any_tie_is_shared_and_says_why(discovered: Reads) -> None:
    found = discovered(f"{_NOTES}{_BY_CLAIM}create table currencies (code text primary key)")
    assert list(found.shared) == ["public.currencies"]
    assert "no foreign key" in found.shared["public.currencies"]


def test_columns_of_another_type_stay_apart(discovered: Reads) -> None:
    found = discovered(_NOTES + _BY_CLAIM + "create table numbers (org integer)")
    assert "public.numbers" in found.shared


def test_namesake_without_a_policy_is_about_the_same_tenants(discovered: Reads) -> None:
    found = discovered(_NOTES + _BY_CLAIM + "create table drafts (org uuid, body text)")
    assert found.owned["public.drafts"] == "by org (org)"


def test_author_of_a_row_is_a_weak_owner(discovered: Reads) -> None:
    found = discovered(
        "create table posts (created_by uuid, body text); create policy p on posts using (created_by = auth.uid());"
        "create table todos (owner uuid); create policy p on todos using (owner = auth.uid());"
    )
    assert found.weakly_owned("public.posts")
    assert not found.weakly_owned("public.todos")


def test_summary_shows_what_was_taken_for_what(discovered: Reads) -> None:
    shown = summary(discovered(_MEMBERS))
    assert (shown["configured"], shown["memberships"]) == (False, ["public.members"])
    assert {key["name"] for key in shown["keys"]} == {"org", "user"}
    assert shown["owned"]["public.notes"] == "by org (org)"


_ADDRESSED = """
    alter table auth.users add email varchar(255), add raw_app_meta_data jsonb;
    create table members (org uuid, email text, primary key (org, email));
    create function mine() returns setof uuid stable language sql as
    $$ select m.org from members m join auth.users u on u.email = m.email where u.id = auth.uid() $$;
    create table notes (org uuid, body text);
    create policy p on notes using (org in (select mine()));
"""


def test_users_of_the_platform_are_joined_to_their_memberships(discovered: Reads) -> None:
    found = discovered(_ADDRESSED)
    assert [(relation.label, user) for relation, user in found.memberships] == [("public.members", "email")]
    assert found.boundary is not None
    assert not found.boundary.of_users
    assert set(found.owned) == {"public.members", "public.notes"}


def test_tenant_in_the_metadata_of_the_platforms_users_is_the_boundary(discovered: Reads) -> None:
    found = discovered(
        "alter table auth.users add raw_app_meta_data jsonb; create table notes (org uuid, owner uuid);"
        "create table lists (owner uuid); create table marks (owner uuid);"
        "create policy o on lists using (owner = auth.uid()); create policy o on marks using (owner = auth.uid());"
        "create policy p on notes using (org = (select (u.raw_app_meta_data ->> 'org')::uuid from auth.users u"
        " where u.id = auth.uid()));"
    )
    assert found.boundary is not None
    assert [str(place) for place in found.boundary.places] == [
        "public.notes.org",
        "auth.users.raw_app_meta_data -> org",
    ]


def test_view_that_shows_the_address_of_a_user_makes_no_membership(discovered: Reads) -> None:
    found = discovered(
        f"{_NOTES}{_BY_CLAIM}alter table auth.users add email varchar(255); create table letters (id int, email text);"
        "create view who as select l.id, u.id as who from letters l join auth.users u on u.email = l.email"
    )
    assert found.memberships == ()
    assert "public.letters" in found.shared
