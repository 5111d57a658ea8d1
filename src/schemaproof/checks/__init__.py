"""The checks: one kind of harm a file; each looks at the target through the session and yields findings."""

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from schemaproof.attack import Arena, Attacker, Borrowing, Campaign, Legend, Players, borrow, open_arena
from schemaproof.catalogue import Catalogue, ObjectKey, take_catalogue
from schemaproof.config import Target
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Finding, Level, Location
from schemaproof.origins import Origins, Touches
from schemaproof.policies import Policy, read_policies
from schemaproof.reach import Reach, read_reach
from schemaproof.routines import Routines
from schemaproof.session import Session
from schemaproof.surface import read_routines
from schemaproof.tenancy import summary

__all__ = ["Check", "Context", "NotApplicable", "all_checks", "check", "select_checks"]

# The platform's, whose functions tell who is asking.
_HELPERS = ("auth",)
# Who was granted something on a relation of the project, its owner, superusers and holders of BYPASSRLS aside.
_GRANTEES = """
    select distinct coalesce(r.rolname::text, 'public')
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    cross join pg_catalog.aclexplode(c.relacl) as a
    left join pg_catalog.pg_roles as r on r.oid = a.grantee
    where a.grantee <> c.relowner and not coalesce(r.rolsuper or r.rolbypassrls, false)
    order by 1
"""


class NotApplicable(Exception):  # noqa: N818 - it is no error: the check has nothing to say about this target
    """Raised by a check that does not hold for this target, with the reason."""


@dataclass
class Context:
    """What a check may use.

    Args:
        session: the server and the databases of this run.
        proved: how many of what the running check looked at (`probes`, `tables`, `steps`); with none of anything it has
            proved nothing.
        cells: rows of the behaviour matrix that the running check saw.
        numbers: places in the history of the migrations that are to be proved step by step; None: all.
        fatal: statements that ended the session of the attacks, and are not sent again.
        endings: how many sessions were ended.
    """

    session: Session
    numbers: Sequence[int] | None = None
    proved: Counter[str] = field(default_factory=Counter)
    cells: list[dict[str, object]] = field(default_factory=list)
    fatal: list[str] = field(default_factory=list)
    endings: int = 0
    _open: ExitStack = field(default_factory=ExitStack)
    _attacks: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Context":
        return self

    def __exit__(self, *_: object) -> None:
        with self._open:
            self._attacks.close()

    @property
    def ended(self) -> bool:
        """Tell whether an attack ended the session that all attacks run in."""
        return "arena" in vars(self) and self.arena.wire.ended

    def abandon(self) -> None:
        """Give up the arena, whose session has ended; the next check that asks for one fills it anew."""
        self.endings += 1
        with suppress(psycopg.OperationalError):
            self._attacks.close()
        for name in ("arena", "campaign", "member", "borrowings", "_legend"):
            vars(self).pop(name, None)

    @cached_property
    def arena(self) -> Arena:
        """A database filled for several tenants, to be attacked; filled once a run."""
        return self._attacks.enter_context(open_arena(self.session, self.schemas, fatal=self.fatal))

    @cached_property
    def campaign(self) -> Campaign:
        """Every attacker against every table of the arena, once a run."""
        return Campaign.run(self.arena)

    @cached_property
    def member(self) -> Attacker:
        """The first user of tenant A."""
        return Players(self.arena).member(self.arena.worlds[0])

    @cached_property
    def borrowings(self) -> tuple[Borrowing, ...]:
        """What a member of A wrote with values of B's, once a run."""
        return tuple(borrow(self.arena, self.member, "B"))

    @cached_property
    def _legend(self) -> Legend:
        return Legend(self.arena)

    def explained(self, found: Finding) -> Finding:
        """Return a finding whose statements to paste say which of their values are of the attacks' own database."""
        if "arena" not in vars(self) or "begin;" not in found.detail.splitlines():
            return found
        return replace(found, detail=self._legend.comment(found.detail) + found.detail)

    @property
    def tenancy(self) -> dict[str, Any] | None:
        """How tenants are told apart, as JSON values; None where no check asked for it."""
        arena = vars(self).get("arena")
        return summary(arena.discovery) if arena is not None else None

    def first_trigger(self, label: str) -> str | None:
        """Return the first row trigger of a table, as the catalogue names it."""
        names = (name for name in self.catalogue.of_kind("trigger") if name.startswith(f"{label}."))
        return next(names, None)

    @property
    def steps(self) -> Sequence[int]:
        """Places in the history of the migrations that are proved step by step.

        Raises:
            NotApplicable: there are none.
        """
        steps = range(len(self.target.history)) if self.numbers is None else self.numbers
        if not steps:
            raise NotApplicable("no migration is new")
        return steps

    @property
    def target(self) -> Target:
        """The schema under test."""
        return self.session.target

    @property
    def schemas(self) -> tuple[str, ...]:
        """The project's schemas."""
        return self.session.schemas

    @cached_property
    def connection(self) -> psycopg.Connection:
        """A superuser's connection to one migrated database that the checks share: for reading only.

        Its search_path is empty, so that PostgreSQL writes every name with its schema.
        """
        connection = self._open.enter_context(self.session.fresh().connect())
        connection.execute("set search_path to pg_catalog, pg_temp; set jit to off")
        return connection

    @cached_property
    def asking_roles(self) -> tuple[str, ...]:
        """The roles that requests come as: the platform's and the settings'; without any, whoever was granted a table.

        `public`, for everyone, can only be among the latter.
        """
        if self.session.platform.api_roles:
            named = (*self.session.platform.api_roles, self.target.roles.anonymous, self.target.roles.member)
            query = "select rolname::text from pg_catalog.pg_roles where rolname = any (%(named)s)"
            known = {name for (name,) in self.connection.execute(query, {"named": list(named)})}
            return tuple(name for name in dict.fromkeys(named) if name in known)
        return tuple(name for (name,) in self.connection.execute(_GRANTEES, {"schemas": list(self.schemas)}))

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The policies of the migrated schema."""
        return read_policies(self.connection)

    @cached_property
    def reach(self) -> dict[tuple[str, str], Reach]:
        """What the asking roles may do, by relation and role; a relation that a role cannot reach is not there."""
        return read_reach(self.connection, self.asking_roles)

    @cached_property
    def routines(self) -> Routines:
        """The functions and procedures of the migrated schema, and which of the asking roles may call each."""
        return Routines(read_routines(self.connection, (*self.schemas, *_HELPERS), self.asking_roles))

    def read(self, query: str, **parameters: object) -> list[Any]:
        """Return a catalogue query's rows as named tuples; it may name `schemas` (the project's), `roles` (asking)."""
        known = {"schemas": list(self.schemas), "roles": list(self.asking_roles)}
        with self.connection.cursor(row_factory=namedtuple_row) as cursor:
            return cursor.execute(query, known | parameters).fetchall()

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue of the migrated schema, taken once a run."""
        return take_catalogue(self.connection)

    @cached_property
    def origins(self) -> Origins:
        """Which statement of which migration made an object."""
        return Origins.of(statement for migration in self.target.history for statement in migration.statements)

    @cached_property
    def _changes(self) -> tuple[frozenset[Path], Touches]:
        """Files of the older migrations, and what the statements of the new ones deal with."""
        new = set(() if self.numbers is None else self.numbers)
        history = [*enumerate(self.target.history)]
        older = frozenset(each.path for number, each in history if number not in new)
        return older, Touches.of(
            statement for number, each in history if number in new for statement in each.statements
        )

    def placed(self, found: Finding) -> Finding:
        """Return a finding of a change with the new statement that brought it about, as far as that can be told.

        Where no migration is new, or the project accepts it where it is, it stays as it is; so does one whose place is
        in a new file already, or in none of the migrations.
        """
        if self.numbers is None or self.target.reason_to_accept(found) is not None:
            return found
        older, touches = self._changes
        if found.location is not None and found.location.path not in older:
            return found
        there = touches.find(found.object) or touches.called(self._expressions(found.object))
        return replace(found, location=there) if there else found

    def _expressions(self, relation: str) -> str:
        """What the policies of a relation, or of the one that a part is of, ask."""
        own = (each for each in self.policies if relation == each.table or relation.startswith(f"{each.table}."))
        return "\n".join(text for each in own for text in (each.using, each.check) if text)

    def count(self, what: str, number: int, otherwise: str) -> None:
        """Note how many of what the check looks at.

        Raises:
            NotApplicable: there are none; `otherwise` says what that means.
        """
        if not number:
            raise NotApplicable(otherwise)
        self.proved[what] += number

    def locate(self, kind: str, name: str) -> Location | None:
        """Return the file and line that made an object."""
        return self.origins.find(ObjectKey(kind, name))

    def locate_grant(self, kind: str, name: str, role: str, privilege: str) -> Location | None:
        """Return the file and line that granted a privilege on an object to a role, or else made the object."""
        key = ObjectKey(kind, name)
        return self.origins.grant(key, role, privilege=privilege) or self.origins.find(key)


@dataclass(frozen=True)
class Check:
    """A named proof.

    Args:
        name: its module's.
        harm: its docstring.
        level: the heaviest that its findings may be; what it holds for less certain, it yields at a lighter one.
        run: yields what it found.
        stepwise: it proves the migrations of `Context.steps`, one by one, and not the schema that they make.
    """

    name: str
    harm: str
    level: Level
    run: Callable[[Context], Iterable[Finding]]
    stepwise: bool = False

    @property
    def summary(self) -> str:
        """The first line of the harm."""
        return self.harm.partition("\n")[0]


def check(*, level: Level, stepwise: bool = False) -> Callable[[Callable[[Context], Iterable[Finding]]], Check]:
    """Make a check of a module's function: named after the module, its docstring the harm that it prevents.

    Args:
        level: the heaviest that a finding of it may be; `Level.ERROR` where it proves the harm and should fail the run.
        stepwise: it proves the migrations of `Context.steps`, one by one.
    """

    def declare(function: Callable[[Context], Iterable[Finding]]) -> Check:
        name = function.__module__.rpartition(".")[2]
        return Check(name, inspect.getdoc(function) or "", level, function, stepwise)

    return declare


@cache
def all_checks() -> tuple[Check, ...]:
    """Return every check of the package, in the order in which a reader wants them: first what the others stand on."""
    ranks = {name: rank for rank, name in enumerate(_FIRST)}
    return tuple(sorted(_discover(), key=lambda found: (ranks.get(found.name, len(ranks)), found.name)))


_FIRST = ("build", "ledger", "stairway", "snapshot")


def select_checks(names: Iterable[str]) -> tuple[Check, ...]:
    """Return the checks of these names after the build that they stand on, or all where none is given.

    Raises:
        UsageError: a name that no check has.
    """
    checks = {found.name: found for found in all_checks()}
    wanted = dict.fromkeys(("build", *names) if names else checks)
    for name in wanted:
        if name not in checks:
            remedy = did_you_mean(name, checks, otherwise=f"Checks: {', '.join(checks)}.")
            raise UsageError(f"no check is called {name!r}", remedy=remedy)
    return tuple(checks[name] for name in wanted)


def _discover() -> Iterator[Check]:
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        yield from (value for value in vars(loaded).values() if isinstance(value, Check))
