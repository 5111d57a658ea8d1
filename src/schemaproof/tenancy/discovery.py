"""Proposes how tenants are told apart: which columns, claims and settings, and which tables hang on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schemaproof.surface import Relation, Routine
from schemaproof.tenancy.bodies import Bodies
from schemaproof.tenancy.classes import KeyClass, classify, holds_no_key
from schemaproof.tenancy.facts import Facts
from schemaproof.tenancy.nodes import Claim, ColumnOf, Inside, Node, Setting
from schemaproof.tenancy.scopes import Scope
from schemaproof.tenancy.syntax import parsed

__all__ = ["Discovery", "discover"]

# Columns that say who wrote a row, and not whose it is.
_AUTHORS = ("created_by", "updated_by", "modified_by", "deleted_by", "author_id", "created_by_id", "updated_by_id")


@dataclass(frozen=True)
class Discovery:
    """What the catalogue and the policies say of the tenancy.

    Args:
        relations: of the project.
        outside: other relations that these refer to, or that policies read.
        classes: of keys, the largest first.
        facts: what the policies and the functions that they call compare.
        configured: the settings name the tenant's column.
    """

    relations: tuple[Relation, ...]
    outside: tuple[Relation, ...]
    classes: tuple[KeyClass, ...]
    facts: Facts
    column: str | None = None

    @cached_property
    def boundary(self) -> KeyClass | None:
        """The class that tells tenants apart; None where no policy asks who the caller is."""
        tied = [each for each in self.classes if each.tied and self._tables(each)]
        if self.column:
            named = [each for each in tied if any(node.column == self.column for node in each.columns)]
            return max(named, key=self._tables, default=None)
        tenants = [
            each for each in tied if not each.of_users and (each.asked or each.kept or self._joined_by_users(each))
        ]
        users = [each for each in tied if each.of_users]
        return max(tenants or users or tied, key=self._tables, default=None)

    @cached_property
    def owned(self) -> Mapping[str, str]:
        """Why each table that holds tenants' rows is taken to: by label, a sentence."""
        found: dict[str, str] = {}
        for relation in self.tables:
            if reason := self._own_reason(relation):
                found[relation.label] = reason
        grown = True
        while grown:
            grown = False
            for relation in self.tables:
                if relation.label not in found and (reason := _inherited(relation, found)):
                    found[relation.label] = reason
                    grown = True
        return found

    @cached_property
    def shared(self) -> Mapping[str, str]:
        """Why each other table is taken as the same for all: by label, a sentence."""
        return {
            relation.label: "no column of it is compared with a claim, setting or membership, and no foreign key leads"
            " to a table that has one"
            for relation in self.tables
            if relation.label not in self.owned
        }

    @property
    def tables(self) -> tuple[Relation, ...]:
        """The project's relations that hold rows."""
        return tuple(relation for relation in self.relations if relation.is_table)

    def class_of(self, column: ColumnOf) -> KeyClass | None:
        """Return the tied class of a column."""
        return next((each for each in self.classes if each.tied and column in each.nodes), None)

    def given(self, each: KeyClass) -> bool:
        """Tell whether its keys must be given to the rows: foreign keys alone would not make them meet."""
        if each is self.boundary or each.asked or each.of_users:
            return each.tied
        referring = {
            ColumnOf(relation.label, here)
            for relation in self.relations
            for key in relation.foreign_keys
            for here, there in key.columns
            if ColumnOf(key.to, there) in each.nodes
        }
        return each.tied and len([column for column in each.columns if column not in referring]) > 1

    def weakly_owned(self, label: str) -> bool:
        """Tell whether nothing but a column for the author of a row says whose it is."""
        relation = next(each for each in self.relations if each.label == label)
        columns = [c.name for c in relation.columns if self.class_of(ColumnOf(label, c.name))]
        parents = [fk for fk in relation.foreign_keys if fk.to in self.owned and fk.to != label]
        by_parents = [here for fk in parents for here, _ in fk.columns]
        return all(name in _AUTHORS for name in (*columns, *by_parents))

    def _joined_by_users(self, each: KeyClass) -> bool:
        """Tell whether a table says which users belong to it: it has columns of both, and more than its own key."""
        for relation, _ in self.memberships:
            own = [name for name in relation.key if ColumnOf(relation.label, name) in each.nodes]
            here = [c.name for c in relation.columns if ColumnOf(relation.label, c.name) in each.nodes]
            if here and list(relation.key) != own:
                return True
        return False

    @cached_property
    def memberships(self) -> tuple[tuple[Relation, str], ...]:
        """The tables in which policies look up what a user may, each with its column for the user."""
        return tuple(
            (relation, column.name)
            for relation in self.tables
            for column in relation.columns
            if (node := ColumnOf(relation.label, column.name)) in self.facts.looked_up
            and (found := self.class_of(node)) is not None
            and found.of_users
        )

    def _tables(self, each: KeyClass) -> int:
        labels = {relation.label for relation in self.tables}
        return len({node.relation for node in each.places} & labels)

    def _own_reason(self, relation: Relation) -> str:
        ties = [
            f"{column.name} ({each.name})"
            for column in relation.columns
            if (each := self.class_of(ColumnOf(relation.label, column.name)))
        ]
        ties += [
            f"{'.'.join((place.column, *place.path))} ({each.name})"
            for each in self.classes
            if each.tied
            for place in each.insides
            if place.relation == relation.label
        ]
        return f"by {', '.join(ties)}" if ties else ""


def _inherited(relation: Relation, found: Mapping[str, str]) -> str:
    if relation.parent in found:
        return f"a part of {relation.parent}"
    parents = [fk.to for fk in relation.foreign_keys if fk.to in found]
    return f"by a foreign key to {parents[0]}" if parents else ""


def discover(
    relations: Sequence[Relation],
    routines: Sequence[Routine],
    schemas: Sequence[str],
    *,
    column: str | None = None,
    claim: str | None = None,
) -> Discovery:
    """Read policies, the functions that they call, and keys.

    Args:
        relations: of every schema but PostgreSQL's own.
        routines: of the same schemas, without the platform's.
        schemas: those of the project.
        column: the tenant's column, where the settings name it.
        claim: the claim that holds the tenant, where the settings name it; dots lead into objects.
    """
    bodies = Bodies(routines, {each.label: frozenset(c.name for c in each.columns) for each in relations})
    own = tuple(each for each in relations if each.schema in schemas)
    ties = [*_read_policies(bodies, own), *_read_filters(bodies, own, routines)]
    pairs = [*bodies.facts.equal, *_foreign_keys(relations)]
    if column:
        columns = [ColumnOf(each.label, column) for each in own if each.is_table and each.has(column)]
        pairs += [(columns[0], other) for other in columns[1:]]
        pairs += [(columns[0], Claim(tuple(claim.split("."))))] if claim and columns else []
        ties += columns[:1]
    types = {ColumnOf(each.label, c.name): c.type for each in relations for c in each.columns}
    pairs += list(_contained(bodies.facts))
    ties = [node for node in ties if not holds_no_key(node, types)]
    classes = classify([*pairs, *_namesakes(classify(pairs, types, ties), own, types)], types, ties)
    outside = tuple(each for each in relations if each.schema not in schemas)
    return Discovery(own, outside, classes, bodies.facts, column)


def _read_policies(bodies: Bodies, relations: Iterable[Relation]) -> Iterable[Node]:
    """Read every policy; yield the columns by which a row of the policy's own table, or a user, is let through."""
    for relation in relations:
        for policy in relation.policies:
            before = len(bodies.facts.equal)
            for expression in (policy.using, policy.check):
                if expression:
                    bodies.reader.policy(relation.label, expression)
            for pair in bodies.facts.equal[before:]:
                yield from (node for node in pair if getattr(node, "relation", None) == relation.label)
    # What views and functions beyond join with the platform's users is for show.
    bodies.facts.looked_up |= bodies.facts.joined
    yield from sorted(bodies.facts.joined)


def _read_filters(bodies: Bodies, relations: Iterable[Relation], routines: Iterable[Routine]) -> Iterable[Node]:
    """Read views and functions; yield the columns that they compare with a claim or setting: policies of their own."""
    before = len(bodies.facts.equal)
    for relation in relations:
        for statement in parsed(relation.definition or ""):
            bodies.reader.statement(statement, Scope())
    for routine in routines:
        bodies.body(routine, [])
    labels = {relation.label for relation in relations}
    for pair in bodies.facts.equal[before:]:
        for node, other in (pair, pair[::-1]):
            if isinstance(other, Claim | Setting) and getattr(node, "relation", None) in labels:
                yield node


def _contained(facts: Facts) -> Iterable[tuple[Node, Node]]:
    """A JSON column that is compared with an object of the token holds each of its claims at the same place."""
    for pair in facts.equal:
        for column, whole in (pair, pair[::-1]):
            if isinstance(column, ColumnOf) and isinstance(whole, Claim):
                for claim in facts.read:
                    if isinstance(claim, Claim) and claim != whole and claim.path[: len(whole.path)] == whole.path:
                        yield Inside(column.relation, column.column, claim.path[len(whole.path) :]), claim


def _foreign_keys(relations: Iterable[Relation]) -> Iterable[tuple[Node, Node]]:
    for relation in relations:
        for key in relation.foreign_keys:
            for here, there in key.columns:
                yield ColumnOf(relation.label, here), ColumnOf(key.to, there)
        if relation.parent and relation.is_table:
            yield from ((ColumnOf(relation.label, c.name), ColumnOf(relation.parent, c.name)) for c in relation.columns)


def _namesakes(
    classes: Iterable[KeyClass], relations: Iterable[Relation], types: Mapping[ColumnOf, str]
) -> Iterable[tuple[Node, Node]]:
    """Columns of a tied class's column name and type: a table without policies is about the same tenants."""
    known = {node for each in classes if each.tied for node in each.columns}
    for each in classes:
        names = {(node.column, types.get(node)): node for node in each.columns if each.tied and node.column != "id"}
        for relation in relations:
            for column in relation.columns if relation.is_table else ():
                here = ColumnOf(relation.label, column.name)
                there = names.get((column.name, column.type))
                if there and here not in known:
                    yield here, there
