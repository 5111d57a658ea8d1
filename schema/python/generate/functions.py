"""The module `messaging_schema.functions`: a typed call for each function of the schema `public`."""

from collections.abc import Iterator

from schema.python.generate.catalogue import Function, Parameter, Schema
from schema.python.generate.code import (
    HEADER,
    call,
    camel,
    class_name,
    docstring,
    literal,
    python_type,
    set_name,
    sql_type,
)
from schema.python.generate.imports import imports_for
from schema.python.generate.known import ANSWERS, NULLABLE, ROWS_OF, WRITES
from schema.python.generate.models import modules_of

__all__ = ["functions_module"]

_DOC = '''"""The functions of the schema `public`, typed: each returns a call for `Session.call` to carry out.

Where an argument has a default in the schema, None leaves it to that.
"""
'''


def functions_module(schema: Schema) -> str:
    """Return the module's source."""
    with_rows = [each for each in schema.functions if each.outputs]
    definitions = [
        *(_row_class(each, schema) for each in with_rows),
        *(_function(each, schema) for each in schema.functions),
    ]
    deletable = sorted(name for name, relation in schema.relations.items() if relation.row_id)
    body = literal(deletable, named="DeletableTable") + "\n\n\n" + "\n\n".join(definitions)
    names = ["DeletableTable", *map(_row_name, with_rows), *(each.name for each in schema.functions)]
    exported = call("__all__ = ", [f'"{name}"' for name in sorted(names, key=_order)], brackets="[]")
    return f"{HEADER}{_DOC}\n{imports_for(body, modules_of(schema) | dict(_sets(schema)))}\n{exported}\n\n{body}"


def _order(name: str) -> tuple[bool, str]:
    return name[0].islower(), name


def _sets(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield each closed set's name and module."""
    for relation in schema.relations.values():
        for column in relation.columns.values():
            if column.values:
                yield set_name(relation, column.name), modules_of(schema)[class_name(relation)]


def _row_name(function: Function) -> str:
    return f"{camel(function.name)}Row"


def _row_class(function: Function, schema: Schema) -> str:
    fields = "".join(f"    {each.name}: {_output_type(function, each, schema)}\n" for each in function.outputs)
    title = docstring(f"A row of what `{function.name}` returns.", indent=4)
    return f"@dataclass(frozen=True)\nclass {_row_name(function)}:\n{title}\n\n{fields}"


def _output_type(function: Function, output: Parameter, schema: Schema) -> str:
    table = ROWS_OF.get(function.name)
    column = schema.relations[table].columns[output.name] if table else None
    nullable = column.nullable if column else output.name in NULLABLE.get(function.name, ())
    kind = set_name(table, output.name) if table and column and column.values else _answer(function, output)
    return f"{kind} | None" if nullable else kind


def _answer(function: Function, output: Parameter) -> str:
    values = ANSWERS.get((function.name, output.name))
    return literal(values) if values else python_type(output.type)


def _function(function: Function, schema: Schema) -> str:
    returned, reader = _returned(function)
    parameters = list(_parameters(function, schema))
    arguments = [*reader[1:], f'"{function.name}"', *map(_argument, function.arguments)]
    head = call(f"def {function.name}", parameters, tail=f" -> Call[{returned}]:")
    return f"{head}\n{docstring(function.comment, indent=4)}\n    {call(f'return {reader[0]}', arguments, indent=4)}\n"


def _returned(function: Function) -> tuple[str, list[str]]:
    """Return the type in Python of what a function returns, and who reads it with what."""
    if function.relation:
        name = class_name(function.relation)
        return f"list[{name}]", ["entities", name]
    if function.outputs:
        name = _row_name(function)
        return (f"list[{name}]", ["records", name]) if function.is_set else (name, ["record", name])
    return _answer(function, Parameter("result", function.returns)), ["scalar"]


def _parameters(function: Function, schema: Schema) -> Iterator[str]:
    """Yield the parameters; those with a default are given by name."""
    with_default = [each for each in function.arguments if each.has_default]
    for argument in function.arguments:
        if with_default and argument is with_default[0]:
            yield "*"
        kind = _parameter_type(function, argument, schema)
        yield f"{argument.name}: {kind}" + (" | None = None" if argument.has_default else "")


def _parameter_type(function: Function, argument: Parameter, schema: Schema) -> str:
    if argument.name == "table_name":
        return "DeletableTable"
    table = WRITES.get(function.name)
    column = schema.relations[table].columns.get(argument.name) if table else None
    return set_name(table, argument.name) if table and column and column.values else python_type(argument.type)


def _argument(argument: Parameter) -> str:
    given = [f'"{argument.name}"', argument.name, sql_type(argument.type)]
    return call("Argument", [*given, *(["has_default=True"] if argument.has_default else [])], indent=8)
