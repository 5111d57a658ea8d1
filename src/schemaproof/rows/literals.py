"""Values of the built-in types as text: for each spot (a column of a row in a world) its own, then variants."""

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

__all__ = ["Spot", "array_of", "element", "plain", "rotated", "stamp"]

_T = TypeVar("_T")
_ALPHABET = string.digits + string.ascii_lowercase


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


def rotated(values: Sequence[_T], row: int) -> list[_T]:
    """Return the values in turn, beginning with the row's own."""
    first = row % len(values) if values else 0
    return [*values[first:], *values[:first]]


_Plain = Callable[[int, Spot], list[str]]  # of a type modifier, and of where the value goes


def array_of(members: list[str]) -> str:
    """Return a one-dimensional array of values."""
    return "{" + ",".join(element(member) for member in members) + "}"


def element(value: str) -> str:
    """Return a value as it is written within an array, a composite or a range."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def stamp(moment: datetime, name: str) -> str:
    """Return a moment as text of timestamp or timestamptz."""
    return moment.isoformat(sep=" ") + ("+00" if name == "timestamptz" else "")


def plain(name: str, typmod: int, spot: Spot) -> list[str]:
    """Return values of a base type, by its name."""
    return _PLAIN[name](typmod, spot) if name in _PLAIN else _rare(name, typmod, spot)


def _text(typmod: int, spot: Spot) -> list[str]:
    length = typmod - 4
    return [spot.canary(length) if 0 <= length < 10 + len(spot.world) else spot.canary()]


def _bits(typmod: int, spot: Spot) -> list[str]:
    length = typmod if typmod > 0 else 1
    return [f"{spot.number % 2 ** min(length, 60):b}".zfill(length)[-length:]]


def _json(typmod: int, spot: Spot) -> list[str]:
    token = spot.canary()
    return [f'{{"canary": "{token}"}}', "{}", "[]", f'"{token}"', "1", "true", "null"]


def _whole(least: int, most: int) -> _Plain:
    """Whole numbers well above those that a sequence gives."""
    return lambda typmod, spot: [str(least + spot.number % most), "1", "0"]


def _numeric(typmod: int, spot: Spot) -> list[str]:
    number = spot.number
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
    return [stamp(moment, name) for moment in moments]


# Forms of types of which a fixed one is enough; what varies from row to row is in braces.
_RARE: dict[str, tuple[str, ...]] = {
    "vector": ("{vector}",),
    "halfvec": ("{vector}",),
    "inet": ("10.{a}.{b}.{c}",),
    "cidr": ("10.{a}.{b}.{c}/32",),
    "macaddr": ("02:00:00:{a:02x}:{b:02x}:{c:02x}",),
    "macaddr8": ("02:00:00:00:00:{a:02x}:{b:02x}:{c:02x}",),
    "tsvector": ("'{token}'",),
    "tsquery": ("'{token}'",),
    "xml": ("<canary>{token}</canary>",),
    "jsonpath": ("$.{token}",),
    "point": ("{point}",),
    "line": ("{{{a},{c},{b}}}",),
    "lseg": ("[{point},({c},{a})]",),
    "box": ("(({far_a},{far_c}),{point})",),
    "path": ("[{point},({c},{a})]",),
    "polygon": ("({point},({c},{a}),({a},{a}))",),
    "circle": ("<{point},{c}>",),
    "hstore": ('"canary"=>"{token}"',),
    "ltree": ("{token}",),
    "lquery": ("{token}",),
    "ltxtquery": ("{token}",),
    "cube": ("({a},{b},{c})",),
    "isbn": ("978-0-393-04002-9",),
    "isbn13": ("978-0-393-04002-9",),
    "ismn": ("979-0-060-11561-5",),
    "ismn13": ("979-0-060-11561-5",),
    "issn": ("1436-4522",),
    "issn13": ("1436-4522",),
    "upc": ("220356483481",),
    "ean13": ("0220356483481",),
    "pg_lsn": ("0/{lsn}",),
    "txid_snapshot": ("1:1:",),
    "pg_snapshot": ("1:1:",),
    "tid": ("({a},{c})",),
    "regclass": ("pg_catalog.pg_class",),
    "regtype": ("pg_catalog.int4",),
    "regproc": ("pg_catalog.now",),
    "regprocedure": ("pg_catalog.now()",),
    "regoper": ("pg_catalog.||/",),
    "regoperator": ("pg_catalog.+(integer,integer)",),
    "regrole": ("pg_database_owner", "postgres"),
    "regnamespace": ("pg_catalog",),
    "regconfig": ("pg_catalog.simple",),
    "regdictionary": ("pg_catalog.simple",),
    "regcollation": ('pg_catalog."C"',),
    "refcursor": ("{token}",),
    "int2vector": ("1 2",),
    "oidvector": ("1 2",),
    "aclitem": ("=r/pg_database_owner",),
}
# Forms that many types take, for a type that is not known.
_GUESSES = (
    "{token}",
    "{a}",
    "",
    "{{}}",
    "{vector}",
    "{{1:{a}}}/{size}",
    "POINT({north} {east})",
    "{point}",
    "[]",
    "[{a},{a}]",
)


def _rare(name: str, typmod: int, spot: Spot) -> list[str]:
    """Values of a type by its fixed form, or by the forms that many types take."""
    facts = _facts(typmod, spot)
    return [form.format_map(facts) for form in _RARE.get(name, _GUESSES)]


def _facts(typmod: int, spot: Spot) -> dict[str, str | int]:
    """What the forms are filled with."""
    number = spot.number
    a, b, c = number % 250 + 1, number // 250 % 250, number // 62500 % 250 + 1
    size = typmod if 0 < typmod < 20_000 else 3
    vector = ",".join(str((number >> place % 50) % 100 / 100 + 0.01) for place in range(size))
    numbers = {"a": a, "b": b, "c": c, "far_a": a + 300, "far_c": c + 300, "north": a % 90, "east": b % 90}
    texts = {"token": spot.canary(), "point": f"({a}.{b},{c})", "vector": f"[{vector}]", "lsn": f"{number % 2**32:X}"}
    return {**numbers, **texts, "size": size}


def _timely(name: str) -> _Plain:
    return lambda typmod, spot: _times(name, spot)


_PLAIN: dict[str, _Plain] = {
    "text": lambda typmod, spot: [spot.canary()],
    "citext": lambda typmod, spot: [spot.canary()],
    "varchar": _text,
    "bpchar": _text,
    "name": lambda typmod, spot: [spot.canary()[:63]],
    "char": lambda typmod, spot: [_ALPHABET[spot.number % 36]],
    "uuid": lambda typmod, spot: [str(UUID(bytes=spot.digest, version=4))],
    "bool": lambda typmod, spot: rotated(("true", "false"), spot.row),
    "int2": _whole(1000, 31_000),
    "int4": _whole(1_000_000, 1_000_000_000),
    "oid": _whole(1_000_000, 1_000_000_000),
    "xid": _whole(1_000_000, 1_000_000_000),
    "cid": _whole(1_000_000, 1_000_000_000),
    "int8": _whole(1_000_000, 1_000_000_000_000),
    "xid8": _whole(1_000_000, 1_000_000_000_000),
    "float4": lambda typmod, spot: [f"{spot.number % 100_000}.5", "0.5", "1", "0"],
    "float8": lambda typmod, spot: [f"{spot.number % 100_000}.5", "0.5", "1", "0"],
    "numeric": _numeric,
    "money": lambda typmod, spot: [f"{1 + spot.number % 1_000_000}.{spot.number % 90 + 10}", "0"],
    "bytea": lambda typmod, spot: ["\\x" + spot.digest.hex()],
    "json": _json,
    "jsonb": _json,
    "bit": _bits,
    "varbit": lambda typmod, spot: _bits(typmod if typmod > 0 else 16, spot),
    **{name: _timely(name) for name in ("date", "timestamp", "timestamptz", "time", "timetz", "interval")},
}
