"""What a policy compares: columns, claims of the token, settings, and literals."""

from dataclasses import dataclass

__all__ = [
    "ANY",
    "CLAIMS",
    "ROLE",
    "USER",
    "USERS",
    "Claim",
    "ColumnOf",
    "Inside",
    "Literal",
    "Node",
    "Setting",
    "Source",
]


@dataclass(frozen=True, order=True)
class ColumnOf:
    """A column of a relation, by the relation's label."""

    relation: str
    column: str

    def __str__(self) -> str:
        return f"{self.relation}.{self.column}"


@dataclass(frozen=True, order=True)
class Inside:
    """A value inside a JSON column, by its path."""

    relation: str
    column: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.relation}.{self.column} -> {' -> '.join(self.path)}"


@dataclass(frozen=True, order=True)
class Claim:
    """A claim of the request's token, by its path; the empty path is the whole token."""

    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"claim {'.'.join(self.path)}"


@dataclass(frozen=True, order=True)
class Setting:
    """A run-time setting, as in `current_setting('app.tenant')`, or a place in one that holds JSON.

    The role that a statement runs as is the setting `role`.
    """

    name: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"setting {'.'.join((self.name, *self.path))}"


@dataclass(frozen=True, order=True)
class Literal:
    """A constant, as text; None is NULL."""

    value: str | None


Node = ColumnOf | Inside | Claim | Setting
Source = Node | Literal

# Among the values that a column is compared with: any but the others.
ANY = "\0"
CLAIMS = Claim(())
USER = Claim(("sub",))
ROLE = Setting("role")
# Where the platform keeps users: policies find there what no token brings along.
USERS = "auth.users"
