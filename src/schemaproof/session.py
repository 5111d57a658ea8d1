"""One run's server, platform and target in one hand; the databases made of them, kept as templates and cloned."""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import psycopg

from schemaproof.catalogue import own_schemas
from schemaproof.cluster_roles import drop_made_roles, prepare_roles
from schemaproof.config import Target
from schemaproof.database import Database, unique_name
from schemaproof.errors import UsageError
from schemaproof.leftovers import Claim, drop_leftovers, new_run
from schemaproof.migrations import BEFORE_FIRST, LEDGER_SCHEMA, check_syntax, up
from schemaproof.platform import Part, Platform, forget_default_privileges, load_platform
from schemaproof.server import Server, ServerSpec, attach_server, open_server

if TYPE_CHECKING:
    from schemaproof.volume import Model, Progress

__all__ = ["SESSION_VARIABLE", "Session", "attach", "open_session", "sample_loader"]

# Holds the handle, as JSON, of a session that a process should join. An environment is its user's alone to read.
SESSION_VARIABLE = "SCHEMAPROOF_SESSION"
_VOLUME = "volume_"
_AT = "at_"


@dataclass
class Session:
    """A server prepared for one target.

    `base`, `template` and `sampled_template` are made when they are first asked for and never connected to
    afterwards; tests and checks get clones. Every database's name holds `run`, whichever process makes it.
    """

    server: Server
    platform: Platform
    target: Target
    _templates: dict[str, str] = field(default_factory=dict)
    run: str = field(default_factory=new_run)
    _made: list[Database] = field(default_factory=list)
    _claim: Claim | None = None
    _found: tuple[str, ...] | None = None
    _made_roles: frozenset[str] = frozenset()
    _others: dict[str, "Session"] = field(default_factory=dict)

    @property
    def schemas(self) -> tuple[str, ...]:
        """The project's schemas: those that the settings name, or `public` and what the migrations make."""
        if self.target.schemas:
            return self.target.schemas
        if self._found is None:
            self.template_name()
        assert self._found is not None  # of the template
        return self._found

    @property
    def can_start_over(self) -> bool:
        """Whether the migrations can run a second time: where they make roles, that takes another server."""
        return self.server.is_ours or not self.target.role_use

    def base(self) -> Database:
        """Return a new database with what the platform gives, and no migration.

        Where the migrations touch roles, which a server has once, it is on a server of its own.
        """
        if not self.target.role_use:
            return self._clone("base", self._make_base)
        other = open_session(self.target, self.spec_of_another())
        database = other._clone("base", other._make_base)
        self._others[database.name] = other
        return database

    def fresh(self) -> Database:
        """Return a new database with every migration applied; raises MigrationError where one fails."""
        return self._clone("template", self._make_template)

    def at(self, number: int) -> Database:
        """Return a new database at a revision: with the first `number` migrations of the history applied.

        Each revision is kept as a template, made of the newest one below it. Raises MigrationError where one fails.
        """
        if self.target.role_use:
            database = self.base()
            self._climb(database, number)
            return database
        return self._clone(f"{_AT}{number}", lambda database: self._climb(database, number))

    def sampled(self) -> Database:
        """Return a new migrated database that holds the project's sample data; raises UsageError without any."""
        return self._clone("sample", self._make_sample)

    def loaded(self, profile: str, *, seed: int = 0, progress: "Progress | None" = None) -> Database:
        """Return a new migrated database that holds the volume of a profile; see `schemaproof.volume.load`.

        The first one of a profile and seed is loaded and kept as a template.

        Raises:
            UsageError: no such profile, a model that does not fit the schema, too little space, numpy is missing.
        """
        volume = _volume()
        model = self.volume_model()
        kind = f"{_VOLUME}{profile}_{seed}_{model.fingerprint(self.target.fingerprint())}"
        return self._clone(kind, lambda database: volume.load(database, model, profile, seed=seed, progress=progress))

    def volume_model(self) -> "Model":
        """Return the model of the project's volume, which the setting `volume` names, or one made of the catalogue."""
        if self.target.volume is None:
            return self._default_volume
        model: Model = _volume().load_model(self.target.volume, root=self.target.root)
        return model

    @cached_property
    def _default_volume(self) -> "Model":
        with self.scratch(self.fresh) as database, database.connect() as connection:
            model: Model = _volume().default_model(connection, self.target.schemas)
        return model

    def template_name(self) -> str:
        """Return the migrated template's name, made if need be."""
        return self._template("template", self._make_template)

    def connect_migrator(self, database: Database) -> psycopg.Connection:
        """Connect as the role that runs migrations on this platform."""
        return database.connect(role=self.platform.migration_role)

    def migrate(self, connection: psycopg.Connection) -> None:
        """Apply every migration to an empty database of the platform."""
        role = self.platform.migration_role
        if role and self.target.folder.states_privileges:
            forget_default_privileges(connection, role, but=self.platform.holdings.schemas)
        up(connection, self.target.history)

    @contextmanager
    def scratch(self, make: Callable[[], Database]) -> Iterator[Database]:
        """Lend a clone, as in `with session.scratch(session.fresh) as database`, and drop it afterwards."""
        database = make()
        try:
            yield database
        finally:
            self.drop(database)

    def drop(self, database: Database) -> None:
        """Drop a clone before the session ends."""
        if other := self._others.pop(database.name, None):
            other.close()
            return
        self._made.remove(database)
        database.drop()

    def spec_of_another(self) -> ServerSpec:
        """Return what starts one more server like this session's; raises UsageError where it was not started."""
        if not self.server.is_ours:
            raise UsageError(
                "this takes a server of its own, which is none that exists already",
                remedy="Leave out the DSN: schemaproof then starts the servers that it needs.",
            )
        return ServerSpec(
            kind=self.server.kind,
            version=self.server.version // 10000,
            superuser=self.platform.superuser,
            extensions=self.platform.extensions,
            image=self.server.image,
        )

    def parts(self) -> tuple[Part, ...]:
        """Return what the migrated schema uses of the platform, or the platform alone where nothing is migrated yet."""
        make = self.fresh if "template" in self._templates else partial(self._clone, "base", self._make_base)
        with self.scratch(make) as database, database.connect() as connection:
            return self.platform.parts(connection)

    def handle(self) -> dict[str, Any]:
        """Return what another process needs to join, as JSON takes it. It holds passwords: keep it off the disk."""
        self.template_name()
        return {
            "server": self.server.handle(),
            "platform": self.platform.name,
            "templates": dict(self._templates),
            "run": self.run,
            "schemas": list(self.schemas),
        }

    def claim(self) -> None:
        """Have other runs leave this one's databases alone, on a server that others use too."""
        self._claim = Claim(self.server, self.run)

    def beside(self, target: Target) -> "Session":
        """Return a session of another target of this platform on this server; it clones the base of this one."""
        base = self._template("base", self._make_base)
        return Session(self.server, self.platform, target, {"base": base}, run=self.run)

    def drop_all(self) -> None:
        """Drop every database that this session made."""
        self._close_others()
        while self._made:
            self._made.pop().drop()
        self._templates.clear()

    def close(self) -> None:
        """Drop what this session made on a server that stays, and let go of the server."""
        with ExitStack() as stack:
            stack.callback(self.server.close)
            if self._claim is not None:
                stack.callback(self._claim.close)
            if self._made_roles:
                stack.callback(drop_made_roles, self.server, self._made_roles)
            if not self.server.owned:
                self.drop_all()
            self._close_others()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _close_others(self) -> None:
        while self._others:
            self._others.popitem()[1].close()

    def _clone(self, kind: str, make: Callable[[Database], object]) -> Database:
        template = self._template(kind, make)
        database = Database.create(self.server, unique_name(kind, run=self.run), template=template)
        self._made.append(database)
        return database

    def _template(self, kind: str, make: Callable[[Database], object]) -> str:
        if kind not in self._templates:
            parent = self._parent(kind)
            source = self._made_template(parent) if parent else None
            owner = None if source else self.platform.migration_role
            database = Database.create(self.server, unique_name(kind, run=self.run), template=source, owner=owner)
            self._made.append(database)
            make(database)
            self._templates[kind] = database.name
        return self._templates[kind]

    def _made_template(self, kind: str) -> str:
        return self._templates.get(kind) or self._template(kind, self._makers()[kind])

    def _parent(self, kind: str) -> str | None:
        if kind.startswith(_VOLUME):
            return "template"
        if kind.startswith(_AT):
            made = (int(name.removeprefix(_AT)) for name in self._templates if name.startswith(_AT))
            below = max((number for number in made if number < int(kind.removeprefix(_AT))), default=None)
            return "base" if below is None else f"{_AT}{below}"
        return {"template": "base", "sample": "template"}.get(kind)

    def _makers(self) -> dict[str, Callable[[Database], None]]:
        return {"base": self._make_base, "template": self._make_template, "sample": self._make_sample}

    def _climb(self, database: Database, number: int) -> None:
        to = self.target.history[number - 1].version if number else BEFORE_FIRST
        with self.connect_migrator(database) as connection:
            up(connection, self.target.history, to=to)

    def _make_base(self, database: Database) -> None:
        with database.connect() as connection:
            self.platform.install(connection)

    def _make_template(self, database: Database) -> None:
        with self.connect_migrator(database) as connection:
            check_syntax(connection, self.target.history)
            before = own_schemas(connection) - {"public"}
            self.migrate(connection)
            found = own_schemas(connection) - {*before, LEDGER_SCHEMA, *self.platform.holdings.schemas}
            self._found = tuple(sorted(found, key=lambda name: (name != "public", name)))

    def _make_sample(self, database: Database) -> None:
        load = sample_loader(self.target)
        with database.connect(autocommit=False) as connection:
            load(connection)
        with database.connect() as connection:
            connection.execute("analyze")


def _volume() -> ModuleType:
    """Return the part `volume`, which needs numpy."""
    try:
        return importlib.import_module("schemaproof.volume")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{error.name} is not installed", remedy="Install what volume needs: pip install 'schemaproof[bench]'."
        ) from error


def open_session(target: Target, spec: ServerSpec, *, create_roles: bool = False) -> Session:
    """Start or reach the server of `spec` and prepare it for `target`.

    Roles that the platform needs, or a dump names, are created on a server that schemaproof started; on one that it did
    not, only with `create_roles`, and those that the target brought are dropped at the end. Databases there that a
    killed run left are dropped.

    Raises:
        ServerError: no server, or one that does not do.
        UsageError: roles are missing on a server that stays, or the migrations make some, and `create_roles` was not
            given; or the migrations change roles there that they do not make.
    """
    platform = load_platform(target.platform)
    spec = replace(spec, extensions=platform.extensions, superuser=platform.superuser)
    if spec.kind == "container" and spec.image is None:
        spec = replace(spec, image=platform.image)
    with ExitStack() as stack:
        server = open_server(spec)
        stack.callback(server.close)
        if not server.owned:
            drop_leftovers(server)  # before the roles: they may own what is in there
        made_roles = prepare_roles(server, platform, target, may_create=create_roles)
        session = Session(server, platform, target)
        if not server.owned:
            session.claim()
            session._made_roles = made_roles
        stack.pop_all()
    return session


def attach(handle: Mapping[str, Any], target: Target) -> Session:
    """Join the session of which another process gave the handle; closing it drops only what it made itself."""
    return Session(
        attach_server(handle["server"]),
        load_platform(handle["platform"]),
        target,
        dict(handle["templates"]),
        run=handle["run"],
        _found=tuple(handle["schemas"]),
    )


def sample_loader(target: Target) -> Callable[[psycopg.Connection], object]:
    """Return what fills a migrated database with the target's sample data."""
    if target.sample is None:
        raise UsageError(
            "the project has no sample data",
            remedy="Set `sample` to a .sql file or to module:function in the settings.",
        )
    if target.sample.endswith(".sql"):
        return _sql_loader(target.root / target.sample)
    return _function_loader(target)


def _sql_loader(path: Path) -> Callable[[psycopg.Connection], object]:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UsageError(f"sample data {path}: {error.strerror}", remedy="Mend `sample` in the settings.") from error
    return lambda connection: connection.execute(text)


def _function_loader(target: Target) -> Callable[[psycopg.Connection], object]:
    module, _, name = (target.sample or "").partition(":")
    if (root := str(target.root)) not in sys.path:
        sys.path.insert(0, root)
    try:
        loader: Callable[[psycopg.Connection], object] = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"sample data {target.sample!r}: {error}",
            remedy="`sample` is a .sql file, or module:function importable from the folder of the settings file.",
        ) from error
    return loader
