"""The settings of a project, from pyproject.toml or schemaproof.toml: what is under test; a typo is never ignored."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from schemaproof import __version__
from schemaproof.baseline import BASELINE_FILE, Baseline
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Finding, Location
from schemaproof.migrations import (
    DefectsError,
    Folder,
    Migration,
    MigrationError,
    RoleUse,
    Statement,
    read_file,
    read_folder,
    survey_folder,
)
from schemaproof.platform import load_platform
from schemaproof.suppression import Exclusion, Remark, read_remarks

__all__ = ["PATHS", "SETTINGS_FILES", "Lint", "Roles", "Target", "Tenancy", "load_target"]

# Settings that name a file or a folder.
PATHS = ("migrations", "rollbacks", "snapshot", "behaviour", "volume", "queries", "suites", "requirements", "baseline")
SETTINGS_FILES = ("schemaproof.toml", "pyproject.toml")
_DEFAULT_MIGRATIONS = "supabase/migrations"


# What holds for no other project's migrations.
@dataclass(frozen=True)
class Tenancy:
    """How tenants are told apart: a column in every table that holds tenants' data, and the JWT claim that names it."""

    column: str | None = None
    claim: str | None = None


@dataclass(frozen=True)
class Roles:
    """The roles that requests come as; the platform's own unless the settings name others."""

    anonymous: str = "anon"
    member: str = "authenticated"
    service: str = "service_role"


@dataclass(frozen=True)
class Lint:
    """How the text of migrations is looked at.

    Args:
        squawk: whether squawk's rules run too: they do where it is installed, unless this says otherwise.
        squawk_exclude: rules of squawk that do not.
        exclude: rules of schemaproof that do not.
    """

    squawk: bool | None = None
    squawk_exclude: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """The schema under test: its files, its platform, and what tells its tenants apart.

    Args:
        root: folder of the settings file; relative paths in it start there.
        migrations: folder of the forward migrations, or a single SQL file.
        rollbacks: folder of the rollbacks, if the project has any.
        snapshot: committed dump of the schema, checked for staleness.
        behaviour: committed matrix of who reaches what, checked for cells that have become wider.
        platform: name of the platform, `supabase` or `plain`.
        sample: `module:function` or a `.sql` file that fills a database with rows of two tenants or more.
        volume: file of the model of how many rows of what shape the tables are to hold; docs/volume.md.
        queries: folder of the query catalogue; baselines lie beside it; docs/queries.md.
        suites: folder of the project's own pytest suites.
        workers: how many processes of pytest-xdist run the suites.
        requirements: Markdown file whose clauses the checks and suites prove.
        schemas: schemas that belong to the project; none named: `public` and those that the migrations make.
        baseline: file of the findings that later runs know; the default one need not be there.
        settings: the settings file, if there is one.
        lint: how the text of migrations is looked at; docs/lint.md.
        conventions: whether the project is held to the house rules of names and forms: to all, or to those named.
        lenient: read what can be read: files with defects are left out of `folder` and told there, and rollbacks may
            be missing; `schemaproof gate` tells of what is new.
    """

    root: Path
    migrations: Path
    rollbacks: Path | None = None
    snapshot: Path | None = None
    behaviour: Path | None = None
    platform: str = "supabase"
    sample: str | None = None
    volume: Path | None = None
    queries: Path | None = None
    suites: Path | None = None
    workers: int = 1
    requirements: Path | None = None
    schemas: tuple[str, ...] = ()
    conventions: bool | tuple[str, ...] = False
    lint: Lint = field(default_factory=Lint)
    tenancy: Tenancy = field(default_factory=Tenancy)
    roles: Roles = field(default_factory=Roles)
    exclusions: tuple[Exclusion, ...] = ()
    baseline: Path | None = None
    settings: Path | None = field(default=None, compare=False)
    lenient: bool = field(default=False, compare=False)

    @cached_property
    def folder(self) -> Folder:
        """The migrations, and what was passed over among them; raises UsageError where the files are wrong."""
        if not self.is_file:
            return (survey_folder if self.lenient else read_folder)(self.migrations, self.rollbacks)
        if self.rollbacks is not None:
            raise UsageError(
                f"{self.relative(self.migrations)} is a single file, which no rollback undoes",
                remedy="Leave `rollbacks` out, or give a folder of migrations.",
            )
        try:
            return read_file(self.migrations, load_platform(self.platform).holdings)
        except DefectsError as error:
            if not self.lenient:
                raise
            return Folder((), defects=error.defects)

    @property
    def is_file(self) -> bool:
        """Whether a single file, such as a dump, stands for the migrations."""
        return self.migrations.exists() and not self.migrations.is_dir()

    @property
    def history(self) -> tuple[Migration, ...]:
        """The migrations in the order in which they run."""
        return self.folder.migrations

    @cached_property
    def role_use(self) -> RoleUse:
        """What the migrations do to roles, which belong to the whole server."""
        return RoleUse.of(self._statements())

    @property
    def expected_roles(self) -> frozenset[str]:
        """Roles that a single file names and does not make: a dump holds no roles."""
        return self.folder.roles

    def _statements(self) -> list[Statement]:
        """Every statement; of a file that cannot be cut into statements, none."""
        found: list[Statement] = []
        for migration in self.history:
            try:
                found += migration.statements
            except MigrationError:  # told by the check `build`
                continue
        return found

    def fingerprint(self) -> str:
        """Hash of everything that makes the migrated database what it is: engine, platform and migrations."""
        digest = hashlib.sha256(f"{__version__}\0{self.platform}".encode())
        for migration in self.history:
            digest.update(f"\0{migration.path.name}\0{migration.text}".encode())
            for rows in migration.rows:
                digest.update(f"\0{rows.text}".encode())
        return digest.hexdigest()[:16]

    def relative(self, path: Path) -> Path:
        """`path` as a reader of the project would write it."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path

    @cached_property
    def suppressions(self) -> tuple[Exclusion | Remark, ...]:
        """What the settings and comments in the migrations accept; raises UsageError where a comment is wrong."""
        return (*self.exclusions, *read_remarks(self.history))

    @cached_property
    def known(self) -> Baseline:
        """What the baseline holds; raises UsageError where it cannot be read, or the settings name one that is not."""
        if self.baseline is None or (self.baseline == self.root / BASELINE_FILE and not self.baseline.exists()):
            return Baseline()
        return Baseline.read(self.baseline)

    def reason_to_accept(self, finding: Finding) -> str | None:
        """Return why the project accepts a finding, as it says itself; None where it does not."""
        return next((each.reason for each in self.suppressions if each.covers(finding)), None)

    @property
    def root_in_repository(self) -> str:
        """`root` as the forge sees it, from the top of the Git repository: '' where it is the top, or there is none."""
        for folder in (self.root, *self.root.parents):
            if (folder / ".git").exists():
                below = self.root.relative_to(folder).as_posix()
                return "" if below == "." else below
        return ""

    def show(self, location: Location) -> str:
        """`file:line` as a reader of the project would write it."""
        return str(replace(location, path=self.relative(location.path)))


_T = TypeVar("_T", Tenancy, Roles)
# Of a target, what is no setting.
_NOT_SET = ("root", "exclusions", "settings", "lenient")
# Settings that hold for the migrations of the settings file, and for no others.
_OF_ITS_MIGRATIONS = {found.name for found in fields(Target)} - {"platform"} | {"exclude"}


def load_target(
    start: Path | None = None,
    *,
    config: Path | None = None,
    migrations: Path | None = None,
    rollbacks: Path | None = None,
    platform: str | None = None,
    baseline: Path | None = None,
) -> Target:
    """Read the settings that hold at `start` (default: here), overridden by the given options.

    The nearest schemaproof.toml, or pyproject.toml with a `[tool.schemaproof]` table, of `start` or a folder above it.
    Without one, `migrations` or a folder supabase/migrations must say where the schema is. Migrations given
    here are another project's: the settings file's rollbacks, snapshot, sample, suites, exclusions and baseline do not
    hold for them.

    Raises:
        UsageError: a file that is missing or no TOML, an unknown key, a value of the wrong type.
    """
    start = (start or Path.cwd()).resolve()
    path, settings = _read(config.resolve()) if config else _find(start)
    has_baseline = migrations is None or not settings
    if migrations is not None:
        settings = {key: value for key, value in settings.items() if key not in _OF_ITS_MIGRATIONS}
        settings["migrations"] = str(migrations.absolute())
    if rollbacks is not None:
        settings["rollbacks"] = str(rollbacks.absolute())
    if platform is not None:
        settings["platform"] = platform
    if has_baseline:
        settings.setdefault("baseline", BASELINE_FILE)
    if baseline is not None:
        settings["baseline"] = str(baseline.absolute())
    return _target(path, settings)


def _find(start: Path) -> tuple[Path, dict[str, Any]]:
    for folder in (start, *start.parents):
        for path in (folder / name for name in SETTINGS_FILES):
            if path.is_file() and (found := _read(path))[1]:
                return found
    return start / SETTINGS_FILES[0], {}


def _read(path: Path) -> tuple[Path, dict[str, Any]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"settings file {path}: {error.strerror}", remedy="Give --config a file that can be read."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"settings file {path} is not TOML: {error}", remedy="Mend the line it names.") from error
    settings = document.get("tool", {}).get("schemaproof", {}) if path.name == "pyproject.toml" else document
    return path, _table(settings, path, "tool.schemaproof")


def _target(path: Path, settings: Mapping[str, Any]) -> Target:
    _known(
        settings,
        (*(f.name for f in fields(Target) if f.name not in _NOT_SET), "exclude"),
        path,
    )
    root = path.parent
    values: dict[str, Any] = {"root": root, "migrations": root / _DEFAULT_MIGRATIONS}
    values["settings"] = path if path.is_file() else None
    for key, value in settings.items():
        values |= _value(key, value, path)
    if "migrations" not in settings and not values["migrations"].is_dir():
        raise UsageError(
            f"no migrations: {path} names none and there is no folder {values['migrations']}",
            remedy="Set `migrations` under [tool.schemaproof] in pyproject.toml, or give --migrations PATH.",
        )
    return Target(**values)


def _value(key: str, value: object, path: Path) -> dict[str, Any]:
    match key:
        case _ if key in PATHS:
            return {key: path.parent / _string(value, path, key)}
        case "schemas":
            if not isinstance(value, list) or not value:
                raise UsageError(f"{path}: `schemas` is not a list of names", remedy='Write schemas = ["public"].')
            return {key: tuple(_string(item, path, key) for item in value)}
        case "conventions":
            return {key: _rules(value, path)}
        case "lint":
            return {key: _lint(value, path)}
        case "workers":
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise UsageError(
                    f"{path}: `workers` is not a number of processes: {value!r}", remedy="Write workers = 2."
                )
            return {key: value}
        case "tenancy" | "roles":
            kind: Any = Tenancy if key == "tenancy" else Roles
            return {key: _record(kind, value, path, key)}
        case "exclude":
            return {"exclusions": tuple(_exclusions(value, path))}
        case _:
            return {key: _string(value, path, key)}


def _rules(value: object, path: Path) -> bool | tuple[str, ...]:
    if isinstance(value, bool):
        return value
    if not isinstance(value, list):
        remedy = 'Write conventions = true, or the rules: conventions = ["comments"].'
        raise UsageError(f"{path}: `conventions` is neither true nor a list of rules: {value!r}", remedy=remedy)
    return tuple(_string(item, path, "conventions") for item in value)


def _lint(value: object, path: Path) -> Lint:
    table = _table(value, path, "lint")
    _known(table, ("squawk", "exclude"), path)
    squawk = table.get("squawk")
    excluded = () if squawk is None or isinstance(squawk, bool) else _names(squawk, path, "lint.squawk")
    return Lint(
        squawk=squawk if isinstance(squawk, bool) else True if excluded else None,
        squawk_exclude=excluded,
        exclude=_names(table.get("exclude", []), path, "lint.exclude"),
    )


def _names(value: object, path: Path, key: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UsageError(
            f"{path}: `{key}` is no list of rules: {value!r}", remedy='Write the rules to leave out: ["…"].'
        )
    return tuple(_string(item, path, key) for item in value)


def _exclusions(value: object, path: Path) -> Iterable[Exclusion]:
    if not isinstance(value, list):
        raise UsageError(f"{path}: `exclude` is not a list of tables", remedy="Write [[tool.schemaproof.exclude]].")
    for item in value:
        table = _table(item, path, "exclude")
        named = ("key",) if "key" in table else ("check", "object")
        if missing := [name for name in (*named, "reason") if not str(table.get(name, "")).strip()]:
            raise UsageError(
                f"{path}: an entry of `exclude` lacks {', '.join(missing)}",
                remedy="Give every exclusion a reason, and either a check and an object or the key of a finding.",
            )
        if "key" in table and (double := {"check", "object"} & table.keys()):
            raise UsageError(
                f"{path}: an entry of `exclude` has a key and {', '.join(sorted(double))} too",
                remedy="Leave out what the key says already.",
            )
        texts = _texts(Exclusion, table, path, "exclude")
        if "key" in texts:
            texts |= {"check": texts["key"].partition(":")[0], "object": ""}
        yield Exclusion(**texts)


def _record(kind: type[_T], value: object, path: Path, key: str) -> _T:
    return kind(**_texts(kind, value, path, key))


def _texts(kind: type[_T] | type[Exclusion], value: object, path: Path, key: str) -> dict[str, str]:
    table = _table(value, path, key)
    _known(table, tuple(f.name for f in fields(kind)), path)
    return {name: _string(item, path, f"{key}.{name}") for name, item in table.items()}


def _table(value: object, path: Path, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{path}: `{key}` is not a table", remedy=f"Write [{key}] and its keys below it.")
    return dict(value)


def _string(value: object, path: Path, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{path}: `{key}` is not a text: {value!r}", remedy=f"Write `{key}` as a quoted text.")
    return value


def _known(settings: Iterable[str], names: tuple[str, ...], path: Path) -> None:
    for key in settings:
        if key not in names:
            remedy = did_you_mean(key, names, otherwise=f"Known settings: {', '.join(sorted(names))}.")
            raise UsageError(f"{path}: unknown setting `{key}`", remedy=remedy)
