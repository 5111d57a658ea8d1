"""Reads a file as text, and says what a file is that is none."""

from pathlib import Path

from schemaproof.migrations.defect import DefectsError
from schemaproof.migrations.note import Note

__all__ = ["read_source"]

_BOM = b"\xef\xbb\xbf"
_RESTORE = "Write it out as SQL: pg_restore --file=schema.sql {name}"
# How files begin that are no SQL: the magic numbers of pg_dump's custom format, of its tar, whose first member is the
# table of contents, of gzip and Zstandard, and the byte order marks of UTF-16.
_OTHERS = {
    b"PGDMP": ("a dump in pg_dump's custom format", _RESTORE),
    b"toc.dat": ("a dump in pg_dump's tar format", _RESTORE),
    b"\x1f\x8b": ("compressed by gzip", "Unpack it: gunzip {name}"),
    b"\x28\xb5\x2f\xfd": ("compressed by zstd", "Unpack it: unzstd {name}"),
    b"\xff\xfe": ("UTF-16", "Save it as UTF-8; of pg_dump, write it with --file, since PowerShell's > makes UTF-16."),
    b"\xfe\xff": ("UTF-16", "Save it as UTF-8."),
}


def read_source(path: Path, notes: list[Note]) -> str:
    """Return the text of a file of SQL, without its byte order mark, of which `notes` is told.

    Raises:
        DefectsError: the file cannot be read, or is not UTF-8 text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DefectsError.at(path, str(error.strerror), remedy="Make the file readable.") from error
    _refuse_others(content, path)
    if content.startswith(_BOM):
        notes.append(Note(path, "it starts with a byte order mark, which is left out."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefectsError.at(
            path,
            f"not UTF-8: byte 0x{content[error.start]:02x}",
            remedy="Save the file as UTF-8; pg_dump writes it so with --encoding=UTF8.",
            line=content.count(b"\n", 0, error.start) + 1,
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DefectsError.at(path, "holds a NUL character", remedy="Save the file as UTF-8 text.", line=line)
    return text


def _refuse_others(content: bytes, path: Path) -> None:
    for start, (what, remedy) in _OTHERS.items():
        if content.startswith(start):
            raise DefectsError.at(path, f"no file of SQL: it is {what}", remedy=remedy.format(name=path.name))
