"""What the next migration makes is closed until it is granted."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._paste import named, to
from schemaproof.findings import Finding, Level

__all__ = ["default_privileges"]

# What the role that runs the migrations gives away with each new object: PostgreSQL's defaults, or the global entry in
# their place, and the schema's entry beside them (manual, ALTER DEFAULT PRIVILEGES).
_QUERY = """
    select n.nspname::text as schema, k.name as kind, o.rolname::text as maker,
           array(
               select distinct coalesce(g.rolname::text, 'public')
               from (
                   select a.* from pg_catalog.aclexplode(coalesce(
                       (
                           select d.defaclacl from pg_catalog.pg_default_acl as d
                           where d.defaclrole = o.oid and d.defaclnamespace = 0 and d.defaclobjtype = k.code
                       ),
                       pg_catalog.acldefault(case when k.code = 'S' then 's' else k.code end, o.oid)
                   )) as a
                   union
                   select a.* from pg_catalog.pg_default_acl as d cross join pg_catalog.aclexplode(d.defaclacl) as a
                   where d.defaclrole = o.oid and d.defaclnamespace = n.oid and d.defaclobjtype = k.code
               ) as a
               left join pg_catalog.pg_roles as g on g.oid = a.grantee
               where
                   (a.grantee = 0 or g.rolname = any (%(roles)s))
                   -- without USAGE of the schema a function is out of reach
                   and exists (
                       select from unnest(%(roles)s::text[]) as r (name)
                       where pg_catalog.has_schema_privilege(r.name, n.oid, 'usage')
                   )
               order by 1
           ) as grantees
    from pg_catalog.pg_namespace as n
    cross join (values ('tables', 'r'::"char"), ('sequences', 'S'), ('functions', 'f')) as k (name, code)
    join pg_catalog.pg_roles as o on o.rolname = coalesce(%(maker)s, current_user)
    where n.nspname = any (%(schemas)s)
    order by 1, 2 desc
"""


@check(level=Level.WARNING)
def default_privileges(context: Context) -> Iterator[Finding]:
    """The next table is open to every visitor from the moment that a migration makes it, and nothing in it says so.

    A note where the platform or PostgreSQL itself opens new objects, as Supabase does with tables, sequences and
    functions of `public`; a warning where a migration does.
    """
    platform = context.session.platform
    if not context.asking_roles:
        raise NotApplicable("no role here is one that requests come as")
    found = context.read(_QUERY, maker=platform.migration_role)
    context.count("defaults", len(found), "the project has no schema")
    for schema in dict.fromkeys(each.schema for each in found):
        opened = [each for each in found if each.schema == schema and each.grantees]
        if not opened:
            continue
        made = [context.locate("default privileges", f"{schema}: {each.kind} of {each.maker}") for each in opened]
        place = next((location for location in made if location is not None), None)
        kinds = ", ".join(each.kind for each in opened)
        who = ", ".join(sorted({grantee for each in opened for grantee in each.grantees}))
        yield Finding(
            "default_privileges",
            schema,
            f"new {kinds} of {schema} are open to {who}",
            " ".join(_remedy(schema, each.kind, each.grantees) for each in opened),
            level=Level.NOTE if place is None else Level.WARNING,
            detail="\n".join(f"{each.kind}: {', '.join(each.grantees)}" for each in opened),
            location=place,
        )


def _remedy(schema: str, kind: str, grantees: list[str]) -> str:
    """Only the global form takes from PUBLIC what PostgreSQL gives it."""
    roles = to(*(who for who in grantees if who != "public"))
    parts = [f"alter default privileges in schema {named(schema)} revoke all on {kind} from {roles};"] if roles else []
    if "public" in grantees:
        parts.append(f"alter default privileges revoke execute on {kind} from public;")
    return " ".join(parts)
