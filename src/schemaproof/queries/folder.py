"""A folder of queries: each file read into a Query; what is wrong in one is refused by file and line."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from schemaproof.config import Target
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Location
from schemaproof.plan import claims
from schemaproof.plan.statement import Statement
from schemaproof.queries.header import Entry, Header, read_header
from schemaproof.queries.query import CASES, Limit, Need, Parameter, Population, Query, Refusal

__all__ = ["read_queries", "read_query"]

_T = TypeVar("_T")
_SEQ_SCAN_ROWS = 1000
_USES = re.compile(r"^(?P<index>[\w.]+)(?:\s*\((?P<columns>[^)]*)\))?$")
_OR = re.compile(r"\s+or\s+")
_NEEDS = re.compile(r"^(?P<index>[\w.]+)(?:\s+(?P<factor>\d+(?:\.\d+)?))?$")
_REFUSED = re.compile(r"^(?P<sqlstate>[0-9A-Z]{5})(?:\s+(?P<index>[\w.]+))?$")
_POPULATION = re.compile(r"^(?P<table>[\w.]+)(?:\s+where\s+(?P<condition>.+))?$", re.DOTALL)
_CLAIM = re.compile(r"^(?P<name>\w+)\s*=\s*(?P<value>:\w+|'[^']*')$")
_NUMBER = re.compile(r"^\d+(?:\.\d+)?$", re.ASCII)
_BY_ITSELF = "all"


def read_queries(folder: Path, target: Target) -> tuple[Query, ...]:
    """Return the queries of a folder, those that only read before those that write: by name within.

    Raises:
        UsageError: no folder, no query in it, or one that is wrong.
    """
    if not folder.is_dir():
        raise UsageError(f"queries {folder}: no such folder", remedy="Mend `queries` in the settings.")
    found = [read_query(path, target) for path in sorted(folder.rglob("*.sql"))]
    if not found:
        raise UsageError(f"no query in {folder}", remedy="Write one a file, `<name>.sql`; see docs/queries.md.")
    ids = [query.id for query in found]
    if twice := next((query for query in found if ids.count(query.id) > 1), None):
        raise UsageError(f"{twice.path}: another query is called {twice.id} too", remedy="Rename one of the files.")
    return tuple(found)


def read_query(path: Path, target: Target) -> Query:
    """Read one file; raises UsageError by file and line."""
    header = read_header(path)
    statement = Statement(header.body)
    population = _population(header)
    query = Query(
        id=path.stem,
        path=path,
        name=header.text("name", path.stem.replace("_", " ")),
        about=" ".join(header.text("about").split()),
        requirements=_list(header.text("requirement")),
        roles=_roles(header),
        claims=_claims(header, target),
        population=population,
        cases=_cases(header, population),
        parameters=tuple(_parameter(entry) for entry in header.all("param")),
        setup=tuple(entry.value for entry in header.all("setup")),
        statement=statement,
        line=header.line,
        limits=tuple(_limits(header)),
        needs=tuple(_need(entry) for entry in header.all("needs")),
        refused=_refusal(header),
        returns=_word(header, "returns", ("some", "none", "any")),
        generic=_word(header, "plans", ("both", "custom")) == "both",
    )
    _refuse_unbound(query)
    return query


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _roles(header: Header) -> tuple[str, ...]:
    roles = _list(header.text("role"))
    if not roles:
        raise UsageError(f"{header.path}:1: no `role`", remedy="Say who asks: `-- role: authenticated`.")
    return roles


def _claims(header: Header, target: Target) -> Mapping[str, str]:
    entry = header.one("claims")
    if entry is None:
        member = target.roles.member in _roles(header) and header.one("tenant")
        return {target.tenancy.claim or "tenant_id": ":tenant"} if member else {}
    found = {}
    for part in _list(entry.value):
        if part == "none":
            continue
        match = _match(_CLAIM, part, entry, "claims", "tenant_id = :tenant, workspace_id = 'T1'")
        found[match["name"]] = match["value"].strip("'")
    return found


def _population(header: Header) -> Population | None:
    entry = header.one("tenant")
    if entry is None:
        return None
    match = _match(_POPULATION, entry.value, entry, "tenant", "public.notes where deleted_at is null")
    return Population(match["table"], match["condition"] or "true", entry.location)


def _cases(header: Header, population: Population | None) -> tuple[str, ...]:
    entry = header.one("cases")
    if population is None:
        if entry:
            remedy = "Say whose rows: `-- tenant: table`."
            raise UsageError(f"{entry.location}: `cases` without `tenant`", remedy=remedy)
        return (_BY_ITSELF,)
    for name in (cases := _list(entry.value) if entry else CASES):
        if entry and name not in CASES:
            remedy = did_you_mean(name, CASES, otherwise=f"Cases: {', '.join(CASES)}.")
            raise UsageError(f"{entry.location}: unknown case `{name}`", remedy=remedy)
    return cases


def _parameter(entry: Entry) -> Parameter:
    if not entry.argument:
        raise UsageError(f"{entry.location}: a `param` without a name", remedy="Write `-- param before: select now()`.")
    return Parameter(entry.argument, entry.value, entry.location)


def _need(entry: Entry) -> Need:
    match = _match(_NEEDS, entry.value, entry, "needs", "notes_at_idx 5")
    return Need(match["index"], float(match["factor"] or 2), entry.location)


def _refusal(header: Header) -> Refusal | None:
    entry = header.one("refused")
    if entry is None:
        return None
    match = _match(_REFUSED, entry.value, entry, "refused", "23505 notes_title_key")
    return Refusal(match["sqlstate"], match["index"], entry.location)


def _limits(header: Header) -> Iterator[Limit]:
    for entry in header.all("uses"):
        found = [_match(_USES, part, entry, "uses", "notes_at_idx (tenant_id, at)") for part in _OR.split(entry.value)]
        each = [claims.uses(match["index"], _list(match["columns"] or "")) for match in found]
        claim = claims.any_of(each) if len(each) > 1 else each[0]
        yield Limit(claim, entry.location, tuple(match["index"] for match in found))
    start = Location(header.path, header.line)
    scanned = [entry.value for entry in header.all("scans")]
    yield Limit(claims.no_seq_scan_above(_SEQ_SCAN_ROWS, but=scanned), start)
    if _word(header, "may", ("", "spill")) != "spill":
        yield Limit(claims.no_spill(), start)
    if (none := header.one("no")) and _word(header, "no", ("sort",)):
        yield Limit(claims.no_sort(), none.location)
    yield from _numbers(header)


_NUMBERS: Mapping[str, Callable[[float], claims.Claim]] = {
    "max_buffers": lambda most: claims.buffers_at_most(int(most)),
    "max_discarded_per_row": claims.discarded_per_row_at_most,
    "max_estimate_error": claims.estimate_within,
    "max_claim_reads": lambda most: claims.claims_read_at_most(int(most)),
}


def _numbers(header: Header) -> Iterator[Limit]:
    for key, claim in _NUMBERS.items():
        if entry := header.one(key):
            if not _NUMBER.match(entry.value):
                message = f"{entry.location}: `{key}` is no number from 0 on: {entry.value}"
                raise UsageError(message, remedy=f"Write one: `-- {key}: 20`.")
            yield Limit(claim(float(entry.value)), entry.location)


def _word(header: Header, key: str, allowed: tuple[str, ...]) -> str:
    entry = header.one(key)
    if entry and entry.value not in allowed:
        words = [word for word in allowed if word]
        remedy = did_you_mean(entry.value, words, otherwise=f"Write one of: {', '.join(words)}.")
        raise UsageError(f"{entry.location}: `{key}` is {entry.value!r}", remedy=remedy)
    return entry.value if entry else allowed[0]


def _match(form: re.Pattern[str], text: str, entry: Entry, key: str, example: str) -> re.Match[str]:
    if not (found := form.match(text.strip())):
        raise UsageError(f"{entry.location}: `{key}` is not of its form: {text}", remedy=f"Write -- {key}: {example}")
    return found


def _refuse_unbound(query: Query) -> None:
    given = {parameter.name for parameter in query.parameters} | ({"tenant"} if query.population else set())
    wanted = [*query.statement.parameters, *(value[1:] for value in query.claims.values() if value.startswith(":"))]
    for name in wanted:
        if name not in given:
            remedy = did_you_mean(name, given, otherwise=f"Say where it comes from: `-- param {name}: select …`.")
            raise UsageError(f"{query.location}: nothing gives :{name}", remedy=remedy)
