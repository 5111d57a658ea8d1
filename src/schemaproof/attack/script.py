"""Statements to paste into psql: an attack as its attacker runs it, and what the server said."""

from psycopg import sql

from schemaproof.attack.attackers import Attacker
from schemaproof.attack.statements import quoted, text
from schemaproof.attack.trial import Outcome
from schemaproof.attack.wire import Answer

__all__ = ["paste", "said", "script"]


def script(attacker: Attacker, *statements: str) -> str:
    """Return statements to paste into psql, as the attacker."""
    identity = attacker.identity
    claims = () if identity.claims is None else (("request.jwt.claims", identity.claims),)
    lines = [
        "begin",
        *attacker.before,
        f"set local role {quoted(identity.role)}",
        *(
            text("select set_config({}, {}, true)", sql.Literal(name), sql.Literal(value))
            for name, value in (*claims, *identity.settings)
        ),
        *statements,
        "rollback",
    ]
    return "\n".join(f"{line};" for line in lines)


def said(answer: Answer) -> str:
    """Return the error that a statement ended in as a comment to follow it; empty where it ended in none."""
    return f"\n-- {answer.sqlstate}: {answer.message}" if answer.sqlstate else ""


def paste(outcome: Outcome) -> str:
    """Return an attack on a table as statements to paste, on a database with the same rows."""
    taken = "-- with the row that it inserts taken away:\n" if outcome.form.without else ""
    alone = "-- in a table with no rows but the victim's:\n" if outcome.prepared else ""
    return taken + alone + script(outcome.attacker, outcome.form.statement) + said(outcome.answer)
