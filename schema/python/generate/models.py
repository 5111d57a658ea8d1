"""The modules of `messaging_schema.models`: one a table or view, and the domains."""

from collections.abc import Iterable, Iterator

from schema.python.generate.catalogue import Column, Domain, Relation, Schema
from schema.python.generate.code import (
    HEADER,
    call,
    class_name,
    docstring,
    literal,
    python_type,
    set_name,
    singular,
    sql_type,
    string,
)
from schema.python.generate.constraints import table_arguments
from schema.python.generate.imports import imports_for

__all__ = ["model_modules", "modules_of"]

_MADE_BY_THE_DATABASE = ("deleted_at", "deletion_id", "updated_at")
_MUTABLE = {"jsonb": "MutableDict", "text[]": "MutableList"}
_KEY = """

# What columns named key_version refer to. The rest of the table is nobody's but the owner's, as is all of `private`.
Table("encryption_keys", Base.metadata, Column("key_version", Integer(), primary_key=True), schema="private")
"""


def modules_of(schema: Schema) -> dict[str, str]:
    """Return the module of each model."""
    return {class_name(name): f"messaging_schema.models.{name}" for name in schema.relations}


def model_modules(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield each module's name and source."""
    yield "domains", _domains(schema)
    for relation in schema.relations.values():
        yield relation.name, _module(relation, schema)
    yield "__init__", _package(schema)


def _package(schema: Schema) -> str:
    imports = "".join(f"from {module} import {name}\n" for name, module in modules_of(schema).items())
    title = '"""A class for each table and view of the schema `public`."""'
    return f"{HEADER}{title}\n\n{imports}\n{_exported(modules_of(schema))}"


def _exported(names: Iterable[str]) -> str:
    return call("__all__ = ", [f'"{name}"' for name in sorted(names)], brackets="[]") + "\n"


def _domains(schema: Schema) -> str:
    body = "\n".join(_domain(domain) for domain in schema.domains) + _KEY
    names = _exported([domain.name.upper() for domain in schema.domains])
    return f'{HEADER}"""The domains of the schema."""\n\n{imports_for(body, {})}\n{names}\n{body}'


def _domain(domain: Domain) -> str:
    arguments = [
        f'"{domain.name}"',
        sql_type(domain.base),
        f'schema="{domain.schema}"',
        "metadata=Base.metadata",
        f'constraint_name="{domain.constraint}"',
        f"check={string(domain.condition, indent=8, after=len('check='))}",
    ]
    made = call("DOMAIN", arguments, indent=4)
    name = f"{domain.name.upper()}: Domain[{python_type(domain.base)}]"
    return f"{call(f'{name} = Domain', [made])}\n{docstring(domain.comment)}\n"


def _module(relation: Relation, schema: Schema) -> str:
    closed = [column for column in relation.columns.values() if column.values]
    sets = "".join(literal(each.values, named=set_name(relation, each.name)) + "\n" for each in closed)
    title = f'"""The {"view" if relation.is_view else "table"} `public.{relation.name}`."""\n'
    body = (f"{sets}\n\n" if sets else "\n") + _class(relation, schema)
    names = _exported([class_name(relation), *(set_name(relation, each.name) for each in closed)])
    return f"{HEADER}{title}\n{imports_for(body, modules_of(schema))}\n{names}\n{body}"


def _class(relation: Relation, schema: Schema) -> str:
    mark = "View" if relation.is_view else "SoftDeletable" if relation.row_id else "SoftDeleted"
    arguments = "" if relation.is_view else table_arguments(relation)
    info = '    __table_args__ = {"info": {"is_view": True}}  # noqa: RUF012\n' if relation.is_view else arguments
    columns = "".join(_column(relation, column) for column in relation.columns.values())
    links = "".join(["\n", *found]) if (found := list(_relationships(relation, schema))) else ""
    return f"""class {class_name(relation)}({mark}, Base):
{docstring(relation.comment, indent=4)}

    __tablename__ = "{relation.name}"
{info}
{columns}{links}"""


def _column(relation: Relation, column: Column) -> str:
    attribute = "metadata_" if column.name == "metadata" else column.name  # the name that Declarative keeps to itself
    kind = set_name(relation, column.name) if column.values else python_type(column.type)
    type_ = sql_type(column.type)
    arguments = [
        *([f'"{column.name}"'] if attribute != column.name else []),
        f"{_MUTABLE[column.type]}.as_mutable({type_})" if column.type in _MUTABLE else type_,
        *_options(relation, column),
    ]
    annotation = f"{kind} | None" if column.nullable else kind
    line = call(f"{attribute}: Mapped[{annotation}] = mapped_column", arguments, indent=4)
    return f"    {line}\n" + (f"{docstring(column.comment, indent=4)}\n" if column.comment else "")


def _options(relation: Relation, column: Column) -> Iterator[str]:
    if column.name in relation.key:
        yield "primary_key=True"
    if relation.is_view:
        yield "init=False"
        return
    made = column.name in _MADE_BY_THE_DATABASE
    if made:
        yield "init=False"
    elif column.nullable or column.default is not None:
        yield "default=None"
    if column.default is not None:
        yield f"server_default=text({string(column.default)})"
    elif made:
        yield "server_default=FetchedValue()"
    if column.name == "updated_at":
        yield "server_onupdate=FetchedValue()"
    if not column.readable:
        yield from ("deferred=True", 'deferred_group="sealed"', "deferred_raiseload=True")


def _relationships(relation: Relation, schema: Schema) -> Iterator[str]:
    for constraint in relation.constraints:
        parent = constraint.parent.removeprefix("public.")
        if constraint.kind == "f" and parent in schema.relations:
            nullable = any(relation.columns[column].nullable for column in constraint.columns)
            yield _relationship(singular(parent), f'"{class_name(parent)}{" | None" if nullable else ""}"')
    for child in schema.relations.values():
        if any(each.kind == "f" and each.parent == f"public.{relation.name}" for each in child.constraints):
            yield _relationship(child.name, f'list["{class_name(child)}"]')


def _relationship(name: str, annotation: str) -> str:
    arguments = ["init=False", "viewonly=True", 'lazy="raise"']
    return f"    {call(f'{name}: Mapped[{annotation}] = relationship', arguments, indent=4)}\n"
