"""Access control lists as sentences: `SELECT to anon by postgres`."""

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Grant", "spell_out"]

# The letters of an aclitem, from the manual's table "ACL Privilege Abbreviations".
_PRIVILEGES = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "C": "CREATE",
    "c": "CONNECT",
    "T": "TEMPORARY",
    "X": "EXECUTE",
    "U": "USAGE",
    "s": "SET",
    "A": "ALTER SYSTEM",
    "m": "MAINTAIN",
}
_ITEM = re.compile(r'(?P<grantee>"(?:[^"]|"")*"|[^=]*)=(?P<letters>(?:[a-zA-Z]\*?)*)/(?P<grantor>.*)', re.DOTALL)
_SENTENCE = re.compile(
    r'(?P<privilege>[A-Z ]+) to (?P<grantee>"(?:[^"]|"")*"|\S+) by (?P<grantor>.+?)(?P<option> with grant option)?',
    re.DOTALL,
)


@dataclass(frozen=True, order=True)
class Grant:
    """One privilege of one role, as a sentence of the property `grants` tells it.

    Args:
        privilege: `SELECT`.
        grantee: name of the role, without quotes; `public` is everyone.
        grantor: the same.
        is_grantable: with the grant option.
    """

    privilege: str
    grantee: str
    grantor: str
    is_grantable: bool = False

    @classmethod
    def of(cls, sentence: str) -> "Grant":
        """Read a sentence that `spell_out` wrote."""
        parts = _SENTENCE.fullmatch(sentence)
        if parts is None:
            raise ValueError(f"not a grant: {sentence}")
        return cls(parts["privilege"], _bare(parts["grantee"]), _bare(parts["grantor"]), parts["option"] is not None)


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


@lru_cache(maxsize=4096)  # thousands of tables share a handful of lists
def spell_out(items: tuple[str, ...]) -> tuple[str, ...]:
    """Write out `aclitem`s (`anon=rw*/postgres`), one sentence a privilege, sorted.

    An empty grantee is PUBLIC; a star is the grant option. The order of a list tells only its history.
    """
    sentences = []
    for item in items:
        parts = _ITEM.fullmatch(item)
        if parts is None:
            raise ValueError(f"not an aclitem: {item}")
        for letter, star in re.findall(r"(\w)(\*?)", parts["letters"]):
            option = " with grant option" if star else ""
            sentences.append(f"{_PRIVILEGES[letter]} to {parts['grantee'] or 'public'} by {parts['grantor']}{option}")
    return tuple(sorted(sentences))
