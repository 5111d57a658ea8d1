"""The module `src/functions.ts`: a typed call for each function of the schema `public`."""

from collections.abc import Iterable, Iterator

from schema.drizzle.generate.catalogue import Row, Schema, camel
from schema.drizzle.generate.known import ANSWERS, NULLABLE, ROWS_OF, WRITES
from schema.drizzle.generate.typescript import HEADER, comment, string, union

__all__ = ["functions_module"]

_TYPES = {
    "uuid": "string",
    "text": "string",
    "e164": "string",
    "public.e164": "string",
    "date": "string",
    "timestamp with time zone": "string",
    "smallint": "number",
    "integer": "number",
    "bigint": "number",
    "boolean": "boolean",
    "jsonb": "Record<string, unknown>",
}


def functions_module(schema: Schema) -> str:
    """Return the module's source."""
    body = "\n".join(part for function in schema.functions for part in _parts(function, schema))
    tables = sorted({camel(row["relation"]) for row in schema.functions if row["relation"]})
    readers = [name for name in ("record", "records", "scalar", "table") if f"return {name}(" in body]
    imports = [
        f'import {{ type DeletableTable, {", ".join(tables)} }} from "../schema.ts";',
        f'import {{ {", ".join(["type Asking", *readers])} }} from "./call.ts";',
    ]
    return f"{HEADER}" + "\n".join(imports) + f"\n\n{body}"


def _parts(function: Row, schema: Schema) -> Iterator[str]:
    if _outputs(function):
        yield _row_type(function, schema)
    yield _function(function, schema)


def _inputs(function: Row) -> list[Row]:
    return [each for each in function["parameters"] if each["mode"] == "i"]


def _outputs(function: Row) -> list[Row]:
    return [each for each in function["parameters"] if each["mode"] in "ot"]


def _pascal(name: str) -> str:
    return camel(name)[0].upper() + camel(name)[1:]


def _type(declared: str) -> str:
    if declared.endswith("[]"):
        return f"{_type(declared.removesuffix('[]'))}[]"
    if declared not in _TYPES:
        raise NotImplementedError(f"A function takes or returns a {declared}: teach the generator this type.")
    return _TYPES[declared]


def _row_type(function: Row, schema: Schema) -> str:
    fields = "".join(f"  {camel(each['name'])}: {_output(function, each, schema)};\n" for each in _outputs(function))
    title = comment(f"A row of what `{function['name']}` returns.")
    return f"{title}export interface {_pascal(function['name'])}Row {{\n{fields}}}\n"


def _output(function: Row, output: Row, schema: Schema) -> str:
    key = function["name"], output["name"]
    column = schema.columns.get((ROWS_OF.get(function["name"], ""), output["name"]))
    values = ANSWERS.get(key, column.values if column else ())
    nullable = not column.never_null if column else key in NULLABLE
    return (union(values) or _type(output["type"])) + (" | null" if nullable else "")


def _function(function: Row, schema: Schema) -> str:
    name, inputs = function["name"], _inputs(function)
    arguments = "".join(_argument(function, each, schema) for each in inputs)
    given = f", given: {{\n{arguments}}}" if inputs else ""
    returned, reader, extra = _returned(function)
    passed = _object(f"{each['name']}: [given.{camel(each['name'])}, {string(each['type'])}]" for each in inputs)
    body = f"return {', '.join([f'{reader}(asking, {string(name)}', passed, *extra])});"
    head = f"export function {camel(name)}(asking: Asking{given}): Promise<{returned}>"
    return f"{comment(function['comment'])}{head} {{\n  {body}\n}}\n"


def _object(fields: Iterable[str]) -> str:
    lines = "".join(f"    {field},\n" for field in fields)
    return f"{{\n{lines}  }}" if lines else "{}"


def _argument(function: Row, argument: Row, schema: Schema) -> str:
    if argument["name"] == "table_name":
        kind = "DeletableTable"
    else:
        column = schema.columns.get((WRITES.get(function["name"], ""), argument["name"]))
        kind = union(column.values if column else ()) or _type(argument["type"])
    optional = "?: " + f"{kind} | undefined" if argument["has_default"] else f": {kind}"
    return f"  {camel(argument['name'])}{optional};\n"


def _returned(function: Row) -> tuple[str, str, list[str]]:
    """Return the type of what a function returns, who reads it, and what that one takes beside the arguments."""
    if function["relation"]:
        name = camel(function["relation"])
        return f"(typeof {name}.$inferSelect)[]", "table", [name]
    if outputs := _outputs(function):
        many, kind = function["is_set"], f"{_pascal(function['name'])}Row"
        columns = _object(f"{camel(each['name'])}: {_reader(each)}" for each in outputs)
        return (f"{kind}[]", "records", [columns]) if many else (kind, "record", [columns])
    return (
        union(ANSWERS.get((function["name"], "result"), ())) or _type(function["returns"]),
        "scalar",
        _decoded(function["returns"]),
    )


def _reader(output: Row) -> str:
    return f"[{', '.join([string(output['name']), *_decoded(output['type'])])}]"


def _decoded(declared: str) -> list[str]:
    """Return what makes a value of what drivers give; they leave whole numbers of 8 bytes as text."""
    return ["Number"] if declared == "bigint" else []
