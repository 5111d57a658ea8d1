"""Who attacks: members of a tenant, strangers, and tokens that no issuer should have signed or that nobody sent."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemaproof.attack.arena import Arena
from schemaproof.attack.pools import favours
from schemaproof.attack.touches import put
from schemaproof.attack.worlds import STRANGER
from schemaproof.identity import Identity
from schemaproof.rows import World
from schemaproof.tenancy import ROLE, Claim, KeyClass, Setting

__all__ = ["Attacker", "Players", "put_setting"]

# Claims that any user can come by: they make nobody an administrator.
_STRENGTH = ("aal", "amr", "is_anonymous", "email_verified", "phone_verified", "session_id")


@dataclass(frozen=True)
class Attacker:
    """Who asks, and whose rows are his own.

    Args:
        identity: what is put on.
        world: the tenant that he belongs to; None: none.
        elevated: a column of a table without tenants, or a claim, gives him more rights everywhere: a guess.
        before: statements of a superuser that come first, such as one that ends a membership.
        also: further tenants that he belongs to.
        contrast: name of an attacker whose reach is no fault of this one's.
        own: keys of rows that are his own, whatever tenant they are in.
    """

    identity: Identity
    world: str | None = None
    elevated: bool = False
    before: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    contrast: str = ""

    def owns(self, values: Iterable[str | None]) -> bool:
        """Tell whether a row of these values is his own by one of his keys."""
        return bool(self.own) and any(value in self.own for value in values)

    @property
    def worlds(self) -> tuple[str | None, ...]:
        """Whose rows are no others' to him."""
        return (None, self.world, *self.also)

    @property
    def name(self) -> str:
        """What reports call him."""
        return self.identity.name


class Players:
    """Makes identities out of an arena's worlds."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._cast = arena.cast
        self._classes = [each for each in arena.discovery.classes if each.tied and each.asked]
        self._elevated = _elevated(arena)
        self._tokens = any(each.claims for each in self._classes) or arena.cast.anonymous is not None

    def member(self, world: World, *, user: int = 0) -> Attacker:
        """Return user number `user` of a tenant, with all keys of it."""
        name = f"member of {world.name}" if not user else f"member {user + 1} of {world.name}"
        claims: dict[str, Any] = {}
        settings: dict[str, str] = {}
        role = self._cast.member
        for each in self._classes:
            values = world.keys.get(each.name, ())
            if values:
                value = values[user % len(values)]
                role = value if ROLE in each.nodes else role
                self._put(each, value, claims, settings)
        return self._attacker(name, role, claims, settings, world.name, user)

    def users(self, world: World) -> Iterator[Attacker]:
        """Return every user of a tenant that the rows know of."""
        for user in range(max((len(values) for values in world.keys.values()), default=1)):
            yield self.member(world, user=user)

    def _put(self, each: KeyClass, value: str, claims: dict[str, Any], settings: dict[str, str]) -> None:
        lists = self._arena.discovery.facts.lists
        for claim in each.claims:
            put(claims, claim.path, [value] if claim in lists else value)
        for setting in each.settings:
            if setting != ROLE:
                put_setting(settings, setting, json.dumps([value]) if setting in lists and not setting.path else value)

    def _attacker(
        self,
        name: str,
        role: str,
        claims: Mapping[str, Any],
        settings: Mapping[str, str],
        world: str | None,
        user: int,
    ) -> Attacker:
        token = json.dumps({"role": role, "sub": STRANGER} | dict(claims), sort_keys=True) if self._tokens else None
        identity = Identity(name, role, token, tuple(sorted(settings.items())))
        return Attacker(identity, world, (world, user) in self._elevated)

    def anonymous(self) -> Attacker | None:
        """Return a visitor without a login; None where the platform has none."""
        role = self._cast.anonymous
        return Attacker(Identity(role, role, json.dumps({"role": role}))) if role else None

    def service(self) -> Attacker | None:
        """Return the back end itself, whose role passes row-level security by; None where there is none."""
        role = self._cast.service
        return Attacker(Identity(role, role, json.dumps({"role": role})), elevated=True) if role else None

    def claimless(self) -> Attacker:
        """Return a login whose token says nothing of a tenant; of a user that nobody knows, where users are asked."""
        name = "login without claims" if self._tokens else "caller without settings"
        return self._attacker(name, self._cast.member, {}, {}, None, 0)

    def others(self) -> Iterator[Attacker]:
        """Return a member of the first tenant in each further role that requests may come as."""
        first = self.member(self._arena.worlds[0])
        for role in self._cast.others:
            own = first.identity
            yield Attacker(Identity(f"member of A as {role}", role, own.claims, own.settings), "A")

    def stronger(self, world: World) -> Attacker | None:
        """Return a member who came by a stronger login, where a policy asks for one."""
        return self._with_literals(world, "with a stronger login", strength=True)

    def privileged(self, world: World) -> Attacker | None:
        """Return a member with every literal that a policy wants of the token; None where none does."""
        return self._with_literals(world, "with privileges", strength=False)

    def _with_literals(self, world: World, name: str, *, strength: bool) -> Attacker | None:
        claims: dict[str, Any] = json.loads(self.member(world).identity.claims or "{}")
        wanted = {
            node: next((value for value in values if value), None)
            for node, values in self._arena.discovery.facts.values.items()
            if isinstance(node, Claim) and node.path not in ((), ("role",), ("sub",)) and not self._is_key(node)
            if strength is (node.path[0] in _STRENGTH)
        }
        if not any(wanted.values()):
            return None
        for claim, value in wanted.items():
            if value:
                put(claims, claim.path, True if value == "true" else value)
        base = self.member(world)
        identity = replace(base.identity, name=f"{base.name} {name}", claims=json.dumps(claims))
        return Attacker(identity, world.name, elevated=not strength)

    def _is_key(self, node: Claim | Setting) -> bool:
        return any(node in each.nodes for each in self._classes)


def put_setting(settings: dict[str, str], setting: Setting, value: str) -> None:
    """Set a setting, or what lies at its path where it holds JSON."""
    if not setting.path:
        settings[setting.name] = value
        return
    document = json.loads(settings.get(setting.name) or "{}")
    put(document, setting.path, value)
    settings[setting.name] = json.dumps(document)


def _elevated(arena: Arena) -> frozenset[tuple[str | None, int]]:
    """Which users have rights everywhere, by their world and number."""
    found = set()
    for node, values in favours(arena.discovery).items():
        for row in arena.rows.get(node.relation, ()):
            if row.values.get(node.column) in {*values, *("t" for value in values if value == "true")}:
                found |= {(row.world, user) for user in _numbers(arena, row.world, row.values.values())}
    return frozenset(found)


def _numbers(arena: Arena, world: str | None, values: Any) -> Iterator[int]:
    present = set(values)
    for each in arena.worlds:
        if each.name == world:
            for name, keys in each.keys.items():
                if any(known.name == name and known.of_users for known in arena.discovery.classes):
                    yield from (number for number, key in enumerate(keys) if key in present)
