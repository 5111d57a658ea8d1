"""All tables of a model at one profile and seed: any row's values, made when they are asked for and kept nowhere."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemaproof.volume.chance import Integers, Stream
from schemaproof.volume.model import Model, Reference, Table
from schemaproof.volume.recipes import Call, Case
from schemaproof.volume.sampling import Sampler
from schemaproof.volume.values import Labels, Mask, Values, merged

__all__ = ["Source", "View", "World"]

_KEPT_ROWS = 50_000  # tables up to here are made once, since many rows refer to each of theirs
_BLOCK = 100_000
_SAMPLE = 10_000


class World:
    """The tables of a model. `pools` are its pools' values, `given` what its functions are told of the database."""

    def __init__(
        self, model: Model, main_rows: int, *, seed: int, pools: Mapping[str, Labels], given: Any = None
    ) -> None:
        self.model = model
        self.main_rows = main_rows
        self.seed = seed
        self.sampler = Sampler(model, main_rows, pools, given)
        self._sources: dict[str, Source] = {}

    def source(self, name: str) -> "Source":
        """Return a table's rows."""
        if name not in self._sources:
            self._sources[name] = Source(self, self.model.tables[name])
        return self._sources[name]


class Source:
    """The rows of one table."""

    def __init__(self, world: World, table: Table) -> None:
        self.world = world
        self.table = table
        self.stream = Stream(world.seed, table.name)
        self._groups: dict[str, tuple[Integers, Integers, Integers]] = {}

    @cached_property
    def rows(self) -> int:
        """How many rows the table has."""
        if self.table.driver is not None:
            return int(self.last_children[-1]) if len(self.last_children) else 0
        assert self.table.size is not None
        return self.table.size.of(self.world.main_rows)

    @cached_property
    def expected_rows(self) -> int:
        """About how many rows, without making all their parents."""
        driver = self.table.driver
        if driver is None:
            return self.rows
        parents = self.world.source(driver.to).expected_rows
        if isinstance(driver.times, int):
            return parents * driver.times
        sample = np.unique(np.linspace(0, max(parents - 1, 0), _SAMPLE).astype(np.int64))
        return round(parents * float(self._children(sample).mean()))

    @cached_property
    def last_children(self) -> Integers:
        """For each parent of the reference with `times`: how many children it and those before it have."""
        driver = self.table.driver
        assert driver is not None
        parents = self.world.source(driver.to)
        if isinstance(driver.times, int):
            return np.arange(1, parents.rows + 1, dtype=np.int64) * driver.times
        blocks = [np.arange(low, min(low + _BLOCK, parents.rows)) for low in range(0, parents.rows, _BLOCK)]
        return np.cumsum(np.concatenate([np.zeros(0, np.int64), *map(self._children, blocks)]))

    def _children(self, parents: Integers) -> Integers:
        """Return how many children each of some parents has."""
        driver = self.table.driver
        assert driver is not None
        values = self.world.source(driver.to).view(parents).resolve(str(driver.times))
        numbers = values.data if values.kind == "number" else _as_numbers(values)
        return numbers if values.null is None else np.where(values.null, 0, numbers)

    @cached_property
    def kept(self) -> "View | None":
        """All rows, of a table that is small."""
        return View(self, np.arange(self.rows)) if self.rows <= _KEPT_ROWS else None

    def view(self, index: Integers, missing: Mask | None = None) -> "View":
        """Return some rows, by their numbers from 0."""
        return View(self, index, missing)

    def group(self, reference: str) -> tuple[Integers, Integers, Integers]:
        """Return the rows in the order of what they refer to, and for each row of that its first place and count."""
        if reference not in self._groups:
            parent = View(self, np.arange(self.rows)).reference(reference)
            order = np.argsort(parent.index, kind="stable")
            counts = np.bincount(parent.index, minlength=parent.source.rows)
            self._groups[reference] = (order, np.cumsum(counts) - counts, counts)
        return self._groups[reference]


class View:
    """Some rows of a table; `missing` is true where there is no such row."""

    def __init__(self, source: Source, index: Integers, missing: Mask | None = None) -> None:
        self.source = source
        self.index = index
        self.missing = missing
        self._columns: dict[str, Values] = {}
        self._references: dict[str, View] = {}

    def __len__(self) -> int:
        return len(self.index)

    def resolve(self, path: str) -> Values:
        """Return the values of `column`, or of `reference.column`."""
        name, _, rest = path.partition(".")
        return self.reference(name).resolve(rest) if rest else self.column(name)

    def column(self, name: str) -> Values:
        """Return a column's values."""
        if name not in self._columns:
            kept = self.source.kept
            if kept is not None and kept.index is not self.index:
                values = kept.column(name).take(self.index)
            else:
                values = self._made(name)
            self._columns[name] = values.without(self.missing)
        return self._columns[name]

    def reference(self, name: str) -> "View":
        """Return the rows that these refer to."""
        if name not in self._references:
            self._references[name] = self._referred(self.source.table.references[name])
        return self._references[name]

    def _made(self, name: str) -> Values:
        cases = self.source.table.cases(name)
        assert cases is not None
        left: Mask | None = None
        found: list[tuple[Mask | None, Values]] = []
        for number, case in enumerate(cases):
            stream = self.source.stream.part(name, number)
            mask = _both(left, self._holds(case, stream.part("share")))
            found.append((mask, self._values(case, stream, mask)))
            if mask is None:
                break
            left = ~mask if left is None else left & ~mask
        return merged(found, len(self))

    def _values(self, case: Case, stream: Stream, mask: Mask | None) -> Values:
        sampler = self.source.world.sampler
        if isinstance(case.recipe, Call) and mask is not None:  # it may be slow, and may not stand NULLs
            places = np.flatnonzero(mask)
            return sampler.call(case, [self.resolve(path).take(places) for path in case.recipe.columns], places, mask)
        return sampler.values(case, self, stream)

    def _holds(self, case: Case, stream: Stream) -> Mask | None:
        """Tell for which rows a case holds, by its own guard; None: all."""
        guard = case.guard
        masks = [self.resolve(path).is_in(wanted) for path, wanted in guard.when]
        if guard.given is not None:
            null = self.resolve(guard.given).null
            masks += [] if null is None else [~null]
        if guard.missing is not None:
            null = self.resolve(guard.missing).null
            masks.append(np.zeros(len(self), bool) if null is None else null)
        if guard.younger is not None:
            path, age = guard.younger
            times = self.resolve(path)
            masks.append(times.data > self.source.world.model.until - age)
            masks += [] if times.null is None else [~times.null]
        if guard.share < 1:
            masks.append(stream.uniform(self.index) < guard.share)
        return np.logical_and.reduce(masks) if masks else None

    def _referred(self, reference: Reference) -> "View":
        if reference.via is not None:
            view = self
            for name in reference.via.split("."):
                view = view.reference(name)
            return view
        parent = self.source.world.source(reference.to)
        if not parent.rows:
            raise self.source.world.model.document.error(
                reference.key, f"{reference.to} has no rows to refer to", remedy="Give it an `at_least`."
            )
        if reference.same is not None:
            return self._within(reference, parent)
        return parent.view(self._parents(reference, parent))

    def _parents(self, reference: Reference, parent: Source) -> Integers:
        if parent is self.source:
            return self.index
        if reference.times is not None:
            return np.searchsorted(self.source.last_children, self.index, side="right")
        if reference.in_order:
            return self.index * parent.rows // max(self.source.rows, 1)
        drawn = self.source.stream.part(reference.name).below(parent.rows, self.index, skew=reference.skew)
        return np.where(self.index < parent.rows, self.index, drawn) if reference.cover else drawn

    def _within(self, reference: Reference, parent: Source) -> "View":
        """Choose among the rows that have the same row under another reference; there may be none."""
        assert reference.same is not None
        order, first, counts = parent.group(reference.same)
        groups = self.reference(reference.same).index
        among = counts[groups]
        stream = self.source.stream.part(reference.name)
        place = first[groups] + stream.below(among, self.index, skew=reference.skew)
        missing = among == 0
        if not missing.any():
            return parent.view(order[place])
        return parent.view(order[np.where(missing, 0, place)], missing)


def _both(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _as_numbers(values: Values) -> NDArray[np.int64]:
    """Return the numbers that labels are written as."""
    assert values.labels is not None
    numbers = np.array([int(text or 0) for text in values.labels.texts], np.int64)
    return np.asarray(numbers[values.data], np.int64)
