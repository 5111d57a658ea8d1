"""Default privileges of a role, forgotten: a dump spells privileges out against those of PostgreSQL itself."""

from collections.abc import Collection
from typing import Any

import psycopg

__all__ = ["forget_default_privileges"]

_REVOKES = """
    select distinct pg_catalog.format(
        'alter default privileges for role %%s%%s revoke all on %%s from %%s',
        acl.defaclrole::regrole, ' in schema ' || quote_ident(n.nspname),
        case acl.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
            when 'T' then 'types' else 'schemas' end,
        case entry.grantee when 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(entry.grantee)) end
    )
    from pg_catalog.pg_default_acl as acl
    join pg_catalog.pg_namespace as n on n.oid = acl.defaclnamespace
    cross join pg_catalog.aclexplode(acl.defaclacl) as entry
    where acl.defaclrole = %s::regrole and n.nspname <> all (%s)
"""


def forget_default_privileges(connection: psycopg.Connection[Any], role: str, *, but: Collection[str]) -> None:
    """Revoke what `role` gives with each new object by default, schema by schema; not in the schemas of `but`."""
    for (revoke,) in connection.execute(_REVOKES, (role, list(but))).fetchall():
        connection.execute(revoke)
