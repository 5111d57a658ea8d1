"""Follows a statement: what it makes of the schema that is known so far."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType, GrantTargetType, ObjectType

from schemaproof.lint.dependents import Dependent, taken_along
from schemaproof.lint.names import label, names_label, part_of, role_of, routine_label, routine_name, written
from schemaproof.lint.schema import Column, Constraint, Enum, Function, Policy, Relation, Schema, Trigger
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a
from schemaproof.origins.names import strings

__all__ = ["follow", "is_on"]

_VIEWS = (ObjectType.OBJECT_VIEW, ObjectType.OBJECT_MATVIEW)
_RELATIONS = (*_VIEWS, ObjectType.OBJECT_TABLE, ObjectType.OBJECT_FOREIGN_TABLE)
_ROUTINES = (ObjectType.OBJECT_FUNCTION, ObjectType.OBJECT_PROCEDURE, ObjectType.OBJECT_ROUTINE)
_ENDINGS = {
    ConstrType.CONSTR_CHECK: "check",
    ConstrType.CONSTR_EXCLUSION: "excl",
    ConstrType.CONSTR_FOREIGN: "fkey",
    ConstrType.CONSTR_PRIMARY: "pkey",
    ConstrType.CONSTR_UNIQUE: "key",
}
_COMMANDS = {"all": "ALL", "select": "SELECT", "insert": "INSERT", "update": "UPDATE", "delete": "DELETE"}


def follow(schema: Schema, step: Step) -> None:
    """Change `schema` as the step does; what this module does not know of changes nothing."""
    along = taken_along(schema, step.node)
    if (read := _READERS.get(type(step.node))) is not None:
        read(schema, step, step.node)
    for each in along:
        _take_along(schema, each)


def _take_along(schema: Schema, dependent: Dependent) -> None:
    match dependent.kind:
        case "policy":
            schema.policies.pop(dependent.key, None)
        case "trigger":
            schema.triggers.pop(dependent.key, None)
        case "foreign key" | "constraint":
            schema.constraints.pop(dependent.key, None)
        case "column":
            schema.relation(dependent.key[0]).columns.pop(dependent.key[1], None)
        case "function":
            schema.functions.pop(dependent.key, None)
        case _:
            drop_relation(schema, dependent.key)


def is_on(options: Iterable[Any] | None, name: str) -> bool | None:
    """Return whether WITH (…) switches an option on; None where it does not say."""
    for option in options or ():
        if option.defname == name:
            return option.arg is None or strings_of(option.arg) in ("true", "on", "1", "yes")
    return None


def strings_of(value: Any) -> str:
    """Return the text of an option's value."""
    found = next((str(getattr(value, name)) for name in ("sval", "ival", "boolval") if hasattr(value, name)), "")
    return (found or "".join(strings(value.names) if hasattr(value, "names") else ())).lower()


def _make(schema: Schema, step: Step, node: Any, kind: str) -> Relation:
    name = label(node)
    old = schema.relations.get(name)
    made = Relation(name, kind, step, is_new=step.is_new or node.relpersistence == "t")
    if old is not None and old.kind == kind == "view":  # replaced: what was granted stays
        made.grants = old.grants
    else:
        for scope in (None, made.schema):
            for role, privileges in schema.defaults.get(scope, {}).items():
                made.grants[role] |= privileges
    schema.relations[name] = made
    return made


def _create_table(schema: Schema, step: Step, node: Any) -> None:
    base = node.base if is_a(node, ast.CreateForeignTableStmt) else node
    if base.if_not_exists and label(base.relation) in schema.relations:
        return
    table = _make(schema, step, base.relation, "table")
    for element in base.tableElts or ():
        if is_a(element, ast.ColumnDef):
            _add_column(schema, step, table, element)
        elif is_a(element, ast.Constraint):
            _add_constraint(schema, step, table.label, element)


def _add_column(schema: Schema, step: Step, table: Relation, node: Any) -> None:
    own = node.constraints or ()
    required = any(each.contype in (ConstrType.CONSTR_NOTNULL, ConstrType.CONSTR_PRIMARY) for each in own)
    table.columns.setdefault(node.colname, Column(node.typeName, not_null=required))
    for each in own:
        _add_constraint(schema, step, table.label, each, (node.colname,))


def _add_constraint(schema: Schema, step: Step, table: str, node: Any, columns: tuple[str, ...] = ()) -> None:
    if node.contype not in _ENDINGS:
        return
    columns = columns or tuple(strings(node.keys or node.fk_attrs or ()))
    middle = () if node.contype == ConstrType.CONSTR_PRIMARY else columns
    bare = table.rpartition(".")[2].strip('"')
    name = node.conname or "_".join((bare, *middle, _ENDINGS[node.contype]))
    schema.constraints[table, name] = Constraint(table, name, node, not node.skip_validation, columns, step)


def _create_table_as(schema: Schema, step: Step, node: Any) -> None:
    kind = "materialized view" if node.objtype == ObjectType.OBJECT_MATVIEW else "table"
    made = _make(schema, step, node.into.rel, kind)
    made.query = node.query if kind != "table" else None


def _create_view(schema: Schema, step: Step, node: Any) -> None:
    view = _make(schema, step, node.view, "view")
    view.query, view.invoker = node.query, bool(is_on(node.options, "security_invoker"))


def _create_function(schema: Schema, step: Step, node: Any) -> None:
    options = {option.defname: option.arg for option in node.options or ()}
    has_path = any(option.defname == "set" and option.arg.name == "search_path" for option in node.options or ())
    definer = bool(getattr(options.get("security"), "boolval", False))
    name = routine_label(node.funcname, node.parameters or ())
    schema.functions[name] = Function(name, node, step, definer, has_path)


def _alter_function(schema: Schema, _: Step, node: Any) -> None:
    parameters = None if node.func.args_unspecified else node.func.objfuncargs or ()
    for function in schema.routines(routine_label(node.func.objname, parameters)):
        for action in node.actions:
            if action.defname == "security":
                function.definer = bool(action.arg.boolval)
            elif action.defname == "set" and action.arg.name in ("search_path", None):
                function.has_path = bool(action.arg.args)


def _create_policy(schema: Schema, step: Step, node: Any) -> None:
    table = label(node.table)
    roles = tuple(role_of(role) for role in node.roles or ())
    schema.policies[table, node.policy_name] = Policy(
        table, node.policy_name, node.permissive, _COMMANDS[node.cmd_name], roles, node.qual, node.with_check, step
    )


def _alter_policy(schema: Schema, step: Step, node: Any) -> None:
    key = label(node.table), node.policy_name
    if (old := schema.policies.get(key)) is not None:
        schema.policies[key] = replace(
            old,
            roles=tuple(role_of(role) for role in node.roles) if node.roles else old.roles,
            using=node.qual or old.using,
            check=node.with_check or old.check,
            step=step,
        )


def _create_trigger(schema: Schema, step: Step, node: Any) -> None:
    table = label(node.relation)
    columns = tuple(strings(node.columns or ()))
    schema.triggers[table, node.trigname] = Trigger(table, node.trigname, names_label(node.funcname), columns, step)


def _create_enum(schema: Schema, step: Step, node: Any) -> None:
    name = names_label(node.typeName)
    schema.enums[name] = Enum(name, strings(node.vals or ()), step)


def _alter_enum(schema: Schema, _: Step, node: Any) -> None:
    if (enum := schema.enums.get(names_label(node.typeName))) is not None and node.newVal:
        enum.values = [each for each in enum.values if each not in (node.oldVal, node.newVal)] + [node.newVal]


def _create_index(schema: Schema, _: Step, node: Any) -> None:
    if node.idxname:
        table = label(node.relation)
        schema.indexes[f"{table.partition('.')[0]}.{node.idxname}"] = table


def _alter_table(schema: Schema, step: Step, node: Any) -> None:
    table = schema.relations.setdefault(label(node.relation), Relation(label(node.relation), known=False))
    for command in node.cmds or ():
        _alter_table_command(schema, step, table, command)


def _alter_table_command(schema: Schema, step: Step, table: Relation, command: Any) -> None:  # noqa: C901 - a table
    key = (table.label, command.name)
    match command.subtype:
        case AlterTableType.AT_AddColumn:
            _add_column(schema, step, table, command.def_)
        case AlterTableType.AT_DropColumn:
            table.columns.pop(command.name, None)
        case AlterTableType.AT_AlterColumnType:
            table.columns[command.name] = replace(_column(table, command.name), type=command.def_.typeName)
        case AlterTableType.AT_SetNotNull | AlterTableType.AT_DropNotNull:
            required = command.subtype == AlterTableType.AT_SetNotNull
            table.columns[command.name] = replace(_column(table, command.name), not_null=required)
        case AlterTableType.AT_AddConstraint:
            _add_constraint(schema, step, table.label, command.def_)
        case AlterTableType.AT_DropConstraint:
            schema.constraints.pop(key, None)
        case AlterTableType.AT_ValidateConstraint if key in schema.constraints:
            schema.constraints[key] = replace(schema.constraints[key], validated=True)
        case AlterTableType.AT_EnableRowSecurity | AlterTableType.AT_DisableRowSecurity:
            table.row_security = command.subtype == AlterTableType.AT_EnableRowSecurity
        case AlterTableType.AT_ForceRowSecurity | AlterTableType.AT_NoForceRowSecurity:
            table.forced = command.subtype == AlterTableType.AT_ForceRowSecurity
        case AlterTableType.AT_SetRelOptions | AlterTableType.AT_ResetRelOptions:
            said = is_on(command.def_, "security_invoker")
            if said is not None:
                table.invoker = said and command.subtype == AlterTableType.AT_SetRelOptions
        case subtype if subtype in _SWITCHES:
            _switch_triggers(schema, table.label, command.name, on=_SWITCHES[subtype])


def _column(table: Relation, name: str) -> Column:
    return table.columns.get(name) or Column(None)


_SWITCHES = {
    AlterTableType.AT_DisableTrig: False,
    AlterTableType.AT_DisableTrigAll: False,
    AlterTableType.AT_DisableTrigUser: False,
    AlterTableType.AT_EnableTrig: True,
    AlterTableType.AT_EnableTrigAll: True,
    AlterTableType.AT_EnableTrigUser: True,
    AlterTableType.AT_EnableAlwaysTrig: True,
    AlterTableType.AT_EnableReplicaTrig: True,
}


def _switch_triggers(schema: Schema, table: str, name: str | None, *, on: bool) -> None:
    for key, trigger in schema.triggers.items():
        if trigger.table == table and name in (None, trigger.name):
            schema.triggers[key] = replace(trigger, enabled=on)


def _drop(schema: Schema, _: Step, node: Any) -> None:
    for item in node.objects:
        if node.removeType in _RELATIONS:
            drop_relation(schema, names_label(item))
        elif node.removeType in _ROUTINES:
            parameters = None if item.args_unspecified else item.objfuncargs or ()
            for function in schema.routines(routine_label(item.objname, parameters)):
                del schema.functions[function.label]
        elif node.removeType in _DROPPED:
            _DROPPED[node.removeType](schema, item)


def _drop_schema(schema: Schema, item: Any) -> None:
    for name in [each.label for each in schema.relations.values() if each.schema == written(item.sval)]:
        drop_relation(schema, name)


_DROPPED: dict[ObjectType, Callable[[Schema, Any], object]] = {
    ObjectType.OBJECT_INDEX: lambda schema, item: schema.indexes.pop(names_label(item), None),
    ObjectType.OBJECT_POLICY: lambda schema, item: schema.policies.pop(part_of(item), None),
    ObjectType.OBJECT_SCHEMA: _drop_schema,
    ObjectType.OBJECT_TRIGGER: lambda schema, item: schema.triggers.pop(part_of(item), None),
    ObjectType.OBJECT_TYPE: lambda schema, item: schema.enums.pop(names_label(item), None),
}


def drop_relation(schema: Schema, name: str) -> None:
    """Take a relation away, with what is a part of it."""
    schema.relations.pop(name, None)
    for parts in (schema.policies, schema.triggers, schema.constraints):
        for key in [key for key in parts if key[0] == name]:
            del parts[key]


def _rename(schema: Schema, _: Step, node: Any) -> None:
    if node.relation is None:
        if node.renameType in _ROUTINES:
            _rename_routines(schema, node)
        return
    name = label(node.relation)
    if node.renameType == ObjectType.OBJECT_COLUMN:
        columns = schema.relation(name).columns
        if node.subname in columns:
            columns[node.newname] = columns.pop(node.subname)
    elif node.renameType in _RELATIONS:
        _rename_relation(schema, name, f"{name.rpartition('.')[0]}.{node.newname}")
    elif node.renameType == ObjectType.OBJECT_POLICY and (name, node.subname) in schema.policies:
        policy = schema.policies.pop((name, node.subname))
        schema.policies[name, node.newname] = replace(policy, name=node.newname)


def _rename_routines(schema: Schema, node: Any) -> None:
    parameters = None if node.object.args_unspecified else node.object.objfuncargs or ()
    for function in schema.routines(routine_label(node.object.objname, parameters)):
        del schema.functions[function.label]
        place = routine_name(function.label)
        function.label = f"{place.rpartition('.')[0]}.{node.newname}{function.label[len(place) :]}"
        schema.functions[function.label] = function


def _rename_relation(schema: Schema, old: str, new: str) -> None:
    if (relation := schema.relations.pop(old, None)) is not None:
        relation.label = new
        schema.relations[new] = relation
    several: tuple[dict[tuple[str, str], Any], ...] = (schema.policies, schema.triggers, schema.constraints)
    for parts in several:
        for key in [key for key in parts if key[0] == old]:
            parts[new, key[1]] = replace(parts.pop(key), table=new)


def _set_schema(schema: Schema, _: Step, node: Any) -> None:
    if node.relation is not None and node.objectType in _RELATIONS:
        name = label(node.relation)
        _rename_relation(schema, name, f"{node.newschema}.{name.partition('.')[2]}")


def _grant(schema: Schema, _: Step, node: Any) -> None:
    if node.objtype != ObjectType.OBJECT_TABLE:
        return
    if node.targtype == GrantTargetType.ACL_TARGET_ALL_IN_SCHEMA:
        within = strings(node.objects)
        targets = [each for each in schema.relations.values() if each.schema in within]
    else:
        targets = [schema.relations[name] for each in node.objects if (name := label(each)) in schema.relations]
    for relation in targets:
        _change(relation.grants, node)


def _change(grants: dict[str, set[str]], node: Any) -> None:
    privileges = {(each.priv_name or "all").upper() for each in node.privileges or () if not each.cols} or {"ALL"}
    if node.privileges and all(each.cols for each in node.privileges):
        return  # of columns only
    for role in map(role_of, node.grantees):
        if node.is_grant:
            grants.setdefault(role, set()).update(privileges)
        elif "ALL" in privileges:
            grants.pop(role, None)
        elif role in grants:
            grants[role] -= privileges


def _default_privileges(schema: Schema, _: Step, node: Any) -> None:
    if node.action.objtype != ObjectType.OBJECT_TABLE:
        return
    scopes = [strings(option.arg) for option in node.options or () if option.defname == "schemas"]
    for scope in scopes[0] if scopes else [None]:
        _change(schema.defaults[scope], node.action)


_READERS: dict[type, Callable[[Schema, Step, Any], None]] = {
    ast.AlterDefaultPrivilegesStmt: _default_privileges,
    ast.AlterEnumStmt: _alter_enum,
    ast.AlterFunctionStmt: _alter_function,
    ast.AlterObjectSchemaStmt: _set_schema,
    ast.AlterPolicyStmt: _alter_policy,
    ast.AlterTableStmt: _alter_table,
    ast.CreateEnumStmt: _create_enum,
    ast.CreateForeignTableStmt: _create_table,
    ast.CreateFunctionStmt: _create_function,
    ast.CreatePolicyStmt: _create_policy,
    ast.CreateStmt: _create_table,
    ast.CreateTableAsStmt: _create_table_as,
    ast.CreateTrigStmt: _create_trigger,
    ast.DropStmt: _drop,
    ast.GrantStmt: _grant,
    ast.IndexStmt: _create_index,
    ast.RenameStmt: _rename,
    ast.ViewStmt: _create_view,
}
