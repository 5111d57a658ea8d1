"""What a policy compares is read as PostgreSQL writes it back, through operators, sub-selects and functions."""

from collections.abc import Callable

import pytest

from schemaproof.tenancy import ANY, ROLE, USER, Claim, ColumnOf, Discovery, Inside, Node, Setting

TENANT = ColumnOf("public.notes", "tenant_id")
OWNER = ColumnOf("public.notes", "owner")
ORG = Claim(("org",))
Reads = Callable[..., Discovery]


def _equal(found: Discovery) -> set[frozenset[Node]]:
    return {frozenset(pair) for pair in found.facts.equal}


@pytest.mark.parametrize(
    ("expression", "node"),
    [
        ("tenant_id = (auth.jwt() ->> 'org')::uuid", ORG),
        ("(select auth.jwt() ->> 'org')::uuid = tenant_id", ORG),
        ("tenant_id = (auth.jwt() -> 'app' ->> 'org')::uuid", Claim(("app", "org"))),
        ("tenant_id = (auth.jwt() #>> '{app,org}')::uuid", Claim(("app", "org"))),
        ("tenant_id = jsonb_extract_path_text(auth.jwt(), 'app', 'org')::uuid", Claim(("app", "org"))),
        ("tenant_id = (current_setting('request.jwt.claims', true)::jsonb ->> 'org')::uuid", ORG),
        ("tenant_id = current_setting('request.jwt.claim.org', true)::uuid", ORG),
        ("tenant_id = nullif(current_setting('app.tenant', true), '')::uuid", Setting("app.tenant")),
        ("tenant_id = (current_setting('app.ctx', true)::jsonb ->> 'org')::uuid", Setting("app.ctx", ("org",))),
        ("tenant_id = coalesce((auth.jwt() ->> 'org')::uuid, auth.uid())", ORG),
        ("tenant_id = auth.uid()", USER),
        ("tenant_id is not distinct from (auth.jwt() ->> 'org')::uuid", ORG),
        ("tenant_id in ((auth.jwt() ->> 'org')::uuid)", ORG),
        ("tenant_id = any (array[(auth.jwt() ->> 'org')::uuid])", ORG),
        ("case when hidden then false else tenant_id = (auth.jwt() ->> 'org')::uuid end", ORG),
    ],
)
def test_column_is_compared_with_what_the_caller_brings(policy: Reads, expression: str, node: Node) -> None:
    assert frozenset({TENANT, node}) in _equal(policy(expression))


@pytest.mark.parametrize("expression", ["owner = current_user", "owner = current_role", "pg_has_role(owner, 'usage')"])
def test_current_user_is_the_setting_role(policy: Reads, expression: str) -> None:
    assert frozenset({OWNER, ROLE}) in _equal(policy(expression))


def test_place_in_a_json_column_is_a_node_of_its_own(policy: Reads) -> None:
    found = policy("(doc -> 'owner' ->> 'org') = (auth.jwt() ->> 'org')")
    assert _equal(found) == {frozenset({Inside("public.notes", "doc", ("owner", "org")), ORG})}


@pytest.mark.parametrize(
    "body",
    [
        "language sql as $$ select (auth.jwt() ->> 'org')::uuid $$",
        "language sql return (auth.jwt() ->> 'org')::uuid",
        "language sql begin atomic select (auth.jwt() ->> 'org')::uuid; end",
        "language plpgsql as $$ begin return (auth.jwt() ->> 'org')::uuid; end $$",
        "language plpgsql as $$ declare v uuid; begin v := auth.jwt() ->> 'org'; return v; end $$",
        "language plpgsql as $$ declare v uuid; begin select (auth.jwt() ->> 'org') into v; return v; end $$",
        "language plpgsql as $$ declare c jsonb := auth.jwt(); begin return c ->> 'org'; end $$",
    ],
)
def test_function_answers_with_the_claim_that_it_reads(policy: Reads, body: str) -> None:
    found = policy("tenant_id = org()", before=f"create function org() returns uuid stable {body}")
    assert frozenset({TENANT, ORG}) in _equal(found)


def test_function_that_calls_another_passes_its_argument_on(policy: Reads) -> None:
    before = """
        create function claim(name text) returns text stable language sql as $$ select auth.jwt() ->> name $$;
        create function org() returns uuid stable language plpgsql as $$ begin return claim('org'); end $$
    """
    assert frozenset({TENANT, ORG}) in _equal(policy("tenant_id = org()", before=before))


def test_function_that_calls_itself_ends(policy: Reads) -> None:
    body = "begin return coalesce((auth.jwt() ->> 'org')::uuid, org()); end"
    before = f"create function org() returns uuid stable language plpgsql as $$ {body} $$"
    assert frozenset({TENANT, ORG}) in _equal(policy("tenant_id = org()", before=before))


_MEMBERS = "create table members (org uuid, member uuid)"
_OF_USER = "create function mine() returns setof uuid stable security definer language"


@pytest.mark.parametrize(
    ("expression", "helper"),
    [
        ("tenant_id in (select org from members where member = auth.uid())", ""),
        ("tenant_id in (select m.org from members m where m.member = (select auth.uid()))", ""),
        ("exists (select from members m where m.org = notes.tenant_id and m.member = auth.uid())", ""),
        ("tenant_id = any (array(select org from members where member = auth.uid()))", ""),
        ("tenant_id in (select mine())", f"{_OF_USER} sql as 'select org from members where member = auth.uid()'"),
        (
            "tenant_id in (select mine())",
            f"{_OF_USER} plpgsql as 'begin return query select org from members where member = auth.uid(); end'",
        ),
        (
            "is_in(tenant_id)",
            "create function is_in(wanted uuid) returns boolean stable language sql as "
            "'select exists (select from members where org = wanted and member = auth.uid())'",
        ),
    ],
)
def test_membership_ties_the_tenant_to_the_user(policy: Reads, expression: str, helper: str) -> None:
    found = policy(expression, before=f"{_MEMBERS};{helper}")
    assert frozenset({TENANT, ColumnOf("public.members", "org")}) in _equal(found)
    assert [(relation.label, user) for relation, user in found.memberships] == [("public.members", "member")]


@pytest.mark.parametrize(
    ("expression", "column", "values"),
    [
        ("owner = 'all'", "owner", ["all"]),
        ("owner in ('all', 'some')", "owner", ["all", "some"]),
        ("owner <> 'none'", "owner", [ANY, "none"]),
        ("owner is null", "owner", [None, ANY]),
        ("owner is not null", "owner", [ANY, None]),
        ("hidden", "hidden", ["true", "false"]),
        ("not hidden", "hidden", ["false", "true"]),
        ("hidden is not true", "hidden", ["false", "true"]),
        ("ends_at > now()", "ends_at", ["2099-01-01", "2001-01-01"]),
        ("now() > ends_at", "ends_at", ["2001-01-01", "2099-01-01"]),
    ],
)
def test_values_that_let_a_row_pass_come_first(
    policy: Reads, expression: str, column: str, values: list[str | None]
) -> None:
    assert policy(expression).facts.values[ColumnOf("public.notes", column)] == values


def test_every_claim_and_setting_is_remembered_as_read(policy: Reads) -> None:
    found = policy("auth.jwt() ->> 'plan' = 'pro' and current_setting('app.on', true) = 'yes'")
    assert {Claim(("plan",)), Setting("app.on")} <= found.facts.read


@pytest.mark.parametrize("name", ["request.header.x-key", "statement_timeout", "request.headers."])
def test_setting_that_no_caller_can_bring_is_no_source(policy: Reads, name: str) -> None:
    found = policy(f"tenant_id = current_setting('{name}', true)::uuid")
    assert (found.facts.equal, found.facts.read) == ([], set())


@pytest.mark.parametrize(
    "expression",
    [
        "tenant_id in (select o::uuid from jsonb_array_elements_text(auth.jwt() -> 'orgs') as o)",
        "(auth.jwt() -> 'orgs') ? tenant_id::text",
    ],
)
def test_claim_that_is_taken_apart_is_a_list_of_keys(policy: Reads, expression: str) -> None:
    found = policy(expression)
    assert frozenset({TENANT, Claim(("orgs",))}) in _equal(found)
    assert found.facts.lists == {Claim(("orgs",))}
