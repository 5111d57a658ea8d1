"""The imports that a piece of generated source needs, sorted as the linter sorts them."""

import ast
import re
from collections.abc import Iterator

from schema.python.generate.code import call

__all__ = ["imports_for"]

_STANDARD = {
    "dataclasses": ["dataclass"],
    "datetime": ["date", "datetime", "timedelta"],
    "typing": ["TYPE_CHECKING", "Any", "Literal"],
    "uuid": ["UUID"],
}
_OTHERS = {
    "sqlalchemy": [
        *("BigInteger", "Boolean", "Column", "Date", "DateTime", "FetchedValue", "ForeignKeyConstraint", "Index"),
        *("Integer", "LargeBinary", "PrimaryKeyConstraint", "SmallInteger", "Table", "Text", "UniqueConstraint"),
        *("Uuid", "literal_column", "text"),
    ],
    "sqlalchemy.dialects.postgresql": ["ARRAY", "DOMAIN", "INTERVAL", "JSONB"],
    "sqlalchemy.ext.mutable": ["MutableDict", "MutableList"],
    "sqlalchemy.orm": ["Mapped", "mapped_column", "relationship"],
}
_OWN = {
    "messaging_schema.base": ["Base", "Domain", "SoftDeletable", "SoftDeleted", "View", "check"],
    "messaging_schema.call": ["Argument", "Call", "entities", "record", "records", "scalar"],
    "messaging_schema.models.domains": ["CIPHERTEXT", "E164", "KEYED_HASH"],
}


def imports_for(body: str, models: dict[str, str]) -> str:
    """Return the imports of a module.

    Args:
        body: the rest of its source.
        models: the module of each model; those that only annotations name are imported for type checkers alone.
    """
    tree = ast.parse(body)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    defined |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    annotated = set(re.findall(r'\["(\w+)(?: \| None)?"\]', body)) - defined - names
    names = names - defined | ({"TYPE_CHECKING"} if annotated else set())
    own = _OWN | {module: [name for name in models if models[name] == module] for module in models.values()}
    groups = ["".join(_group(group, names)) for group in (_STANDARD, _OTHERS, own)]
    checked = "".join(f"    from {models[name]} import {name}\n" for name in sorted(annotated, key=models.__getitem__))
    groups += [f"if TYPE_CHECKING:\n{checked}"] if checked else []
    return "\n".join(group for group in groups if group)


def _group(modules: dict[str, list[str]], names: set[str]) -> Iterator[str]:
    for module, offered in sorted(modules.items()):
        if needed := sorted(names.intersection(offered), key=_order):
            line = f"from {module} import {', '.join(needed)}"
            yield (line if len(line) <= 120 else call(f"from {module} import ", needed)) + "\n"


def _order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
