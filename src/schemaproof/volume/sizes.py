"""How many rows each table has: of its own, or as many as its parents' children."""

from collections.abc import Mapping

from schemaproof.volume.model import Model, Table
from schemaproof.volume.recipes import Case, Choice, Constant, Copy, Number

__all__ = ["expected_rows"]


def expected_rows(model: Model, main_rows: int) -> Mapping[str, int]:
    """Return the number of rows of each table; where a parent's column says how many, the number to be expected."""
    return {name: round(_expected(model, table, main_rows)) for name, table in model.tables.items()}


def _expected(model: Model, table: Table, main_rows: int) -> float:
    driver = table.driver
    if driver is None:
        return table.size.of(main_rows) if table.size else 0
    parents = _expected(model, model.tables[driver.to], main_rows)
    if isinstance(driver.times, int):
        return parents * driver.times
    return parents * _mean(model, model.tables[driver.to], str(driver.times))


def _mean(model: Model, table: Table, column: str) -> float:
    """Return about what a column's mean is; of cases the shares by other columns are not known, so all count alike."""
    cases = table.cases(column) or ()
    means = [_mean_of(model, table, case) for case in cases]
    return sum(means) / len(means) if means else 0.0


def _mean_of(model: Model, table: Table, case: Case) -> float:
    match case.recipe:
        case Constant(value=int(value)):
            return float(value)
        case Choice(shares=shares):
            return sum(float(label) * share for label, share in shares)
        case Number(low=low, high=int(high), skew=skew):
            return low + (high - low) / (1 + 1 / (1 - skew))
        case Copy(path=path) if found := model.resolve(table, path):
            return _mean(model, *found)
        case _:
            return 1.0
