"""Values of a type as text: for each spot (a column of a row in a world) a distinct one, then variants of it."""

import random
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from schemaproof.rows.structure import Type

__all__ = ["Spot", "array_of", "rotated", "variants"]

_ALPHABET = string.digits + string.ascii_lowercase
_DEPTH = 5  # of types in types
_DAY = 86400


@dataclass(frozen=True)
class Spot:
    """Where a value goes; equal spots get equal values, and different ones different values as far as the type allows.

    Args:
        path: seed, world, table and column.
        world: the world's name in lower case, which canaries begin with.
        row: number of the row in its world.
        now: what times are near to.
        salt: how often a value of this spot has been refused as a duplicate.
    """

    path: tuple[str, ...]
    world: str
    row: int
    now: datetime
    salt: int = 0

    @property
    def digest(self) -> bytes:
        """Sixteen bytes of its own."""
        text = "\x00".join((*self.path, str(self.row), str(self.salt)))
        return blake2b(text.encode(), digest_size=16).digest()

    @property
    def number(self) -> int:
        """A number of its own below 2**61."""
        return int.from_bytes(self.digest[:8]) >> 3

    @property
    def source(self) -> random.Random:
        """Draws of its own."""
        return random.Random(self.digest)  # noqa: S311 - reproducible, no secret

    def inner(self, name: object) -> "Spot":
        """Return a spot within the value."""
        return replace(self, path=(*self.path, str(name)))

    def salted(self, salt: int) -> "Spot":
        """Return the spot with another distinct value."""
        return replace(self, salt=salt)

    def canary(self, length: int | None = None) -> str:
        """Return a token that tells where it was put: lower-case letters and digits, the world's name first."""
        number, token = self.number, ""
        while len(token) < (8 if length is None else max(8, length)):
            number, digit = divmod(number, 36)
            token += _ALPHABET[digit]
            number = number or self.inner(len(token)).number
        token = self.world + "x" + token if length is None or length > 4 else token
        return token if length is None else token[:length]

    def moment(self, days: int = 0) -> datetime:
        """Return a moment of its own in the hour before now, moved by `days`."""
        return self.now + timedelta(days=days, seconds=-(self.number % 3600), microseconds=self.number % 1000000)


def variants(types: Mapping[int, Type], oid: int, typmod: int, spot: Spot, depth: int = 0) -> list[str]:
    """Return values of a type, the likeliest first; empty where the type is not known."""
    kind = types.get(oid)
    if kind is None or depth > _DEPTH:
        return []
    if kind.kind == "d":
        return variants(types, kind.base, kind.typmod if kind.typmod >= 0 else typmod, spot, depth + 1)
    if kind.kind == "e":
        return rotated(kind.labels, spot.row)
    if kind.kind == "c":
        return _composites(types, kind, spot, depth)
    if kind.kind in "rm":
        return _ranges(types, kind, spot, depth)
    if kind.category == "A" and kind.element:
        inner = variants(types, kind.element, typmod, spot.inner("element"), depth + 1)
        return [*([array_of(inner[:1])] if inner else []), "{}"]
    return _plain(kind.name, typmod, spot)


def rotated(values: Sequence[str], row: int) -> list[str]:
    """Return the values in turn, beginning with the row's own."""
    first = row % len(values) if values else 0
    return [*values[first:], *values[:first]]


def array_of(members: list[str]) -> str:
    """Return a one-dimensional array of values."""
    return "{" + ",".join(_quoted(member) for member in members) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _composites(types: Mapping[int, Type], kind: Type, spot: Spot, depth: int) -> list[str]:
    fields = []
    for number, (oid, typmod) in enumerate(kind.attributes):
        inner = variants(types, oid, typmod, spot.inner(number), depth + 1)
        fields.append(_quoted(inner[0]) if inner else "")
    return [f"({','.join(fields)})"]


def _ranges(types: Mapping[int, Type], kind: Type, spot: Spot, depth: int) -> list[str]:
    """Ranges short enough, and spread over enough, that those of two spots do not overlap."""
    name = types[kind.subtype].name if kind.subtype in types else ""
    if name in ("int4", "int8", "numeric", "float8", "float4"):
        start = spot.number % 100_000_000 * 10
        bounds = [str(start), str(start + 5)]
    elif name in ("date", "timestamp", "timestamptz"):
        start_day = spot.now.replace(microsecond=0) + timedelta(
            days=spot.number % 30_000 * 2, seconds=spot.number % 999
        )
        moments = (start_day, start_day + timedelta(days=1))
        bounds = [moment.date().isoformat() if name == "date" else _stamp(moment, name) for moment in moments]
    else:
        inner = variants(types, kind.subtype or 0, -1, spot, depth + 1)
        bounds = sorted([inner[0], inner[0] + "x"]) if inner and name in ("text", "varchar") else inner[:1] * 2
    ranges = [f"[{_quoted(bounds[0])},{_quoted(bounds[1])}{']' if bounds[0] == bounds[1] else ')'}"] if bounds else []
    return ["{" + found + "}" for found in (*ranges, "")] if kind.kind == "m" else [*ranges, "empty"]


def _stamp(moment: datetime, name: str) -> str:
    return moment.isoformat(sep=" ") + ("+00" if name == "timestamptz" else "")


def _plain(name: str, typmod: int, spot: Spot) -> list[str]:
    number = spot.number
    match name:
        case "text" | "citext":
            return [spot.canary()]
        case "varchar" | "bpchar":
            return [spot.canary(typmod - 4) if 0 <= typmod - 4 < 10 + len(spot.world) else spot.canary()]
        case "name":
            return [spot.canary()[:63]]
        case "char":
            return [_ALPHABET[number % 36]]
        case "uuid":
            return [str(UUID(bytes=spot.digest, version=4))]
        case "bool":
            return rotated(("true", "false"), spot.row)
        case "int2":
            return [str(1000 + number % 31000), "1", "0"]
        case "int4" | "oid" | "xid" | "cid":
            return [str(1_000_000 + number % 1_000_000_000), "1", "0"]
        case "int8" | "xid8":
            return [str(1_000_000 + number % 1_000_000_000_000), "1", "0"]
        case "float4" | "float8":
            return [f"{number % 100_000}.5", "0.5", "1", "0"]
        case "numeric":
            return _numeric(typmod, number)
        case "money":
            return [f"{1 + number % 1_000_000}.{number % 90 + 10}", "0"]
        case "date" | "timestamp" | "timestamptz" | "time" | "timetz" | "interval":
            return _times(name, spot)
        case "bytea":
            return ["\\x" + spot.digest.hex()]
        case "json" | "jsonb":
            return [f'{{"canary": "{spot.canary()}"}}', "{}", "[]", f'"{spot.canary()}"', "1", "true", "null"]
        case "bit" | "varbit":
            length = typmod if typmod > 0 else 1 if name == "bit" else 16
            return [f"{number % 2 ** min(length, 60):b}".zfill(length)[-length:]]
        case _:
            return _rare(name, typmod, spot)


def _numeric(typmod: int, number: int) -> list[str]:
    if typmod < 4:
        return [f"{1 + number % 1_000_000}.{number % 90 + 10}", "1", "0.5", "0"]
    precision, scale = (typmod - 4) >> 16, (typmod - 4) & 0x7FF
    scale = scale - 2048 if scale >= 1024 else scale  # negative scales since 15
    whole = max(0, precision - scale)
    digits = str(1 + number % (10 ** min(whole, 9) - 1)) if whole else "0"
    fraction = "." + str(number % 10 ** min(scale, 9)).zfill(min(scale, 9)) if scale > 0 else ""
    return [digits + fraction, "1", "0.5", "0"]


def _times(name: str, spot: Spot) -> list[str]:
    moments = [spot.moment(days) for days in (0, 1, -1, 30, -30)]
    if name == "date":
        days = [spot.number % 300, *(spot.number % 30 + start for start in (1000, -400, 2000, -2000))]
        return [(spot.now - timedelta(days=day)).date().isoformat() for day in days]
    if name == "interval":
        return [f"{1 + spot.number % 100_000} seconds", "1 day", "1 month", "0"]
    if name in ("time", "timetz"):
        hours = [
            f"{spot.number % 12:02}:{spot.number // 12 % 60:02}:{spot.number // 720 % 60:02}",
            "23:30:00",
            "00:00:00",
        ]
        return [hour + ("+00" if name == "timetz" else "") for hour in hours]
    return [_stamp(moment, name) for moment in moments]


def _rare(name: str, typmod: int, spot: Spot) -> list[str]:
    """Types of which a fixed form is enough, and, for a type that is not known, forms that many types take."""
    number, token = spot.number, spot.canary()
    a, b, c = number % 250 + 1, number // 250 % 250, number // 62500 % 250 + 1
    point = f"({a}.{b},{c})"
    size = typmod if 0 < typmod < 20_000 else 3
    vector = "[" + ",".join(str((number >> place % 50) % 100 / 100 + 0.01) for place in range(size)) + "]"
    forms: dict[str, list[str]] = {
        "vector": [vector],
        "halfvec": [vector],
        "inet": [f"10.{a}.{b}.{c}"],
        "cidr": [f"10.{a}.{b}.{c}/32"],
        "macaddr": [f"02:00:00:{a:02x}:{b:02x}:{c:02x}"],
        "macaddr8": [f"02:00:00:00:00:{a:02x}:{b:02x}:{c:02x}"],
        "tsvector": [f"'{token}'"],
        "tsquery": [f"'{token}'"],
        "xml": [f"<canary>{token}</canary>"],
        "jsonpath": [f"$.{token}"],
        "point": [point],
        "line": [f"{{{a},{c},{b}}}"],
        "lseg": [f"[{point},({c},{a})]"],
        "box": [f"(({a + 300},{c + 300}),{point})"],
        "path": [f"[{point},({c},{a})]"],
        "polygon": [f"({point},({c},{a}),({a},{a}))"],
        "circle": [f"<{point},{c}>"],
        "hstore": [f'"canary"=>"{token}"'],
        "ltree": [token],
        "lquery": [token],
        "ltxtquery": [token],
        "cube": [f"({a},{b},{c})"],
        "isbn": ["978-0-393-04002-9"],
        "pg_lsn": [f"0/{number % 2**32:X}"],
        "txid_snapshot": ["1:1:"],
        "pg_snapshot": ["1:1:"],
        "tid": [f"({a},{c})"],
        "regclass": ["pg_catalog.pg_class"],
        "regtype": ["pg_catalog.int4"],
        "regproc": ["pg_catalog.now"],
        "regprocedure": ["pg_catalog.now()"],
        "regoper": ["pg_catalog.!~"],
        "regoperator": ["pg_catalog.+(integer,integer)"],
        "regrole": ["pg_database_owner", "postgres"],
        "regnamespace": ["pg_catalog"],
        "regconfig": ["pg_catalog.simple"],
        "regdictionary": ["pg_catalog.simple"],
        "regcollation": ['pg_catalog."C"'],
        "refcursor": [token],
        "int2vector": ["1 2"],
        "oidvector": ["1 2"],
        "aclitem": ["=r/pg_database_owner"],
    }
    guesses = [
        token,
        str(a),
        "",
        "{}",
        vector,
        f"{{1:{a}}}/{size}",
        f"POINT({a % 90} {b % 90})",
        point,
        "[]",
        f"[{a},{a}]",
    ]
    return forms.get(name, guesses)
