"""What a parsed statement does to which objects: makes, alters, drops, renames, grants."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType, GrantTargetType, ObjectType, RoleSpecType

from schemaproof.origins.names import Path, of_object, part, qualified, relation, routine, strings

__all__ = ["Altered", "Dropped", "Effect", "Granted", "Made", "Moved", "effects"]


@dataclass(frozen=True)
class Made:
    """The object is defined here; `offset` is its place in the statement, in characters."""

    path: Path
    offset: int = 0


@dataclass(frozen=True)
class Altered:
    """One property of the object, by the catalogue's name of it, is set here."""

    path: Path
    property: str


@dataclass(frozen=True)
class Dropped:
    """The object is gone, with everything in it."""

    path: Path


@dataclass(frozen=True)
class Moved:
    """The object has another name or schema from here on."""

    path: Path
    to: Path


@dataclass(frozen=True)
class Granted:
    """Privileges change hands; a path that ends with a schema (`relation`, `public`) is for all that is in it.

    Args:
        path: the object.
        roles: to or from whom; PUBLIC is `public`.
        privileges: in upper case; None is all of them.
        revoked: whether they are taken.
        sequences: of a grant on all relations of a schema, whether on its sequences, or on all others.
    """

    path: Path
    roles: frozenset[str]
    privileges: frozenset[str] | None
    revoked: bool
    sequences: bool | None = None


Effect = Made | Altered | Dropped | Moved | Granted

_TABLE_PROPERTIES = {
    AlterTableType.AT_AddInherit: "inherits",
    AlterTableType.AT_AttachPartition: "inherits",
    AlterTableType.AT_ChangeOwner: "owner",
    AlterTableType.AT_DisableRowSecurity: "row_security",
    AlterTableType.AT_DropInherit: "inherits",
    AlterTableType.AT_EnableRowSecurity: "row_security",
    AlterTableType.AT_ForceRowSecurity: "force_row_security",
    AlterTableType.AT_NoForceRowSecurity: "force_row_security",
    AlterTableType.AT_ReplicaIdentity: "replica_identity",
    AlterTableType.AT_ResetRelOptions: "options",
    AlterTableType.AT_SetLogged: "persistence",
    AlterTableType.AT_SetRelOptions: "options",
    AlterTableType.AT_SetUnLogged: "persistence",
}
_PART_PROPERTIES = {
    AlterTableType.AT_AddIdentity: ("column", "identity"),
    AlterTableType.AT_AlterColumnType: ("column", "type"),
    AlterTableType.AT_ColumnDefault: ("column", "default"),
    AlterTableType.AT_DisableTrig: ("trigger", "enabled"),
    AlterTableType.AT_DropExpression: ("column", "generated"),
    AlterTableType.AT_DropIdentity: ("column", "identity"),
    AlterTableType.AT_DropNotNull: ("column", "not_null"),
    AlterTableType.AT_EnableAlwaysTrig: ("trigger", "enabled"),
    AlterTableType.AT_EnableReplicaTrig: ("trigger", "enabled"),
    AlterTableType.AT_EnableTrig: ("trigger", "enabled"),
    AlterTableType.AT_SetCompression: ("column", "compression"),
    AlterTableType.AT_SetIdentity: ("column", "identity"),
    AlterTableType.AT_SetNotNull: ("column", "not_null"),
    AlterTableType.AT_SetStatistics: ("column", "statistics"),
    AlterTableType.AT_SetStorage: ("column", "storage"),
    AlterTableType.AT_ValidateConstraint: ("constraint", "validated"),
}
_KEYS = (ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE, ConstrType.CONSTR_EXCLUSION)
# The endings of the names that PostgreSQL gives to constraints without one.
_ENDINGS = {
    ConstrType.CONSTR_CHECK: "check",
    ConstrType.CONSTR_EXCLUSION: "excl",
    ConstrType.CONSTR_FOREIGN: "fkey",
    ConstrType.CONSTR_PRIMARY: "pkey",
    ConstrType.CONSTR_UNIQUE: "key",
}
_DEFAULTS = {
    ObjectType.OBJECT_FUNCTION: "functions",
    ObjectType.OBJECT_SCHEMA: "schemas",
    ObjectType.OBJECT_SEQUENCE: "sequences",
    ObjectType.OBJECT_TABLE: "tables",
    ObjectType.OBJECT_TYPE: "types",
}


def effects(statement: Any) -> Iterator[Effect]:
    """List the effects of a statement of pglast; none of those that this module does not follow."""
    if (read := _READERS.get(type(statement))) is not None:
        yield from read(statement)


def _create_table(node: Any) -> Iterator[Effect]:
    base: Any = node.base if isinstance(node, ast.CreateForeignTableStmt) else node
    table = relation(base.relation)
    yield Made(table)
    for element in base.tableElts or ():
        if isinstance(element, ast.ColumnDef):
            yield from _column(table, element)
        elif isinstance(element, ast.Constraint):
            yield from _constraint(table, element, ())


def _column(table: Path, node: Any) -> Iterator[Effect]:
    yield Made(part("column", table, node.colname), node.location)
    yield Made((*table[:-1], f"{table[-1]}_{node.colname}_seq"), node.location)
    for constraint in node.constraints or ():
        yield from _constraint(table, constraint, (node.colname,))


def _constraint(table: Path, node: Any, columns: tuple[str, ...]) -> Iterator[Effect]:
    if node.contype not in _ENDINGS:
        return
    keys = columns or tuple(strings(node.keys or node.fk_attrs or ()))
    middle = () if node.contype == ConstrType.CONSTR_PRIMARY else keys
    name = node.conname or "_".join((table[-1], *middle, _ENDINGS[node.contype]))
    yield Made(part("constraint", table, name), node.location)
    if node.contype in _KEYS:
        yield Made((*table[:-1], name), node.location)


def _alter_table(node: Any) -> Iterator[Effect]:
    for command in node.cmds:
        yield from _alter_table_command(relation(node.relation), command)


def _alter_table_command(table: Path, command: Any) -> Iterator[Effect]:
    kind = command.subtype
    if kind == AlterTableType.AT_AddColumn:
        yield from _column(table, command.def_)
    elif kind == AlterTableType.AT_AddConstraint:
        yield from _constraint(table, command.def_, ())
    elif kind == AlterTableType.AT_DropColumn:
        yield Dropped(part("column", table, command.name))
    elif kind == AlterTableType.AT_DropConstraint:
        yield Dropped(part("constraint", table, command.name))
        yield Dropped((*table[:-1], command.name))
    elif kind == AlterTableType.AT_AlterConstraint:
        yield Altered(part("constraint", table, command.def_.conname), "deferrable")
    elif kind in _TABLE_PROPERTIES:
        yield Altered(table, _TABLE_PROPERTIES[kind])
    elif kind in _PART_PROPERTIES:
        whole, name = _PART_PROPERTIES[kind]
        yield Altered(part(whole, table, command.name), name)


def _create_index(node: Any) -> Iterator[Effect]:
    table = relation(node.relation)
    columns = [element.name or "expr" for element in node.indexParams]
    yield Made((*table[:-1], node.idxname or "_".join((table[-1], *columns, "idx"))))


def _create_domain(node: Any) -> Iterator[Effect]:
    domain = ("type", *qualified(strings(node.domainname)))
    yield Made(domain)
    for constraint in node.constraints or ():
        yield from _constraint(domain, constraint, ())


def _alter_domain(node: Any) -> Iterator[Effect]:
    domain = ("type", *qualified(strings(node.typeName)))
    if node.subtype == "C":
        yield from _constraint(domain, node.def_, ())
    elif node.subtype == "X":
        yield Dropped(part("constraint", domain, node.name))


def _define(node: Any) -> Iterator[Effect]:
    names = strings(node.defnames)
    if node.kind == ObjectType.OBJECT_AGGREGATE:
        yield Made(routine(names, node.args[0] or ()))
    elif node.kind in (ObjectType.OBJECT_TYPE, ObjectType.OBJECT_COLLATION):
        yield Made(("type" if node.kind == ObjectType.OBJECT_TYPE else "collation", *qualified(names)))


def _alter_function(node: Any) -> Iterator[Effect]:
    if (path := of_object(node.objtype, node.func)) is not None:
        yield Made(path)


def _alter_owner(node: Any) -> Iterator[Effect]:
    yield from _altered(node.objectType, node.object, "owner")


def _comment(node: Any) -> Iterator[Effect]:
    yield from _altered(node.objtype, node.object, "comment")


def _altered(kind: ObjectType, node: Any, name: str) -> Iterator[Effect]:
    if (path := of_object(kind, node)) is not None:
        yield Altered(path, name)


def _drop(node: Any) -> Iterator[Effect]:
    for item in node.objects:
        if (path := of_object(node.removeType, item)) is not None:
            yield Dropped(path)


def _rename(node: Any) -> Iterator[Effect]:
    path = _renamed(node)
    if path is None:
        return
    if path[0] == "routine":
        yield Moved(path, (*path[:2], node.newname, *path[3:]))
    else:
        yield Moved(path, (*path[:-1], node.newname))


def _renamed(node: Any) -> Path | None:
    if node.relation is None:
        return of_object(node.renameType, node.object or ast.String(sval=node.subname))
    if node.subname is None:
        return relation(node.relation)
    return of_object(node.renameType, tuple(map(_string, (*relation(node.relation)[1:], node.subname))))


def _string(text: str) -> Any:
    return ast.String(sval=text)


def _set_schema(node: Any) -> Iterator[Effect]:
    path = of_object(node.objectType, node.relation or node.object)
    if path is not None:
        yield Moved(path, (path[0], node.newschema, *path[2:]))


def _grant(node: Any) -> Iterator[Effect]:
    roles = frozenset(_role(each) for each in node.grantees)
    if node.targtype == GrantTargetType.ACL_TARGET_ALL_IN_SCHEMA:
        space = "routine" if node.objtype == ObjectType.OBJECT_FUNCTION else "relation"
        paths: Iterable[Path | None] = [(space, schema) for schema in strings(node.objects)]
    else:
        paths = [of_object(node.objtype, item) for item in node.objects]
    of_all = node.targtype == GrantTargetType.ACL_TARGET_ALL_IN_SCHEMA
    sequences = node.objtype == ObjectType.OBJECT_SEQUENCE if of_all else None
    for path in paths:
        if path is not None:
            granted = Granted(path, roles, None, revoked=not node.is_grant, sequences=sequences)
            yield from _grants(granted, node.privileges)


def _grants(all_of_them: Granted, privileges: Iterable[Any] | None) -> Iterator[Effect]:
    if privileges is None:
        yield all_of_them
    for privilege in privileges or ():
        named = replace(all_of_them, privileges=frozenset({(privilege.priv_name or "all").upper()}))
        if privilege.cols is None:
            yield named
        for column in privilege.cols or ():
            yield replace(named, path=part("column", all_of_them.path, column.sval))


def _role(node: Any) -> str:
    return "public" if node.roletype == RoleSpecType.ROLESPEC_PUBLIC else str(node.rolename)


def _default_privileges(node: Any) -> Iterator[Effect]:
    schemas = [strings(option.arg) for option in node.options or () if option.defname == "schemas"]
    kind = _DEFAULTS.get(node.action.objtype)
    for schema in schemas[0] if schemas else [None]:
        if kind is not None:
            yield Made(("default privileges", *([schema] if schema else []), kind))


def _make_part(kind: str, name: str, table: str = "relation") -> Callable[[Any], Iterator[Effect]]:
    def read(node: Any) -> Iterator[Effect]:
        yield Made(part(kind, relation(getattr(node, table)), getattr(node, name)))

    return read


def _make_named(kind: str, name: str) -> Callable[[Any], Iterator[Effect]]:
    def read(node: Any) -> Iterator[Effect]:
        yield Made((kind, getattr(node, name)))

    return read


def _make_in_a_schema(kind: str, names: str) -> Callable[[Any], Iterator[Effect]]:
    def read(node: Any) -> Iterator[Effect]:
        yield Made((kind, *qualified(strings(getattr(node, names)))))

    return read


_READERS: dict[type, Callable[[Any], Iterator[Effect]]] = {
    ast.AlterDefaultPrivilegesStmt: _default_privileges,
    ast.AlterDomainStmt: _alter_domain,
    ast.AlterEnumStmt: _make_in_a_schema("type", "typeName"),
    ast.AlterFunctionStmt: _alter_function,
    ast.AlterObjectSchemaStmt: _set_schema,
    ast.AlterOwnerStmt: _alter_owner,
    ast.AlterPolicyStmt: _make_part("policy", "policy_name", "table"),
    ast.AlterTableStmt: _alter_table,
    ast.CommentStmt: _comment,
    ast.CompositeTypeStmt: lambda node: iter([Made(("type", *relation(node.typevar)[1:]))]),
    ast.CreateDomainStmt: _create_domain,
    ast.CreateEnumStmt: _make_in_a_schema("type", "typeName"),
    ast.CreateEventTrigStmt: _make_named("event trigger", "trigname"),
    ast.CreateExtensionStmt: _make_named("extension", "extname"),
    ast.CreateFdwStmt: _make_named("foreign-data wrapper", "fdwname"),
    ast.CreateForeignServerStmt: _make_named("foreign server", "servername"),
    ast.CreateForeignTableStmt: _create_table,
    ast.CreateFunctionStmt: lambda node: iter([Made(routine(strings(node.funcname), node.parameters or ()))]),
    ast.CreatePolicyStmt: _make_part("policy", "policy_name", "table"),
    ast.CreatePublicationStmt: _make_named("publication", "pubname"),
    ast.CreateRangeStmt: _make_in_a_schema("type", "typeName"),
    ast.CreateRoleStmt: _make_named("role", "role"),
    ast.CreateSchemaStmt: _make_named("schema", "schemaname"),
    ast.CreateSeqStmt: lambda node: iter([Made(relation(node.sequence))]),
    ast.CreateStatsStmt: _make_in_a_schema("statistics", "defnames"),
    ast.CreateStmt: _create_table,
    ast.CreateTableAsStmt: lambda node: iter([Made(relation(node.into.rel))]),
    ast.CreateTrigStmt: _make_part("trigger", "trigname"),
    ast.DefineStmt: _define,
    ast.DropStmt: _drop,
    ast.GrantStmt: _grant,
    ast.IndexStmt: _create_index,
    ast.RenameStmt: _rename,
    ast.RuleStmt: _make_part("rule", "rulename"),
    ast.ViewStmt: lambda node: iter([Made(relation(node.view))]),
}
