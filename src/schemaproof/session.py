"""One run's server, platform and target in one hand; the databases made of them, kept as templates and cloned."""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import psycopg

from schemaproof.config import Target
from schemaproof.database import Database, unique_name
from schemaproof.errors import UsageError
from schemaproof.leftovers import Claim, drop_leftovers, new_run
from schemaproof.migrations import check_syntax, up
from schemaproof.platform import Part, Platform, load_platform
from schemaproof.server import Server, ServerSpec, attach_server, open_server

if TYPE_CHECKING:
    from schemaproof.volume import Model, Progress

__all__ = ["SESSION_VARIABLE", "Session", "attach", "open_session", "sample_loader"]

# Holds the handle, as JSON, of a session that a process should join. An environment is its user's alone to read.
SESSION_VARIABLE = "SCHEMAPROOF_SESSION"
_VOLUME = "volume_"


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

    def base(self) -> Database:
        """Return a new database with what the platform gives, and no migration."""
        return self._clone("base", self._make_base)

    def fresh(self) -> Database:
        """Return a new database with every migration applied; raises MigrationError where one fails."""
        return self._clone("template", self._make_template)

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

    @contextmanager
    def scratch(self, make: Callable[[], Database]) -> Iterator[Database]:
        """Lend a clone, as in `with session.scratch(session.fresh) as database`, and drop it afterwards."""
        database = make()
        try:
            yield database
        finally:
            self._made.remove(database)
            database.drop()

    def drop(self, database: Database) -> None:
        """Drop a clone before the session ends."""
        self._made.remove(database)
        database.drop()

    def parts(self) -> tuple[Part, ...]:
        """Return what the migrated schema uses of the platform, or the platform alone where nothing is migrated yet."""
        with (
            self.scratch(self.fresh if "template" in self._templates else self.base) as database,
            database.connect() as connection,
        ):
            return self.platform.parts(connection)

    def handle(self) -> dict[str, Any]:
        """Return what another process needs to join, as JSON takes it. It holds passwords: keep it off the disk."""
        self.template_name()
        return {
            "server": self.server.handle(),
            "platform": self.platform.name,
            "templates": dict(self._templates),
            "run": self.run,
        }

    def claim(self) -> None:
        """Have other runs leave this one's databases alone, on a server that others use too."""
        self._claim = Claim(self.server, self.run)

    def drop_all(self) -> None:
        """Drop every database that this session made."""
        while self._made:
            self._made.pop().drop()
        self._templates.clear()

    def close(self) -> None:
        """Drop what this session made on a server that stays, and let go of the server."""
        with ExitStack() as stack:
            stack.callback(self.server.close)
            if self._claim is not None:
                stack.callback(self._claim.close)
            if not self.server.owned:
                self.drop_all()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _clone(self, kind: str, make: Callable[[Database], object]) -> Database:
        template = self._template(kind, make)
        database = Database.create(self.server, unique_name(kind, run=self.run), template=template)
        self._made.append(database)
        return database

    def _template(self, kind: str, make: Callable[[Database], object]) -> str:
        if kind not in self._templates:
            parent = "template" if kind.startswith(_VOLUME) else {"template": "base", "sample": "template"}.get(kind)
            source = self._template(parent, self._makers()[parent]) if parent else None
            owner = None if source else self.platform.migration_role
            database = Database.create(self.server, unique_name(kind, run=self.run), template=source, owner=owner)
            self._made.append(database)
            make(database)
            self._templates[kind] = database.name
        return self._templates[kind]

    def _makers(self) -> dict[str, Callable[[Database], None]]:
        return {"base": self._make_base, "template": self._make_template, "sample": self._make_sample}

    def _make_base(self, database: Database) -> None:
        with database.connect() as connection:
            self.platform.install(connection)

    def _make_template(self, database: Database) -> None:
        with self.connect_migrator(database) as connection:
            check_syntax(connection, self.target.history)
            up(connection, self.target.history)

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

    Roles that the platform needs are created on a server that schemaproof started; on one that it did not, only with
    `create_roles`. Databases there that a killed run left are dropped.

    Raises:
        ServerError: no server, or one that does not do.
        UsageError: roles are missing on a server that stays, and `create_roles` was not given.
    """
    platform = load_platform(target.platform)
    spec = replace(spec, extensions=platform.extensions)
    with ExitStack() as stack:
        server = open_server(spec)
        stack.callback(server.close)
        _prepare_roles(server, platform, may_create=server.owned or create_roles)
        session = Session(server, platform, target)
        if not server.owned:
            drop_leftovers(server)
            session.claim()
        stack.pop_all()
    return session


def _prepare_roles(server: Server, platform: Platform, *, may_create: bool) -> None:
    with server.connect() as connection:
        platform.refuse_unfit(connection)
        missing = platform.missing_roles(connection)
        if missing and not may_create:
            raise UsageError(
                f"the platform {platform.name!r} needs roles that this server lacks: {', '.join(missing)}",
                remedy="Roles belong to the whole server. Give --create-roles to have them created there.",
            )
        if missing:
            platform.create_roles(connection)


def attach(handle: Mapping[str, Any], target: Target) -> Session:
    """Join the session of which another process gave the handle; closing it drops only what it made itself."""
    return Session(
        attach_server(handle["server"]),
        load_platform(handle["platform"]),
        target,
        dict(handle["templates"]),
        run=handle["run"],
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
