"""Reads the expressions of policies and functions: which column is compared with which claim, setting or literal."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType, BoolTestType, NullTestType, SQLValueFunctionOp, SubLinkType

from schemaproof.tenancy.facts import NOTHING, Facts, Sources, merged
from schemaproof.tenancy.nodes import CLAIMS, ROLE, USER, USERS, Claim, ColumnOf, Inside, Literal, Node, Setting
from schemaproof.tenancy.scopes import Columns, Named, Scope
from schemaproof.tenancy.syntax import children, constant, function_name, parsed, path_of, steps_of, target_name

__all__ = ["Reader"]

_PLATFORM: dict[tuple[str, ...], Claim] = {
    ("auth", "uid"): USER,
    ("auth", "jwt"): CLAIMS,
    ("auth", "role"): Claim(("role",)),
    ("auth", "email"): Claim(("email",)),
}
# Two or more identifiers with dots between them (manual, Customized Options).
_OWN_SETTING = re.compile(r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)+")
_TOKEN = ("request.jwt.claims", "request.jwt.claim")
_CLAIM = "request.jwt.claim."
# IS NOT DISTINCT FROM is written back as NOT (… IS DISTINCT FROM …).
_EQUAL = (
    A_Expr_Kind.AEXPR_OP,
    A_Expr_Kind.AEXPR_OP_ANY,
    A_Expr_Kind.AEXPR_IN,
    A_Expr_Kind.AEXPR_DISTINCT,
    A_Expr_Kind.AEXPR_NOT_DISTINCT,
)
_ROLES = (
    SQLValueFunctionOp.SVFOP_CURRENT_ROLE,
    SQLValueFunctionOp.SVFOP_CURRENT_USER,
    SQLValueFunctionOp.SVFOP_SESSION_USER,
    SQLValueFunctionOp.SVFOP_USER,
)
_JSON_STEPS = ("jsonb_extract_path_text", "json_extract_path_text", "jsonb_extract_path")
# Functions whose answer is still the key that they were given, one of several, or several of one.
_KEEPING = frozenset(
    {"any_value", "btrim", "lower", "ltrim", "max", "min", "rtrim", "text", "to_jsonb", "trim", "upper"}
)
_SPREADING = frozenset({"array_agg", "array_append", "array_remove", "string_to_array", "unnest"})
_SPREADING_JSON = frozenset({"json_array_elements_text", "jsonb_array_elements_text"})
_DEPTH = 6


@dataclass
class Reader:
    """Follows expressions through sub-selects and functions.

    Args:
        columns: names of the columns of each relation, by label.
        call: the sources of a user's function, given its schema, name, the sources of its arguments and the depth.
        about: the table whose policy is read.
        inside: how many functions deep.
    """

    columns: Columns
    call: Callable[[tuple[str, ...], list[Sources], int], Sources | None]
    facts: Facts = field(default_factory=Facts)
    about: str = ""
    inside: int = 0

    def policy(self, relation: str, expression: str) -> None:
        """Read the expression of a policy on `relation`."""
        self.about = relation
        scope = Scope({relation.rpartition(".")[2].strip('"'): relation})
        for statement in parsed(f"select {expression}"):
            self.condition(statement.targetList[0].val, scope)

    def select(self, node: Any, scope: Scope) -> list[Sources]:
        """Read a SELECT; return the sources of each of its columns."""
        for cte in node.withClause.ctes if getattr(node, "withClause", None) else ():
            scope = scope.within({cte.ctename: dict(self.statement(cte.ctequery, scope))})
        if node.larg is not None:
            left, right = self.select(node.larg, scope), self.select(node.rarg, scope)
            return [a | b for a, b in zip(left, right, strict=False)]
        scope = scope.within(self._from(node.fromClause or (), scope))
        for item in node.fromClause or ():
            self._joins(item, scope)
        if node.whereClause is not None:
            self.condition(node.whereClause, scope)
        for row in (node.valuesLists or ())[:1]:
            return [self.value(each, scope) for each in row]
        return [self.value(target.val, scope) for target in node.targetList or ()]

    def statement(self, node: Any, scope: Scope) -> list[tuple[str, Sources]]:
        """Read any statement; return names and sources of what it answers with."""
        if isinstance(node, ast.SelectStmt):
            return self._named_columns(node, scope)
        if isinstance(node, ast.UpdateStmt | ast.DeleteStmt):
            self._written(node, scope)
        if isinstance(node, ast.InsertStmt) and node.selectStmt is not None:
            self.select(node.selectStmt, scope)
        return []

    def _named_columns(self, node: Any, scope: Scope) -> list[tuple[str, Sources]]:
        found = self.select(node, scope)
        while node.larg is not None:
            node = node.larg
        return list(zip([target_name(target) for target in node.targetList or ()], found, strict=False))

    def _written(self, node: Any, scope: Scope) -> None:
        others = getattr(node, "fromClause", None) or getattr(node, "usingClause", None) or ()
        inner = scope.within(self._from((node.relation, *others), scope))
        if node.whereClause is not None:
            self.condition(node.whereClause, inner)

    def condition(self, node: Any, scope: Scope) -> Sources:
        """Read a boolean expression: a column that stands for itself is compared with true."""
        if (reader := _CONDITIONS.get(type(node))) is not None:
            reader(self, node, scope)
            return NOTHING
        found = self.value(node, scope)
        if isinstance(node, ast.FuncCall | ast.CoalesceExpr | ast.SubLink):  # a function that answers with a flag
            self.facts.flag(frozenset(source for source in found if isinstance(source, ColumnOf)))
        return found

    def _logic(self, node: Any, scope: Scope) -> None:
        if node.boolop == BoolExprType.NOT_EXPR:
            self._flag(node.args[0], scope, wanted=False)
        else:
            for each in node.args:
                self.condition(each, scope)

    def _truth(self, node: Any, scope: Scope) -> None:
        self._flag(node.arg, scope, wanted=node.booltesttype in (BoolTestType.IS_TRUE, BoolTestType.IS_NOT_FALSE))

    def _null(self, node: Any, scope: Scope) -> None:
        self.facts.null(self.value(node.arg, scope), wanted=node.nulltesttype == NullTestType.IS_NULL)

    def _flag(self, node: Any, scope: Scope, *, wanted: bool = True) -> None:
        if isinstance(node, ast.ColumnRef):
            self.facts.flag(self.value(node, scope), wanted=wanted)
        else:
            self.condition(node, scope)

    def value(self, node: Any, scope: Scope) -> Sources:
        """Read an expression; return where its value comes from."""
        if (reader := _VALUES.get(type(node))) is not None:
            return reader(self, node, scope)
        return merged(self.value(child, scope) for child in children(node))

    def _column(self, node: Any, scope: Scope) -> Sources:
        names = [str(field.sval) for field in node.fields if isinstance(field, ast.String)]
        return scope.column(names, self.columns) if names and len(names) == len(node.fields) else NOTHING

    def _from(self, items: Iterable[Any], scope: Scope) -> dict[str, Named]:
        relations: dict[str, Named] = {}
        for item in items:
            if (reader := _FROM.get(type(item))) is not None:
                relations |= reader(self, item, scope)
        return relations

    def _table(self, item: Any, scope: Scope) -> dict[str, Named]:
        alias = item.alias.aliasname if item.alias else item.relname
        return {alias: scope.relation(item, self.columns)}

    def _joined(self, item: Any, scope: Scope) -> dict[str, Named]:
        return self._from((item.larg, item.rarg), scope)

    def _subselect(self, item: Any, scope: Scope) -> dict[str, Named]:
        return {item.alias.aliasname if item.alias else "": dict(self.statement(item.subquery, scope))}

    def _rows_of_function(self, item: Any, scope: Scope) -> dict[str, Named]:
        call = item.functions[0][0]
        alias = item.alias.aliasname if item.alias else function_name(call)[-1]
        names = [name.sval for name in item.alias.colnames or ()] if item.alias else []
        return {alias: dict.fromkeys((alias, *names), self.value(call, scope))}

    def _joins(self, item: Any, scope: Scope) -> None:
        if isinstance(item, ast.JoinExpr):
            self._joins(item.larg, scope)
            self._joins(item.rarg, scope)
            if item.quals is not None:
                self.condition(item.quals, scope)

    def compare(self, left: Sources, right: Sources) -> None:
        """Note that two values are compared for equality."""
        for pair in self.facts.compare(left, right):
            for column, asked in (pair, pair[::-1]):
                if isinstance(column, ColumnOf) and (self.inside or column.relation != self.about):
                    self._look_up(column, asked)

    def _look_up(self, column: ColumnOf, asked: Node) -> None:
        if isinstance(asked, Claim | Setting):
            self.facts.looked_up.add(column)
        elif asked.relation == USERS != column.relation:
            self.facts.joined.add(column)

    def _operation(self, node: Any, scope: Scope) -> Sources:
        name = node.name[-1].sval
        left = self.value(node.lexpr, scope) if node.lexpr is not None else NOTHING
        if name in ("#>", "#>>"):
            return self.facts.descend(left, path_of(node.rexpr))
        right = self._list(node.rexpr, scope)
        if node.kind == A_Expr_Kind.AEXPR_NULLIF:
            return left
        if name in ("->", "->>"):
            steps = _literals(right)
            return self.facts.descend(left, tuple(steps) if len(steps) == 1 else ())
        if name in ("||", "+", "-"):
            return left | right
        self._comparison(node.kind, name, left, right)
        return NOTHING

    def _comparison(self, kind: Any, name: str, left: Sources, right: Sources) -> None:
        if kind in _EQUAL and name in ("=", "@>", "<@", "?"):
            self.compare(left, right)
            if name == "?":
                self.facts.lists.update(source for source in left if isinstance(source, Claim | Setting))
        elif name == "<>":
            self.facts.differ(left, right)
        elif name in ("<", "<=", ">", ">=") and kind == A_Expr_Kind.AEXPR_OP:
            self.facts.order(left, right, later=name in (">", ">="))

    def _list(self, node: Any, scope: Scope) -> Sources:
        if isinstance(node, tuple | list):
            return merged(self.value(each, scope) for each in node)
        return self.value(node, scope) if node is not None else NOTHING

    def _function(self, node: Any, scope: Scope) -> Sources:
        name = function_name(node)
        arguments = [self.value(each, scope) for each in node.args or ()]
        if (source := _PLATFORM.get(name[-2:])) is not None:
            return self.facts.told(source)
        if name[-1] == "current_setting":
            return self._setting(arguments)
        if name[-1] in _JSON_STEPS:
            return self.facts.descend(arguments[0], steps_of(node.args[1:]))
        if name[-1] == "pg_has_role" and len(arguments) > 1:
            self.compare(arguments[0] if len(arguments) > 2 else frozenset({ROLE}), arguments[-2])
            return NOTHING
        if name[-1] in _SPREADING_JSON:
            self.facts.lists.update(source for source in merged(arguments) if isinstance(source, Claim | Setting))
        found = self.call(name, arguments, scope.depth + 1) if scope.depth < _DEPTH else None
        return found if found is not None else _kept(name[-1], arguments)

    def _setting(self, arguments: list[Sources]) -> Sources:
        names = _literals(arguments[0] if arguments else NOTHING)
        if not names:
            return NOTHING
        if names[0] in _TOKEN:
            return frozenset({CLAIMS})
        if names[0].startswith(_CLAIM):
            return self.facts.told(Claim((names[0].removeprefix(_CLAIM),)))
        if names[0] == ROLE.name or _OWN_SETTING.fullmatch(names[0]):
            return self.facts.told(Setting(names[0]))
        return NOTHING  # PostgreSQL's own, or a name that nobody can set any more

    def _sublink(self, node: Any, scope: Scope) -> Sources:
        columns = [sources for _, sources in self.statement(node.subselect, scope)]
        if node.subLinkType == SubLinkType.ANY_SUBLINK and node.testexpr is not None:
            tested = (node.testexpr.args or ()) if isinstance(node.testexpr, ast.RowExpr) else (node.testexpr,)
            for each, column in zip(tested, columns, strict=False):
                self.compare(self.value(each, scope), column)
            return NOTHING
        return NOTHING if node.subLinkType == SubLinkType.EXISTS_SUBLINK or not columns else columns[0]

    def _constant(self, node: Any, _: Scope) -> Sources:
        if node.isnull or node.val is None:
            return frozenset({Literal(None)})
        text = constant(node)
        return NOTHING if text is None else frozenset({Literal(text)})

    def _array(self, node: Any, scope: Scope) -> Sources:
        return self._list(node.elements or (), scope)

    def _cast(self, node: Any, scope: Scope) -> Sources:
        found = self.value(node.arg, scope)
        return _spread(found) if node.typeName.arrayBounds else found

    def _case(self, node: Any, scope: Scope) -> Sources:
        for when in node.args:
            self.condition(when.expr, scope)
        results = [when.result for when in node.args] + ([node.defresult] if node.defresult else [])
        return self._list([result for result in results if result is not None], scope)


def _literals(sources: Sources) -> list[str]:
    return [source.value for source in sources if isinstance(source, Literal) and source.value]


def _kept(name: str, arguments: Iterable[Sources]) -> Sources:
    """What another function makes of a column is no key any more; of a claim it may still be one."""
    kept = (Claim, Setting, ColumnOf, Inside) if name in _KEEPING | _SPREADING | _SPREADING_JSON else (Claim, Setting)
    return frozenset(source for each in arguments for source in each if isinstance(source, kept))


def _spread(sources: Sources) -> Sources:
    """The elements of literals that are cast to an array: `'{a,b}'::text[]`."""
    texts = [text for text in _literals(sources) if text.startswith("{")]
    items = [item.strip().strip('"') for text in texts for item in text.strip("{}").split(",") if item]
    kept = frozenset(source for source in sources if not isinstance(source, Literal) or source.value not in texts)
    return kept | frozenset(Literal(item) for item in items)


_CONDITIONS: dict[type, Callable[[Reader, Any, Scope], None]] = {
    ast.BoolExpr: Reader._logic,
    ast.BooleanTest: Reader._truth,
    ast.ColumnRef: Reader._flag,
    ast.NullTest: Reader._null,
}
_FROM: dict[type, Callable[[Reader, Any, Scope], dict[str, Named]]] = {
    ast.JoinExpr: Reader._joined,
    ast.RangeFunction: Reader._rows_of_function,
    ast.RangeSubselect: Reader._subselect,
    ast.RangeVar: Reader._table,
}
_VALUES: dict[type, Callable[[Reader, Any, Scope], Sources]] = {
    ast.A_ArrayExpr: Reader._array,
    ast.A_Const: Reader._constant,
    ast.A_Expr: Reader._operation,
    ast.BoolExpr: Reader.condition,
    ast.BooleanTest: Reader.condition,
    ast.CaseExpr: Reader._case,
    ast.ColumnRef: Reader._column,
    ast.FuncCall: Reader._function,
    ast.NullTest: Reader.condition,
    ast.ParamRef: lambda _, node, scope: scope.parameter(f"${node.number}"),
    ast.SQLValueFunction: lambda _, node, __: frozenset({ROLE}) if node.op in _ROLES else NOTHING,
    ast.SubLink: Reader._sublink,
    ast.TypeCast: Reader._cast,
    ast.TypeName: lambda *_: NOTHING,
}
