"""A new table is closed from its first moment."""

from collections.abc import Iterator

from pglast import ast

from schemaproof.findings import Level
from schemaproof.lint.names import label
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["open_table"]


@rule(level=Level.WARNING)
def open_table(step: Step, review: Review) -> Iterator[Harm]:
    """A new table has no row-level security, and roles of requests hold privileges on it: everybody reads every row.

    On Supabase, default privileges give `anon` and `authenticated` all of them on each new table of `public`. What the
    migrations revoke, there or by default, is taken into account; what a DO block makes up is not known.
    """
    node = step.node
    if not is_a(node, ast.CreateStmt, ast.CreateTableAsStmt):
        return
    made = node.relation if is_a(node, ast.CreateStmt) else node.into.rel
    table = review.final.relations.get(label(made))
    if table is None or table.made is not step or made.relpersistence == "t" or not table.is_table:
        return
    roles = review.is_exposed(table)
    if table.row_security or not roles or "row level security" in review.dynamic:
        return
    if not review.options.platform_roles and not any(each.row_security for each in review.final.relations.values()):
        return  # elsewhere, a project may do without
    yield Harm(
        table.label,
        f"{table.label} is made without row-level security, and {', '.join(roles)} may reach it",
        f"alter table {table.label} enable row level security; then add policies, and revoke what nobody needs.",
    )
