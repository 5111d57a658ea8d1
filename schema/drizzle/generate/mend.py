"""From drizzle-kit's pull to `schema.ts`: its columns, mended where it gets them wrong; all else from the catalogue."""

import re
from collections.abc import Iterator

from schema.drizzle.generate.catalogue import Column, Schema, camel
from schema.drizzle.generate.extras import extras
from schema.drizzle.generate.typescript import HEADER, call, comment, sql, string, union

__all__ = ["mend"]

_RELATION = re.compile(
    r'^export const \w+ = pg(?P<kind>Table|View)\("(?P<name>\w+)", \{\s*(?P<columns>.*?)\n\}(?:, |\)\.)',
    re.MULTILINE | re.DOTALL,
)
_COLUMN = re.compile(r"(?P<key>\w+): (?P<type>\w+)\((?P<arguments>[^()]*)\)(?P<rest>.*),")
_CALLED = re.compile(r"(?<![\w.])([a-z]\w*)(?:\(|(?=``))")
_DOMAINS = {
    "e164": "e164",
    "public.e164": "e164",
    "private.ciphertext": "ciphertext",
    "private.keyed_hash": "keyedHash",
}
_NOT_OF_PG_CORE = {*_DOMAINS.values(), "sql"}
_STUB_TYPES = {"integer", "text", "uuid"}


def mend(pulled: str, schema: Schema) -> str:
    """Return the source of `schema.ts`.

    Args:
        pulled: what drizzle-kit wrote of a database, in an order of its own.
        schema: of the same database.
    """
    relations = sorted(
        (match["kind"] == "View", match["name"], match["columns"]) for match in _RELATION.finditer(pulled)
    )
    _refuse_unread({name for _, name, _ in relations}, schema)
    blocks = [
        *_stubs(schema),
        *(_relation(schema, *relation) for relation in relations),
        _sealed(schema),
        _deletable(schema),
    ]
    body = "\n".join(blocks)
    return f"{HEADER}{_imports(body)}\n{body}"


def _refuse_unread(found: set[str], schema: Schema) -> None:
    if found != schema.comments.keys():
        differing = ", ".join(sorted(found ^ schema.comments.keys()))
        raise ValueError(
            f"drizzle-kit's pull and the catalogue differ in {differing}: its output has another form now."
        )


def _imports(body: str) -> str:
    code = re.sub(r"`(?:[^`\\]|\\.)*`|/\*.*?\*/|//[^\n]*", "``", body, flags=re.DOTALL)
    names = {*_CALLED.findall(code)}
    return "".join(
        call("import ", sorted(imported), brackets="{}", tail=f' from "{module}";') + "\n"
        for imported, module in (
            (names & {"sql"}, "drizzle-orm"),
            (names - _NOT_OF_PG_CORE, "drizzle-orm/pg-core"),
            (names & {*_DOMAINS.values()}, "./src/types.ts"),
        )
    )


def _stubs(schema: Schema) -> Iterator[str]:
    """Yield what foreign keys refer to outside `public`: their columns only, and not exported."""
    parents = {row["parent"]: row for row in schema.constraints if row["parent_schema"] not in (None, "public")}
    for name, row in sorted(parents.items()):
        if not _STUB_TYPES.issuperset(row["parent_types"]):
            raise NotImplementedError(f"A foreign key to a {row['parent_types']}: teach the generator this type.")
        pairs = zip(row["parent_columns"], row["parent_types"], strict=True)
        columns = "".join(f'  {camel(column)}: {kind}("{column}").primaryKey(),\n' for column, kind in pairs)
        yield (
            "// What is referred to of a table that is nobody's but the owner's.\n"
            f'const {camel(name)} = pgSchema("{row["parent_schema"]}").table("{name}", {{\n{columns}}});\n'
        )


def _relation(schema: Schema, is_view: bool, name: str, columns: str) -> str:
    lines = [line.strip() for line in columns.splitlines() if not line.strip().startswith("//")]
    mended = "".join(_column(schema, name, line) for line in lines)
    head = f"{comment(schema.comments[name])}export const {camel(name)} = "
    if is_view:  # made by the migrations: Drizzle only reads it
        return f'{head}pgView("{name}", {{\n{mended}}}).existing();\n'
    rest = "".join(
        f"  {extra}{'' if extra.startswith('//') and chr(10) not in extra else ','}\n" for extra in extras(schema, name)
    )
    return f'{head}pgTable("{name}", {{\n{mended}}}, (table) => [\n{rest}]);\n'


def _column(schema: Schema, relation: str, line: str) -> str:
    match = _COLUMN.fullmatch(line)
    if match is None:
        raise ValueError(f"drizzle-kit wrote a column of {relation} in a form that the generator does not know: {line}")
    kind, arguments = match["type"], match["arguments"].replace("'", '"')
    named = re.match(r'"(\w+)"', arguments)
    column = schema.columns[relation, named[1] if named else match["key"]]
    if kind == "unknown":
        kind = _domain(column)
    if column.values:
        arguments = ", ".join(filter(None, [arguments, f"{{ enum: [{', '.join(map(string, column.values))}] }}"]))
    text = f"  {match['key']}: {kind}({arguments}){_rest(column, kind, match['rest'])},\n"
    return comment(column.comment, indent=2) + text


def _domain(column: Column) -> str:
    if column.type not in _DOMAINS:
        raise NotImplementedError(
            f"{column.relation}.{column.name} is a {column.type}: give it a type in src/types.ts."
        )
    return _DOMAINS[column.type]


def _rest(column: Column, kind: str, rest: str) -> str:
    """Return what follows the type; a view's column has what drizzle-kit leaves out, a key its place in the table."""
    rest = rest.replace(".primaryKey()", "")
    if kind == "jsonb":
        rest = f".$type<Record<string, unknown>>(){rest}"  # what the checks of the schema let in
    if column.type.endswith("[]"):
        rest = re.sub(r"\.default\(.*?\)(?=\.|$)", "", rest.replace(".array()", ""))
        rest = f".array(){f'.default({sql(column.default)})' if column.default else ''}{rest}"
    return rest if rest.endswith(".notNull()") or not column.never_null else f"{rest}.notNull()"


def _sealed(schema: Schema) -> str:
    """Return the columns that members may not read, by relation."""
    lines = []
    for name in sorted(schema.comments):
        sealed = [camel(column.name) for column in schema.of(name) if not column.readable]
        if any(column.readable for column in schema.of(name)) and sealed:
            lines.append(f"  {name}: [{', '.join(map(string, sealed))}],\n")
    title = comment("The columns that members may not read, by table.")
    return f"{title}export const sealed = {{\n{''.join(lines)}}} as const;\n"


def _deletable(schema: Schema) -> str:
    title = comment("The tables whose rows are deleted softly by their id.")
    return f"{title}export type DeletableTable = {union(schema.deletable)};\n"
