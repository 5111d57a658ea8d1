"""Policies on stored files are for one bucket, and a public bucket's files are not listed."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy
from schemaproof.references import column_of, nodes

__all__ = ["storage_policies"]

_TABLE = "storage.objects"
_PUBLIC = "select id from storage.buckets where public"


@check(level=Level.WARNING)
def storage_policies(context: Context) -> Iterator[Finding]:
    """A policy for avatars opens the invoices, because all buckets lie in one table.

    A policy of `storage.objects` that does not name the bucket is for every bucket, also for the next one: a warning,
    or a note where a function narrows it otherwise, to the caller's own files, say. A public bucket's files can be
    read by their address without any policy; one that lets requests select them all lets anyone list them: a note.
    """
    policies = [policy for policy in context.policies if policy.table == _TABLE and policy.permissive]
    context.count("policies", len(policies), f"the project has no policy on {_TABLE}")
    public = {bucket.id for bucket in context.read(_PUBLIC)}
    for policy in policies:
        if not any(policy.is_for(role) for role in context.asking_roles):
            continue
        if not any(_names_bucket(tree) for tree in policy.trees):
            summary = "names no bucket, so that it is for all of them"
            level = Level.NOTE if policy.calls else Level.WARNING
        elif buckets := public.intersection(policy.constants()) & _only_bucket(policy):
            summary, level = f"lets anyone list the files of the public bucket {', '.join(sorted(buckets))}", Level.NOTE
        else:
            continue
        yield Finding(
            "storage_policies",
            policy.key,
            f"the policy {policy.name} {summary}",
            "Add bucket_id = '…' to its condition."
            if "no bucket" in summary
            else "Drop it, or narrow it: files of a public bucket need no policy to be read by their address.",
            level=level,
            detail="\n".join(policy.expressions),
            location=context.locate("policy", policy.key),
        )


def _names_bucket(tree: object) -> bool:
    return any(column_of(node)[-1:] == ("bucket_id",) for node in nodes(tree))


def _only_bucket(policy: Policy) -> set[str]:
    """Return the buckets of which a policy lets requests select everything: its whole condition is the bucket."""
    columns = [column for node in nodes(policy.trees[0]) if (column := column_of(node)[-1:])]
    alone = columns == [("bucket_id",)] and not policy.calls
    return set(policy.constants()) if policy.governs("select") and alone else set()
