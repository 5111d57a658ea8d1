"""Statements to paste into psql: an attack as its attacker runs it."""

from psycopg import sql

from schemaproof.attack.attackers import Attacker

__all__ = ["script"]


def script(attacker: Attacker, *statements: str) -> str:
    """Return statements to paste into psql, as the attacker."""
    identity = attacker.identity
    lines = ["begin;", *(f"{statement};" for statement in attacker.before)]
    lines.append(f"set local role {sql.Identifier(identity.role).as_string(None)};")
    settings = identity.settings
    if identity.claims is not None:
        settings = (("request.jwt.claims", identity.claims), *settings)
    for name, value in settings:
        call = sql.SQL("select set_config({}, {}, true);").format(sql.Literal(name), sql.Literal(value))
        lines.append(call.as_string(None))
    return "\n".join([*lines, *(f"{statement};" for statement in statements), "rollback;"])
