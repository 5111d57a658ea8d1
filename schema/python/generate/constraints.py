"""The constraints and indexes of a table, as arguments of its model."""

from schema.python.generate.catalogue import Constraint, Index, Relation
from schema.python.generate.code import call, string

__all__ = ["table_arguments"]


def table_arguments(relation: Relation) -> str:
    """Return the line or lines of `__table_args__`."""
    arguments = [*map(_constraint, relation.constraints), *map(_index, relation.indexes)]
    inner = "".join(f"        {argument},\n" for argument in arguments)
    return f"    __table_args__ = (\n{inner}    )\n"


def _constraint(constraint: Constraint) -> str:
    name, columns = f'"{constraint.name}"', [f'"{column}"' for column in constraint.columns]
    match constraint.kind:
        case "p":
            return call("PrimaryKeyConstraint", [*columns, f"name={name}"], indent=8)
        case "u":
            return call("UniqueConstraint", [*columns, f"name={name}"], indent=8)
        case "c":
            return call("check", [name, string(constraint.condition or "", indent=12)], indent=8)
    parents = [f'"{constraint.parent}.{column}"' for column in constraint.parent_columns]
    actions = [f'ondelete="{constraint.on_delete}"', f'onupdate="{constraint.on_update}"']
    lists = [call("", columns, indent=12, brackets="[]"), call("", parents, indent=12, brackets="[]")]
    return call("ForeignKeyConstraint", [*lists, f"name={name}", *actions], indent=8)


def _index(index: Index) -> str:
    arguments = [f'"{index.name}"', *(f'"{column}"' for column in index.columns)]
    if index.unique:
        arguments.append("unique=True")
    if index.method != "btree":
        arguments.append(f'postgresql_using="{index.method}"')
    classes = [f'"{column}": "{found}"' for column, found in zip(index.columns, index.classes, strict=True) if found]
    if classes:
        arguments.append(f"postgresql_ops={{{', '.join(classes)}}}")
    if index.condition:
        arguments.append(f"postgresql_where=literal_column({string(index.condition)})")
    return call("Index", arguments, indent=8)
