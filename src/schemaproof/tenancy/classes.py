"""Sorts columns, claims and settings into key classes: those of one class hold the same values in one tenant's rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemaproof.tenancy.nodes import USER, USERS, Claim, ColumnOf, Inside, Node, Setting

__all__ = ["KeyClass", "classify", "holds_no_key"]

_NO_KEYS = ("[]", "json", "jsonb", "boolean")
_USERS = ColumnOf(USERS, "id")
_EMAILS = frozenset({Claim(("email",)), ColumnOf(USERS, "email")})
_TEXTS = ("character varying", "citext", "text")


@dataclass(frozen=True)
class KeyClass:
    """What holds the same key.

    Args:
        name: what it is called: its claim or setting, or its column.
        nodes: the columns, claims and settings.
        tied: a policy lets a request through by it.
    """

    name: str
    nodes: frozenset[Node]
    tied: bool = False

    @property
    def columns(self) -> tuple[ColumnOf, ...]:
        """Its columns, sorted."""
        return tuple(sorted(node for node in self.nodes if isinstance(node, ColumnOf)))

    @property
    def insides(self) -> tuple[Inside, ...]:
        """Its places in JSON columns, sorted."""
        return tuple(sorted(node for node in self.nodes if isinstance(node, Inside)))

    @property
    def places(self) -> tuple[ColumnOf | Inside, ...]:
        """Where rows hold it: in columns and inside of them."""
        return (*self.columns, *self.insides)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Its claims, sorted."""
        return tuple(sorted(node for node in self.nodes if isinstance(node, Claim)))

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its settings, sorted."""
        return tuple(sorted(node for node in self.nodes if isinstance(node, Setting)))

    @property
    def asked(self) -> bool:
        """Tell whether a request brings it along: in its token or in a setting."""
        return bool(self.claims or self.settings)

    @property
    def kept(self) -> bool:
        """Tell whether the platform's users hold it beside their own key: a request brings it along by who asks."""
        return any(place.relation == USERS and place != _USERS for place in self.places)

    @property
    def of_users(self) -> bool:
        """Tell whether it tells single users apart, and not tenants."""
        return bool((_EMAILS | {USER, _USERS}) & self.nodes)


def classify(
    pairs: Iterable[tuple[Node, Node]], types: Mapping[ColumnOf, str], tied: Iterable[Node]
) -> tuple[KeyClass, ...]:
    """Join the nodes of each pair; columns of different types stay apart. The largest class comes first."""
    groups: dict[Node, set[Node]] = {}
    for one, other in pairs:
        if _fit(one, other, types):
            joined = groups.get(one, {one}) | groups.get(other, {other})
            for node in joined:
                groups[node] = joined
    for node in tied:
        groups.setdefault(node, {node})
    ties = set(tied)
    unique = {id(group): group for group in groups.values()}.values()
    found = [
        KeyClass(_name(group), frozenset(group), bool(group & ties) or any(_asked(node) for node in group))
        for group in unique
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.nodes), each.name)))


def _fit(one: Node, other: Node, types: Mapping[ColumnOf, str]) -> bool:
    if isinstance(one, ColumnOf) and isinstance(other, ColumnOf):
        return _plain(types.get(one)) == _plain(types.get(other))
    return not any(holds_no_key(node, types) for node in (one, other))


def _plain(kind: str | None) -> str | None:
    """Texts are compared whatever they are declared as."""
    return "text" if kind in _TEXTS else kind


def holds_no_key(node: Node, types: Mapping[ColumnOf, str]) -> bool:
    """Tell whether a node is a column of a type that holds more than a key, or less."""
    return isinstance(node, ColumnOf) and types.get(node, "").endswith(_NO_KEYS)


def _asked(node: Node) -> bool:
    return isinstance(node, Claim | Setting)


def _name(group: Iterable[Node]) -> str:
    nodes = sorted(group, key=lambda node: (not _asked(node), str(node)))
    first = nodes[0]
    if USER in nodes or _USERS in nodes:
        return "user"
    match first:
        case Claim(path):
            return ".".join(path)
        case Setting(name):
            return name
        case _:
            named = [node.column for node in nodes if isinstance(node, ColumnOf) and node.column != "id"]
            return max(sorted(set(named)), key=named.count) if named else str(first)
