"""Policies on stored files are for one bucket, and a public bucket's files are not listed."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy
from schemaproof.references import column_of, nodes, parse_expression

__all__ = ["storage_policies"]

_TABLE = "storage.objects"
# What a condition may call and still ask nobody who he is: every login has that role.
_NO_IDENTITY = {("auth", "role")}
_PUBLIC = "select id from storage.buckets where public"


@check(level=Level.WARNING)
def storage_policies(context: Context) -> Iterator[Finding]:
    """A policy for avatars opens the invoices, because all buckets lie in one table.

    A policy of `storage.objects` that does not name the bucket is for every bucket, also for the next one: a warning,
    or a note where a function narrows it otherwise, to the caller's own files, say. One for UPDATE or DELETE that asks
    only for the bucket opens everybody's files there: a warning. A public bucket's files can be read by their address
    without any policy; one that lets requests select them all lets anyone list them: a note.
    """
    policies = [policy for policy in context.policies if policy.table == _TABLE and policy.permissive]
    context.count("policies", len(policies), f"the project has no policy on {_TABLE}")
    public = {bucket.id for bucket in context.read(_PUBLIC)}
    for policy in policies:
        if any(policy.is_for(role) for role in context.asking_roles) and (judged := _judge(context, policy, public)):
            level, summary, remedy = judged
            yield Finding(
                "storage_policies",
                policy.key,
                f"the policy {policy.name} {summary}",
                remedy,
                level=level,
                detail="\n".join(policy.expressions),
                location=context.locate("policy", policy.key),
            )


def _judge(context: Context, policy: Policy, public: set[str]) -> tuple[Level, str, str] | None:
    if not any(_names_bucket(tree) for tree in policy.trees):
        level = Level.NOTE if policy.calls else Level.WARNING
        return level, "names no bucket, so that it is for all of them", "Add bucket_id = '…' to its condition."
    if commands := _on_all_files(context, policy):
        summary = f"lets everyone whom it is for {' and '.join(commands)} everybody's files of its bucket"
        return (
            Level.WARNING,
            summary,
            "Ask also who is asking: (storage.foldername(name))[1] = (select auth.uid())::text.",
        )
    if buckets := public.intersection(policy.constants()) & _only_bucket(policy):
        summary = f"lets anyone list the files of the public bucket {', '.join(sorted(buckets))}"
        remedy = "Drop it, or narrow it: files of a public bucket need no policy to be read by their address."
        return Level.NOTE, summary, remedy
    return None


def _on_all_files(context: Context, policy: Policy) -> list[str]:
    """Return the commands that change files for which nothing asks who is asking."""
    if not _asks_nobody(policy):
        return []
    roles = [role for role in context.asking_roles if policy.is_for(role)]
    return [
        command
        for command in ("update", "delete")
        if policy.governs(command) and not all(_narrowed(context, command, role) for role in roles)
    ]


def _asks_nobody(policy: Policy) -> bool:
    """Tell whether its condition for rows that are there is about the bucket alone."""
    columns = {column_of(node)[-1:] for node in nodes(parse_expression(policy.using or "true"))} - {()}
    return columns == {("bucket_id",)} and not policy.calls - _NO_IDENTITY


def _narrowed(context: Context, command: str, role: str) -> bool:
    restrictive = (each for each in context.policies if each.table == _TABLE and not each.permissive)
    return any(each.governs(command) and each.is_for(role) and not _asks_nobody(each) for each in restrictive)


def _names_bucket(tree: object) -> bool:
    return any(column_of(node)[-1:] == ("bucket_id",) for node in nodes(tree))


def _only_bucket(policy: Policy) -> set[str]:
    """Return the buckets of which a policy lets requests select everything: its whole condition is the bucket."""
    columns = [column for node in nodes(policy.trees[0]) if (column := column_of(node)[-1:])]
    alone = columns == [("bucket_id",)] and not policy.calls
    return set(policy.constants()) if policy.governs("select") and alone else set()
