"""Read a model from its TOML file; whatever does not make sense by itself is refused with its line."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from schemaproof.volume.case_reading import read_cases, read_size
from schemaproof.volume.document import Document, Key, read_document
from schemaproof.volume.intervals import timestamp
from schemaproof.volume.model import PROFILES, Model, Pool, Reference, Table, paths
from schemaproof.volume.recipes import Case, FromPool, Nth

__all__ = ["load_model"]

_TOP = ("main", "until", "prepare", "exact_rows", "profiles", "pools", "tables")
_TABLE = ("rows", "refers", "columns", "hidden")
_REFERENCE = ("to", "skew", "cover", "same", "via", "times", "in_order")
_POOL = ("format", "query", "values", "size")
_BRANCHES = 50  # of references that lead round in a circle


def load_model(path: Path, *, root: Path | None = None) -> Model:
    """Read the model of a schema's volume.

    Args:
        path: the TOML file; docs/volume.md tells its form.
        root: the folder that the project's own modules are imported from (default: the file's).

    Raises:
        UsageError: no TOML, an unknown key, shares that do not add up, a name that leads nowhere; with file and line.
    """
    document = read_document(path)
    values = document.values
    document.known(values, _TOP, ())
    if missing := [key for key in ("main", "until", "tables") if key not in values]:
        raise document.error((), f"lacks {', '.join(missing)}", remedy="See docs/volume.md for a model's form.")
    until = values["until"]
    if not isinstance(until, datetime):
        raise document.error(("until",), "is not a time", remedy="Write until = 2026-11-01T00:00:00Z.")
    model = Model(
        document=document,
        main=_text(document, values["main"], ("main",)),
        until=timestamp(until),
        tables={name: _table(document, name, value) for name, value in _tables(document, values, "tables")},
        pools={name: _pool(document, name, value) for name, value in _tables(document, values, "pools")},
        profiles={**PROFILES, **_profiles(document)},
        prepare=_text(document, values["prepare"], ("prepare",)) if "prepare" in values else None,
        exact_rows=_number(document, values.get("exact_rows", 100_000), ("exact_rows",)),
        root=root or path.parent,
    )
    _check(model)
    return model


def _tables(document: Document, values: Mapping[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    found = document.table(values.get(key, {}), (key,))
    return [(name, document.table(value, (key, name))) for name, value in found.items()]


def _table(document: Document, name: str, values: dict[str, Any]) -> Table:
    key: Key = ("tables", name)
    document.known(values, _TABLE, key)
    references = document.table(values.get("refers", {}), (*key, "refers"))
    columns = document.table(values.get("columns", {}), (*key, "columns"))
    hidden = document.table(values.get("hidden", {}), (*key, "hidden"))
    return Table(
        name=name,
        size=read_size(document, values["rows"], (*key, "rows")) if "rows" in values else None,
        references={each: _reference(document, each, value, key) for each, value in references.items()},
        columns={each: read_cases(document, value, (*key, "columns", each)) for each, value in columns.items()},
        hidden={each: read_cases(document, value, (*key, "hidden", each)) for each, value in hidden.items()},
        key=key,
    )


def _reference(document: Document, name: str, value: object, table: Key) -> Reference:
    key = (*table, "refers", name)
    values = document.table(value, key)
    document.known(values, _REFERENCE, key)
    if ("to" in values) == ("via" in values):
        raise document.error(key, "needs either `to` or `via`", remedy='Write { to = "schema.table" }.')
    skew = values.get("skew", 0.0)
    if not isinstance(skew, int | float) or not 0 <= skew < 1:
        raise document.error((*key, "skew"), f"is not from 0 to below 1: {skew!r}", remedy="Write skew = 0.7, say.")
    times = values.get("times")
    if times is not None and (isinstance(times, bool) or not isinstance(times, int | str)):
        raise document.error((*key, "times"), "is neither a number nor a column", remedy="Write times = 3, say.")
    return Reference(
        name=name,
        to=str(values.get("to", "")),
        skew=float(skew),
        cover=bool(values.get("cover", False)),
        same=values.get("same"),
        via=values.get("via"),
        times=times,
        in_order=bool(values.get("in_order", False)),
        key=key,
    )


def _pool(document: Document, name: str, values: dict[str, Any]) -> Pool:
    key: Key = ("pools", name)
    document.known(values, _POOL, key)
    if sum(kind in values for kind in ("format", "query", "values")) != 1:
        raise document.error(key, "needs one of `format`, `query` and `values`", remedy='Write format = "{{company}}".')
    given = values.get("values", [])
    if not isinstance(given, list) or ("values" in values and not given):
        raise document.error((*key, "values"), "is not a list of values", remedy='Write values = ["a", "b"].')
    size = _number(document, values.get("size", 500), (*key, "size"))
    if not 1 <= size <= 1_000_000:
        raise document.error((*key, "size"), f"is {size}", remedy="Give 1 to 1000000.")
    return Pool(name, values.get("format"), values.get("query"), tuple(str(each) for each in given), size=size, key=key)


def _profiles(document: Document) -> dict[str, int]:
    values = document.table(document.values.get("profiles", {}), ("profiles",))
    return {name: _number(document, value, ("profiles", name)) for name, value in values.items()}


def _text(document: Document, value: object, key: Key) -> str:
    if not isinstance(value, str) or not value.strip():
        raise document.error(key, f"is not a text: {value!r}", remedy="Write it in quotes.")
    return value


def _number(document: Document, value: object, key: Key) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise document.error(key, f"is not a whole number above 0: {value!r}", remedy="Write it without quotes.")
    return value


def _check(model: Model) -> None:
    """Refuse names that lead nowhere, tables without a size, and columns that need themselves."""
    if model.main not in model.tables:
        raise model.document.error(("main",), f"{model.main} is none of the model's tables", remedy="Describe it.")
    for table in model.tables.values():
        if (table.size is None) == (table.driver is None):
            raise model.document.error(
                table.key, "needs either `rows` or one reference with `times`", remedy="Write rows = { share = 0.1 }."
            )
        _check_references(model, table)
        for name, cases in (*table.columns.items(), *table.hidden.items()):
            for case in cases:
                _check_case(model, table, case)
            _refuse_circle(model, table, name, ())


def _check_references(model: Model, table: Table) -> None:
    for reference in table.references.values():
        if model.referred(table, reference.name) is None:
            where = reference.via or reference.to
            raise model.document.error(
                reference.key, f"{where} leads to none of the model's tables", remedy="Describe it, or name another."
            )
        if isinstance(reference.times, str) and not model.resolve(model.tables[reference.to], reference.times):
            raise model.document.error(
                (*reference.key, "times"), f"{reference.to} has no column {reference.times}", remedy="Name one of its."
            )
        if reference.same is not None:
            sides = [model.referred(each, reference.same) for each in (table, model.tables[reference.to])]
            if sides[0] is None or sides[0] is not sides[1]:
                raise model.document.error(
                    (*reference.key, "same"),
                    f"{table.name} and {reference.to} have no reference {reference.same} to the same table",
                    remedy="Add it on both sides.",
                )


def _check_case(model: Model, table: Table, case: Case) -> None:
    for path in paths(case):
        if model.resolve(table, path) is None:
            raise model.document.error(
                case.key, f"{path} is no column of {table.name}", remedy="Name a column of it, or `reference.column`."
            )
    match case.recipe:
        case FromPool(pool=pool) if pool not in model.pools:
            raise model.document.error(case.key, f"there is no pool {pool}", remedy="Write it under [pools].")
        case Nth(reference=name) if name not in table.references or table.references[name] is not table.driver:
            raise model.document.error(case.key, f"{name} is no reference with `times`", remedy="Name the one that is.")
        case _:
            pass


def _refuse_circle(model: Model, table: Table, column: str, above: tuple[tuple[str, str], ...]) -> None:
    here = (table.name, column)
    if here in above or len(above) > _BRANCHES:
        chain = " → ".join(f"{name}.{each}" for name, each in (*above, here))
        key = (*table.key, "columns" if column in table.columns else "hidden", column)
        raise model.document.error(key, f"needs itself: {chain}", remedy="Break the circle.")
    for case in table.cases(column) or ():
        for path in paths(case):
            if found := model.resolve(table, path):
                _refuse_circle(model, *found, (*above, here))
