"""Strings that match a regular expression of PostgreSQL's: parsed here, then written out with choices drawn at random.

Lookaround and back references are passed over: the server judges what comes out.
"""

import random
import string
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["matching"]

Writer = Callable[[random.Random, int], str]

_LETTERS, _DIGITS = string.ascii_lowercase, string.digits
_CLASSES = {
    "d": _DIGITS,
    "w": _LETTERS + _DIGITS,
    "s": " ",
    "D": _LETTERS,
    "W": "-",
    "S": _LETTERS + _DIGITS,
    "alpha": _LETTERS,
    "alnum": _LETTERS + _DIGITS,
    "digit": _DIGITS,
    "lower": _LETTERS,
    "upper": string.ascii_uppercase,
    "space": " ",
    "xdigit": _DIGITS + "abcdef",
    "punct": "-",
    "print": _LETTERS,
    "graph": _LETTERS,
    "blank": " ",
    "word": _LETTERS + _DIGITS,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_NOTHING = "AZmMyY"  # constraints that match an empty string
_PRINTABLE = _LETTERS + _DIGITS + string.ascii_uppercase + "-_.@+/ "
_MORE = 8  # how many repetitions above the least are tried


def matching(expression: str, source: random.Random, *, more: int = _MORE, full: bool = False) -> str | None:
    """Return a string that `expression` matches, whole; None where it cannot be read.

    Args:
        expression: a regular expression, whose anchors are taken as met.
        source: where choices come from; the same state gives the same string.
        more: how many repetitions above the least a quantifier may take.
        full: each takes as many as it may.
    """
    try:
        found = _Parser(expression.removeprefix("***:"), full).read()(source, more)
    except (LookupError, ValueError, RecursionError):
        return None
    return found if "\0" not in found and found.isascii() else found.encode(errors="ignore").decode().replace("\0", "")


@dataclass
class _Parser:
    text: str
    full: bool
    at: int = 0

    def read(self) -> Writer:
        writer = self._choice()
        if self.at < len(self.text):
            raise ValueError("unbalanced")
        return writer

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def _choice(self) -> Writer:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        return lambda source, more: source.choice(branches)(source, more)

    def _sequence(self) -> Writer:
        parts: list[Writer] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._quantified(self._atom()))
        return lambda source, more: "".join(part(source, more) for part in parts)

    def _quantified(self, atom: Writer) -> Writer:
        bounds = self._bounds()
        if bounds is None:
            return atom
        if self._peek() in ("?", "+"):  # not greedy
            self._take()
        least, most = bounds

        def write(source: random.Random, more: int) -> str:
            upper = least + more if most is None else max(least, min(most, least + more))
            number = upper if self.full else source.randint(least, upper)
            return "".join(atom(source, more) for _ in range(number))

        return write

    def _bounds(self) -> tuple[int, int | None] | None:
        sign = self._peek()
        if sign and sign in "*+?":
            self._take()
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        if sign != "{" or not self.text[self.at + 1 : self.at + 2].isdigit():
            return None
        inner, _, rest = self.text[self.at + 1 :].partition("}")
        self.at = len(self.text) - len(rest)
        least, comma, most = inner.partition(",")
        return int(least), (int(most) if most else None) if comma else int(least)

    def _atom(self) -> Writer:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return _one_of(self._bracket())
        if sign == "\\":
            return self._escape()
        if sign in "^$":
            return _text("")
        return _one_of(_LETTERS + _DIGITS) if sign == "." else _text(sign)

    def _group(self) -> Writer:
        around = False
        if self._peek() == "?":
            self._take()
            if self._peek() == "<":
                self._take()
            around = self._take() in "=!"
        inner = self._choice()
        if self._take() != ")":
            raise ValueError("unbalanced")
        return _text("") if around else inner

    def _escape(self) -> Writer:
        sign = self._take()
        if sign in _NOTHING or sign.isdigit():
            return _text("")
        if sign in "ux":
            length = 4 if sign == "u" else 2
            self.at += length
            return _text(chr(int(self.text[self.at - length : self.at], 16)))
        return _one_of(_CLASSES[sign]) if sign in _CLASSES else _text(_ESCAPES.get(sign, sign))

    def _bracket(self) -> str:
        negated = self._peek() == "^"
        self.at += negated
        found: list[str] = []
        while not found or self._peek() != "]":
            found.append(self._member())
        self._take()
        members = "".join(found)
        return (_without(_LETTERS + _DIGITS, members) or _without(_PRINTABLE, members)) if negated else members

    def _member(self) -> str:
        if self.text.startswith("[:", self.at):
            name, _, rest = self.text[self.at + 2 :].partition(":]")
            self.at = len(self.text) - len(rest)
            return _CLASSES[name]
        first = self._character()
        if len(first) > 1 or self._peek() != "-" or self.text[self.at + 1 : self.at + 2] == "]":
            return first
        self._take()
        last = self._character()
        return "".join(map(chr, range(ord(first), min(ord(last), ord(first) + 500) + 1)))

    def _character(self) -> str:
        sign = self._take()
        if sign != "\\":
            return sign
        sign = self._take()
        return _CLASSES.get(sign, _ESCAPES.get(sign, sign))


def _without(characters: str, members: str) -> str:
    return "".join(sorted(set(characters) - set(members)))


def _text(value: str) -> Writer:
    return lambda source, more: value


def _one_of(characters: str) -> Writer:
    return lambda source, more: source.choice(characters)
