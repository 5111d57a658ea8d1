"""What of a dump is not the project's: statements that the platform, or schemaproof itself, has made already."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemaproof.migrations.ledger import LEDGER_SCHEMA
from schemaproof.migrations.statement import Statement
from schemaproof.platform import Holdings

__all__ = ["Entry", "Passed", "entries", "pass_over", "states_privileges"]

# The comment before each entry of a plain dump (pg_backup_archiver.c, _printTocEntry).
_ENTRY = re.compile(
    r"^-- (?:Data for )?Name: (?P<name>.*); Type: (?P<type>[A-Z ]+); Schema: (?P<schema>.*?);"
    r" Owner:(?: (?P<owner>.*?))?\r?$",
    re.MULTILINE,
)
_OF_A_SCHEMA = re.compile(r"(?:SCHEMA )?(?P<name>\S+)")
_NAME = r'"?(?P<name>[^"\s;,]+)"?'
_SCHEMA = re.compile(rf"create\s+schema\s+(?:if\s+not\s+exists\s+)?{_NAME}\s*\Z", re.IGNORECASE)
_DROP_PUBLIC = re.compile(r'drop\s+schema\s+(?:if\s+exists\s+)?"?public"?\b', re.IGNORECASE)
_DATABASE = re.compile(
    r"(?:create|alter|drop|comment\s+on)\s+database\b|(?:grant|revoke)\s[^;]*?\son\s+database\b", re.IGNORECASE
)
_ENCODING = re.compile(r"set\s+client_encoding\s*(?:=|\bto\b)\s*+'?+(?!utf-?8)", re.IGNORECASE)
_NEWER = re.compile(r"set\s+transaction_timeout\s*(?:=|\bto\b)\s*'?0", re.IGNORECASE)
_EXTENSION = re.compile(r"comment\s+on\s+extension\b", re.IGNORECASE)
_PUBLICATION = re.compile(rf"create\s+publication\s+{_NAME}", re.IGNORECASE)
_OWNER = re.compile(
    rf"alter\s[^;]*\sowner\s+to\s+{_NAME}\s*\Z|alter\s+default\s+privileges\s+for\s+(?:role|user)\s+"
    rf"{_NAME.replace('name', 'grantor')}",
    re.IGNORECASE,
)
_ROLE = re.compile(rf"(?:create|alter)\s+role\s+{_NAME}", re.IGNORECASE)
_MEMBER = re.compile(
    rf"grant\s+{_NAME}\s+to\s+{_NAME.replace('name', 'member')}(?:\s+with\b|\s+granted\b|\Z)", re.IGNORECASE
)
_PARAMETER = re.compile(rf"grant\s.*\son\s+parameter\s.*\sto\s+{_NAME}", re.IGNORECASE)
_EXECUTES = re.compile(r'execute\s+(?:function|procedure)\s+"?(?P<schema>\w+)"?\.', re.IGNORECASE)
# What `pg_dump --clean` writes before the first entry.
_CLEANING = re.compile(r"drop\b|alter\s[^;]*\sdrop\s|create\s+or\s+replace\s+view\b", re.IGNORECASE)
_SETTING = re.compile(r"set\b|select\s+pg_catalog\.set_config\b", re.IGNORECASE)


_OF_PG_DUMP = re.compile(r"^select pg_catalog\.set_config\('search_path', '', false\)", re.IGNORECASE | re.MULTILINE)
_PRIVILEGES = re.compile(r"^(?:grant|revoke) ", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """The head of an entry of pg_dump: whose the statements behind it are."""

    place: int
    name: str
    type: str
    schema: str
    owner: str

    @property
    def home(self) -> str:
        """The schema that the entry is in, or is itself."""
        if (
            self.schema == "-"
            and self.type in ("SCHEMA", "ACL", "COMMENT")
            and (of := _OF_A_SCHEMA.fullmatch(self.name))
        ):
            return of["name"]
        return self.schema


@dataclass(frozen=True)
class Passed:
    """A statement that is passed over, and why; without a reason where that changes nothing."""

    statement: Statement
    reason: str


def entries(text: str) -> list[Entry]:
    """Return the entries of a dump by pg_dump, in order; none in a file that was written by hand."""
    return [
        Entry(found.start(), found["name"], found["type"], found["schema"], found["owner"] or "-")
        for found in _ENTRY.finditer(text)
    ]


def states_privileges(text: str) -> bool:
    """Tell whether pg_dump wrote `text`, and every privilege with it: one that is not in it is not there."""
    return _OF_PG_DUMP.search(text) is not None and _PRIVILEGES.search(text) is not None


def pass_over(text: str, statements: Sequence[Statement], held: Holdings) -> Iterator[Passed]:
    """Yield the statements that are not to run on a platform that holds `held`."""
    heads = entries(text)
    places = [entry.place for entry in heads]
    for statement in statements:
        number = bisect(places, statement.start)
        entry = heads[number - 1] if number else None
        reason = _anywhere(statement.sql, held)
        if reason is None and entry and not _SETTING.match(statement.sql):
            reason = _in_entry(statement.sql, entry, held)
        elif reason is None and heads and _CLEANING.match(statement.sql):
            reason = "a new database has nothing to drop"
        if reason is not None:
            yield Passed(statement, reason)


def _anywhere(sql: str, held: Holdings) -> str | None:
    """Judge a statement by itself; None: it runs."""
    if _NEWER.match(sql):
        return ""
    if _ENCODING.match(sql):
        return "the file was read as UTF-8"
    if _DATABASE.match(sql):
        return "everything goes into a database of schemaproof's own"
    if ((found := _SCHEMA.match(sql)) and found["name"] in held.made) or _DROP_PUBLIC.match(sql):
        return "the schema is there already"
    if (found := _PUBLICATION.match(sql)) and found["name"] in held.publications:
        return "the publication is there already"
    return _of_roles(sql, held)


def _of_roles(sql: str, held: Holdings) -> str | None:
    if (found := _ROLE.match(sql) or _PARAMETER.match(sql)) and found["name"] in held.roles:
        return "the role is the platform's"
    if (found := _MEMBER.match(sql)) and {found["name"], found["member"]} <= {*held.roles, *_predefined(found["name"])}:
        return "the role is the platform's"
    if (found := _OWNER.match(sql)) and (found["name"] or found["grantor"]) in held.services:
        return "only the platform can act for the role that they name"
    if held.services and _EXTENSION.match(sql):
        return "the platform owns its extensions"
    return None


def _predefined(role: str) -> tuple[str, ...]:
    return (role,) if role.startswith("pg_") else ()


def _in_entry(sql: str, entry: Entry, held: Holdings) -> str | None:
    """Judge a statement by the entry that it belongs to; None: it runs."""
    if entry.home == LEDGER_SCHEMA:
        return "schemaproof keeps the ledger itself"
    if entry.type == "EVENT TRIGGER" and entry.owner in held.services:
        return "the event trigger is the platform's"
    if entry.home in held.schemas and not _is_the_projects(sql, entry, held):
        return (
            "the rows are the platform's" if entry.type == "TABLE DATA" else "what is in the schema is the platform's"
        )
    return None


def _is_the_projects(sql: str, entry: Entry, held: Holdings) -> bool:
    """Tell whether an entry in one of the platform's schemas was made by the project."""
    match entry.type:
        case "POLICY":
            return True
        case "TRIGGER":
            executed = _EXECUTES.search(sql)
            return executed is not None and executed["schema"] not in held.schemas
        case "TABLE DATA":
            return f"{entry.schema}.{entry.name}" in held.tables
        case "SCHEMA":  # an extension's, which its CREATE EXTENSION expects to be there
            return _SCHEMA.match(sql) is not None
    return False
