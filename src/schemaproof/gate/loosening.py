"""What guarded the base and does not guard the head: row security, policies' roles, privileges that were withheld."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from schemaproof.catalogue import Catalogue, Grant, in_both
from schemaproof.checks import Context
from schemaproof.findings import Finding, Level, Location
from schemaproof.gate.privileges import Privilege

__all__ = ["loosenings", "widenings"]

# What no request needs, and row-level security does not stop.
_NEEDLESS = frozenset(("TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN"))
_FLAGS = {"row_security": "enable row level security", "force_row_security": "force row level security"}


def loosenings(context: Context, before: Catalogue) -> Iterator[Finding]:
    """Yield what was closed and is open: flags of tables, roles of policies, privileges on what will be made.

    Args:
        context: of the head.
        before: the catalogue of the base.
    """
    yield from _flags(context, before)
    yield from _policies(context, before)
    yield from _defaults(context, before)


def _flags(context: Context, before: Catalogue) -> Iterator[Finding]:
    for name, old, new in in_both("table", before, context.catalogue):
        for flag, words in _FLAGS.items():
            if old.get(flag) and not new.get(flag):
                yield Finding(
                    "loosened",
                    name,
                    f"{name} had {words.removeprefix('enable ')}, and has it no more",
                    f"alter table {name} {words};",
                    location=context.locate("table", name),
                    key=f"loosened:{flag}:{name}",
                )


def _policies(context: Context, before: Catalogue) -> Iterator[Finding]:
    for name, old, new in in_both("policy", before, context.catalogue):
        if "public" in new["roles"] and "public" not in old["roles"]:
            yield Finding(
                "loosened",
                name,
                f"the policy {name} was for {', '.join(old['roles'])}, and is for everyone now",
                f"Say whom it is for: `to {', '.join(old['roles'])}`.",
                location=context.locate("policy", name),
                key=f"loosened:policy:{name}",
            )


def _defaults(context: Context, before: Catalogue) -> Iterator[Finding]:
    """Yield default privileges that everyone, or a role that requests come as, gets from now on."""
    known, requesting = before.of_kind("default privileges"), (*context.asking_roles, "public")
    for name, new in context.catalogue.of_kind("default privileges").items():
        had = _grants(known.get(name, {}))
        gained = [each for each in _grants(new) if each not in had]
        grantees = {Grant.of(each).grantee for each in gained}
        roles = [role for role in dict.fromkeys(requesting) if role in grantees]
        if roles:
            yield Finding(
                "loosened",
                name,
                f"what is made from now on ({name}) is open to {', '.join(roles)} at once",
                "Take the default privileges back, and grant what each object needs.",
                detail="\n".join(f"+ {each}" for each in gained),
                location=context.locate("default privileges", name),
                key=f"loosened:defaults:{name}",
            )


def _grants(properties: Mapping[str, Any]) -> list[str]:
    return [str(each) for each in properties.get("grants", ())]


def widenings(
    context: Context, before: Catalogue, held: frozenset[Privilege], gained: Iterable[Privilege]
) -> Iterator[Finding]:
    """Yield what a role that requests come as may do, by grants, to what was there before.

    An error where it cannot be meant: what no request needs; visitors on a table whose policies are for others, or on a
    function with its owner's rights; a whole table for a role that was given some columns. Else a warning.

    Args:
        context: of the head.
        before: the catalogue of the base.
        held: what roles may do on the base.
        gained: what they may do beside that on the head.
    """
    names = {key.name for key in before.objects}
    requesting = [each for each in gained if each.role in context.asking_roles and each.object in names]
    for (kind, name, role), group in groupby(requesting, key=lambda each: (each.kind, each.object, each.role)):
        privileges = [each.privilege for each in group]
        why = _why_not(context, held, kind, name, role, privileges)
        yield Finding(
            "widened",
            name,
            f"{role} may now {', '.join(privileges)} {kind} {name}, and could not before{f': {why}' if why else ''}",
            "If it is not meant, revoke it.",
            level=Level.ERROR if why else Level.WARNING,
            location=_granted(context, kind, name, role, privileges[0]),
            key=f"widened:privileges:{name}:{role}",
        )


def _granted(context: Context, kind: str, name: str, role: str, privilege: str) -> Location | None:
    relation = name.rpartition(".")[0] if kind == "column" else name
    return context.locate_grant("table" if kind == "column" else kind, relation, role, privilege)


def _why_not(
    context: Context, held: frozenset[Privilege], kind: str, name: str, role: str, privileges: list[str]
) -> str:
    """Say why a privilege cannot be meant; nothing where it may be."""
    visitor = role == context.target.roles.anonymous
    if kind == "table" and (needless := sorted(_NEEDLESS.intersection(privileges))):
        return f"no request needs {', '.join(needless)}, and policies do not stop it"
    if kind == "table" and visitor and _guarded(context, name) and not _admits(context, name, role):
        return "it is a visitors' role, and no policy of the table is for it"
    if kind == "function" and visitor and context.catalogue.of_kind("function")[name].get("security_definer"):
        return "the function has its owner's rights, and visitors may call it"
    columns = {each.privilege for each in held if each.role == role and each.object.startswith(f"{name}.")}
    if kind == "table" and (whole := sorted(columns.intersection(privileges))):
        return f"it was given some columns for {', '.join(whole)}, and has all of them now"
    return ""


def _guarded(context: Context, table: str) -> bool:
    return bool(context.catalogue.of_kind("table").get(table, {}).get("row_security"))


def _admits(context: Context, table: str, role: str) -> bool:
    policies = context.catalogue.of_kind("policy").items()
    return any({role, "public"} & {*each["roles"]} for name, each in policies if name.startswith(f"{table}."))  # type: ignore[misc]
