"""Reads the expressions of policies and functions: which column is compared with which claim, setting or literal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType, BoolTestType, NullTestType, SQLValueFunctionOp, SubLinkType
from pglast.parser import ParseError, parse_sql

from schemaproof.tenancy.nodes import ANY, CLAIMS, ROLE, USER, Claim, ColumnOf, Inside, Literal, Node, Setting, Source

__all__ = ["Facts", "Reader", "Scope", "parsed"]

Sources = frozenset[Source]
_NONE: Sources = frozenset()
_PLATFORM = {
    ("auth", "uid"): USER,
    ("auth", "jwt"): CLAIMS,
    ("auth", "role"): Claim(("role",)),
    ("auth", "email"): Claim(("email",)),
}
_TOKEN = ("request.jwt.claims", "request.jwt.claim")
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
_PAST, _FUTURE = "2001-01-01", "2099-01-01"
# Functions whose answer is still the key that they were given.
_KEEPING = (
    "lower",
    "upper",
    "btrim",
    "ltrim",
    "rtrim",
    "trim",
    "to_jsonb",
    "text",
    "any_value",
    "min",
    "max",
    "unnest",
) + (
    "array_agg",
    "array_remove",
    "array_append",
    "jsonb_array_elements_text",
    "json_array_elements_text",
    "string_to_array",
)
_DEPTH = 6


def parsed(text: str) -> list[Any]:
    """Return the statements of `text`; none where it is no SQL of the parser's grammar."""
    try:
        return [raw.stmt for raw in parse_sql(text)]
    except (ParseError, RecursionError):
        return []


@dataclass
class Facts:
    """What was read.

    Args:
        equal: pairs of nodes that something compares for equality.
        values: literals that a column or claim is compared with, in the order found; those that let a row pass come
            first. None is NULL, ANY any other value.
        read: every claim and setting.
        looked_up: columns of other tables than the policy's own that are compared with a claim or setting: memberships.
    """

    equal: list[tuple[Node, Node]] = field(default_factory=list)
    values: dict[Node, list[str | None]] = field(default_factory=dict)
    read: set[Claim | Setting] = field(default_factory=set)
    looked_up: set[ColumnOf] = field(default_factory=set)

    def note(self, node: Source, *values: str | None) -> None:
        """Remember literals for a node."""
        if not isinstance(node, Literal):
            known = self.values.setdefault(node, [])
            known.extend(value for value in values if value not in known)


@dataclass(frozen=True)
class Scope:
    """What names mean at a place: relations by alias (None: one that is not known), parameters, and what is around."""

    relations: Mapping[str, str | Mapping[str, Sources] | None] = field(default_factory=dict)
    parameters: Mapping[str, Sources] = field(default_factory=dict)
    outer: "Scope | None" = None
    depth: int = 0


@dataclass
class Reader:
    """Follows expressions through sub-selects and functions.

    Args:
        columns: names of the columns of each relation, by label.
        call: the sources of a user's function, given its schema, name, the sources of its arguments and the depth.
        about: the table whose policy is read.
        inside: how many functions deep.
    """

    columns: Mapping[str, frozenset[str]]
    call: Callable[[tuple[str, ...], list[Sources], int], Sources | None]
    facts: Facts = field(default_factory=Facts)
    about: str = ""
    inside: int = 0

    def policy(self, relation: str, expression: str) -> Sources:
        """Read the expression of a policy on `relation`."""
        self.about = relation
        name = relation.rpartition(".")[2].strip('"')
        scope = Scope({name: relation})
        for statement in parsed(f"select {expression}"):
            self.condition(statement.targetList[0].val, scope)
        return _NONE

    def select(self, node: Any, scope: Scope) -> list[Sources]:
        """Read a SELECT; return the sources of each of its columns."""
        for cte in node.withClause.ctes if getattr(node, "withClause", None) else ():
            columns = self.statement(cte.ctequery, scope)
            scope = Scope({cte.ctename: dict(columns)}, {}, scope, scope.depth)
        if node.larg is not None:
            left, right = self.select(node.larg, scope), self.select(node.rarg, scope)
            return [a | b for a, b in zip(left, right, strict=False)]
        scope = Scope(self._from(node.fromClause or (), scope), {}, scope, scope.depth)
        for item in node.fromClause or ():
            self._joins(item, scope)
        if node.whereClause is not None:
            self.condition(node.whereClause, scope)
        for row in node.valuesLists or ():
            return [self.value(each, scope) for each in row]
        return [self.value(target.val, scope) for target in node.targetList or ()]

    def statement(self, node: Any, scope: Scope) -> list[tuple[str, Sources]]:
        """Read any statement; return names and sources of what it answers with."""
        if isinstance(node, ast.SelectStmt):
            found = self.select(node, scope)
            leaf = node
            while leaf.larg is not None:
                leaf = leaf.larg
            names = [_name(target) for target in leaf.targetList or ()]
            return list(zip(names, found, strict=False))
        if isinstance(node, (ast.UpdateStmt, ast.DeleteStmt)):
            tables = (node.relation, *(getattr(node, "fromClause", None) or getattr(node, "usingClause", None) or ()))
            scope = Scope(self._from(tables, scope), {}, scope, scope.depth)
            if node.whereClause is not None:
                self.condition(node.whereClause, scope)
        if isinstance(node, ast.InsertStmt) and node.selectStmt is not None:
            self.select(node.selectStmt, scope)
        return []

    def condition(self, node: Any, scope: Scope) -> Sources:
        """Read a boolean expression: a column that stands for itself is compared with true."""
        match node:
            case ast.BoolExpr(boolop=BoolExprType.NOT_EXPR):
                self._flag(node.args[0], scope, wanted=False)
            case ast.BoolExpr():
                for each in node.args:
                    self.condition(each, scope)
            case ast.ColumnRef():
                self._flag(node, scope, wanted=True)
            case ast.BooleanTest():
                wanted = node.booltesttype in (BoolTestType.IS_TRUE, BoolTestType.IS_NOT_FALSE)
                self._flag(node.arg, scope, wanted=wanted)
            case ast.NullTest():
                null = node.nulltesttype == NullTestType.IS_NULL
                for source in self.value(node.arg, scope):
                    if isinstance(source, ColumnOf):
                        self.facts.note(source, *((None, ANY) if null else (ANY, None)))
            case _:
                found = self.value(node, scope)
                if isinstance(node, ast.FuncCall | ast.CoalesceExpr | ast.SubLink):
                    for source in found:  # a function that answers with a flag
                        if isinstance(source, ColumnOf):
                            self.facts.note(source, "true", "false")
                return found
        return _NONE

    def _flag(self, node: Any, scope: Scope, *, wanted: bool) -> None:
        sources = self.value(node, scope) if isinstance(node, ast.ColumnRef) else self.condition(node, scope)
        if isinstance(node, ast.ColumnRef):
            for source in sources:
                self.facts.note(source, *(("true", "false") if wanted else ("false", "true")))

    def value(self, node: Any, scope: Scope) -> Sources:
        """Read an expression; return where its value comes from."""
        reader = _READERS.get(type(node))
        if reader is not None:
            return reader(self, node, scope)
        return frozenset().union(*(self.value(child, scope) for child in _children(node)), _NONE)

    def _column(self, node: Any, scope: Scope | None) -> Sources:
        names = [field.sval for field in node.fields if isinstance(field, ast.String)]
        if len(names) < len(node.fields) or not names:
            return _NONE
        while scope is not None:
            if (found := self._look_up(names, scope)) is not None:
                return found
            scope = scope.outer
        return _NONE

    def _look_up(self, names: list[str], scope: Scope) -> Sources | None:
        column, qualifier = names[-1], names[-2] if len(names) > 1 else None
        for alias, relation in scope.relations.items():
            if qualifier not in (None, alias):
                continue
            if isinstance(relation, str) and column in self.columns.get(relation, ()):
                return frozenset({ColumnOf(relation, column)})
            if isinstance(relation, Mapping) and column in relation:
                return relation[column]
        if names[-1] in scope.parameters:
            return scope.parameters[names[-1]]
        return None

    def _from(self, items: Iterable[Any], scope: Scope) -> dict[str, str | Mapping[str, Sources] | None]:
        relations: dict[str, str | Mapping[str, Sources] | None] = {}
        for item in items:
            match item:
                case ast.RangeVar():
                    alias = item.alias.aliasname if item.alias else item.relname
                    relations[alias] = self._relation(item, scope)
                case ast.JoinExpr():
                    relations |= self._from((item.larg, item.rarg), scope)
                case ast.RangeSubselect():
                    relations[item.alias.aliasname if item.alias else ""] = dict(self.statement(item.subquery, scope))
                case ast.RangeFunction():
                    call = item.functions[0][0]
                    alias = item.alias.aliasname if item.alias else _function_name(call)[-1]
                    names = [name.sval for name in item.alias.colnames or ()] if item.alias else []
                    relations[alias] = dict.fromkeys((alias, *names), self.value(call, scope))
                case _:
                    pass
        return relations

    def _relation(self, node: Any, scope: Scope | None) -> str | Mapping[str, Sources] | None:
        while scope is not None and node.schemaname is None:
            if isinstance(found := scope.relations.get(node.relname), Mapping):
                return found
            scope = scope.outer
        suffix = f"{_quoted(node.schemaname)}.{_quoted(node.relname)}" if node.schemaname else None
        if suffix:
            return suffix if suffix in self.columns else None
        fit = [label for label in self.columns if label.rpartition(".")[2] == _quoted(node.relname)]
        return next((label for label in fit if label.startswith("public.")), fit[0] if fit else None)

    def _joins(self, item: Any, scope: Scope) -> None:
        if isinstance(item, ast.JoinExpr):
            self._joins(item.larg, scope)
            self._joins(item.rarg, scope)
            if item.quals is not None:
                self.condition(item.quals, scope)

    def compare(self, left: Sources, right: Sources) -> None:
        """Note that two values are compared for equality."""
        for one, other in ((left, right), (right, left)):
            literals = [source.value for source in other if isinstance(source, Literal)]
            for node in one:
                if literals and not isinstance(node, Literal):
                    self.facts.note(node, *literals)
        for a in left:
            for b in right:
                if not isinstance(a, Literal) and not isinstance(b, Literal) and a != b and CLAIMS not in (a, b):
                    self.facts.equal.append((a, b))
                    self._look(a, b)

    def _look(self, one: Node, other: Node) -> None:
        for column, asked in ((one, other), (other, one)):
            if isinstance(column, ColumnOf) and isinstance(asked, Claim | Setting):
                if self.inside or column.relation != self.about:
                    self.facts.looked_up.add(column)

    def _operation(self, node: Any, scope: Scope) -> Sources:
        name = node.name[-1].sval
        left = self.value(node.lexpr, scope) if node.lexpr is not None else _NONE
        if name in ("#>", "#>>"):
            return self.descend(left, _path(node.rexpr))
        right = self._list(node.rexpr, scope)
        if node.kind == A_Expr_Kind.AEXPR_NULLIF:
            return left
        if name in ("->", "->>"):
            return self._inside(left, right)
        if name in ("||", "+", "-"):
            return left | right
        if node.kind in _EQUAL and name in ("=", "@>", "<@"):
            self.compare(left, right)
        elif name == "<>":
            self._differ(left, right)
        elif name in ("<", "<=", ">", ">=") and node.kind == A_Expr_Kind.AEXPR_OP:
            self._moment(left, right, later=name in (">", ">="))
        return _NONE

    def _differ(self, left: Sources, right: Sources) -> None:
        for one, other in ((left, right), (right, left)):
            literals = [source.value for source in other if isinstance(source, Literal)]
            for node in one if literals else ():
                self.facts.note(node, ANY, *literals)

    def _moment(self, left: Sources, right: Sources, *, later: bool) -> None:
        for sources, first in ((left, later), (right, not later)):
            other = right if sources is left else left
            if not other:  # now() has no sources
                for source in sources:
                    self.facts.note(source, *((_FUTURE, _PAST) if first else (_PAST, _FUTURE)))

    def _list(self, node: Any, scope: Scope) -> Sources:
        if isinstance(node, tuple | list):
            return frozenset().union(*(self.value(each, scope) for each in node), _NONE)
        return self.value(node, scope) if node is not None else _NONE

    def _inside(self, left: Sources, right: Sources) -> Sources:
        steps = [s.value for s in right if isinstance(s, Literal) and s.value]
        return self.descend(left, (steps[0],) if len(steps) == 1 else ())

    def descend(self, sources: Sources, path: tuple[str, ...]) -> Sources:
        """Return what lies at `path` inside of JSON values."""
        found: set[Source] = set()
        for source in sources:
            match source:
                case Claim(whole):
                    found.add(Claim(whole + path))
                case ColumnOf(relation, column) if path:
                    found.add(Inside(relation, column, path))
                case Inside(relation, column, whole):
                    found.add(Inside(relation, column, whole + path))
                case Setting(name, whole):
                    found.add(Setting(name, whole + path))
        self.facts.read |= {source for source in found if isinstance(source, Claim | Setting)}
        return frozenset(found)

    def _function(self, node: Any, scope: Scope) -> Sources:
        name = _function_name(node)
        arguments = [self.value(each, scope) for each in node.args or ()]
        if (source := _PLATFORM.get(name[-2:] if len(name) > 1 else ())) is not None:
            return self._told(source)
        if name[-1] == "current_setting":
            return self._setting(arguments)
        if name[-1] in ("jsonb_extract_path_text", "json_extract_path_text", "jsonb_extract_path"):
            path = [s.value for each in arguments[1:] for s in each if isinstance(s, Literal) and s.value]
            return self.descend(arguments[0], tuple(path))
        if name[-1] == "pg_has_role" and len(arguments) > 1:
            self.compare(arguments[0] if len(arguments) > 2 else frozenset({ROLE}), arguments[-2])
            return _NONE
        if scope_depth(scope) < _DEPTH:
            found = self.call(name, arguments, scope_depth(scope) + 1)
            if found is not None:
                return found
        # What another function makes of a column is no key any more; of a claim it may still be one.
        kept = (Claim, Setting) if name[-1] not in _KEEPING else (Claim, Setting, ColumnOf, Inside)
        return frozenset(s for each in arguments for s in each if isinstance(s, kept))

    def _setting(self, arguments: list[Sources]) -> Sources:
        names = [s.value for s in (arguments[0] if arguments else ()) if isinstance(s, Literal) and s.value]
        if not names:
            return _NONE
        if names[0] in _TOKEN:
            return frozenset({CLAIMS})
        if names[0].startswith("request.jwt.claim."):
            return self._told(Claim((names[0].removeprefix("request.jwt.claim."),)))
        return self._told(Setting(names[0]))

    def _told(self, source: Claim | Setting) -> Sources:
        if source != CLAIMS:
            self.facts.read.add(source)
        return frozenset({source})

    def _sublink(self, node: Any, scope: Scope) -> Sources:
        columns = [sources for _, sources in self.statement(node.subselect, scope)]
        first = columns[0] if columns else _NONE
        if node.subLinkType == SubLinkType.ANY_SUBLINK and node.testexpr is not None:
            tested = node.testexpr.args if isinstance(node.testexpr, ast.RowExpr) else (node.testexpr,)
            for each, column in zip(tested, columns, strict=False):
                self.compare(self.value(each, scope), column)
            return _NONE
        return _NONE if node.subLinkType == SubLinkType.EXISTS_SUBLINK else first

    def _boolean(self, node: Any, scope: Scope) -> Sources:
        return self.condition(node, scope)

    def _constant(self, node: Any, _: Scope) -> Sources:
        value = node.val
        if node.isnull or value is None:
            return frozenset({Literal(None)})
        if isinstance(value, ast.Boolean):
            return frozenset({Literal("true" if value.boolval else "false")})
        text = next((getattr(value, name) for name in ("sval", "ival", "fval") if hasattr(value, name)), None)
        return _NONE if text is None else frozenset({Literal(str(text))})

    def _array(self, node: Any, scope: Scope) -> Sources:
        return self._list(node.elements or (), scope)

    def _cast(self, node: Any, scope: Scope) -> Sources:
        found = self.value(node.arg, scope)
        if node.typeName.arrayBounds:
            texts = [s.value for s in found if isinstance(s, Literal) and s.value and s.value.startswith("{")]
            spread = [
                Literal(item.strip().strip('"')) for text in texts for item in text.strip("{}").split(",") if item
            ]
            return frozenset(s for s in found if not isinstance(s, Literal) or s.value not in texts) | frozenset(spread)
        return found

    def _parameter(self, node: Any, scope: Scope | None) -> Sources:
        while scope is not None:
            if f"${node.number}" in scope.parameters:
                return scope.parameters[f"${node.number}"]
            scope = scope.outer
        return _NONE

    def _case(self, node: Any, scope: Scope) -> Sources:
        for when in node.args:
            self.condition(when.expr, scope)
        results = [when.result for when in node.args] + ([node.defresult] if node.defresult else [])
        return self._list([result for result in results if result is not None], scope)


def scope_depth(scope: Scope) -> int:
    """How many functions deep a place is."""
    return scope.depth


def _path(node: Any) -> tuple[str, ...]:
    """The steps of a path that is written as an array's literal."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    text = getattr(getattr(node, "val", None), "sval", "") or ""
    return tuple(step.strip().strip('"') for step in text.strip("{}").split(",")) if text else ()


def _name(target: Any) -> str:
    if target.name:
        return str(target.name)
    node = target.val
    while isinstance(node, ast.TypeCast):
        node = node.arg
    if isinstance(node, ast.ColumnRef) and isinstance(node.fields[-1], ast.String):
        return str(node.fields[-1].sval)
    return _function_name(node)[-1] if isinstance(node, ast.FuncCall) else "?column?"


def _function_name(node: Any) -> tuple[str, ...]:
    return tuple(part.sval for part in node.funcname) if isinstance(node, ast.FuncCall) else ("",)


def _quoted(name: str) -> str:
    plain = name and not name[0].isdigit() and all(c == "_" or c.islower() or c.isdigit() for c in name)
    return name if plain else '"' + name.replace('"', '""') + '"'


def _children(node: Any) -> Iterable[Any]:
    if isinstance(node, tuple | list):
        yield from node
    elif isinstance(node, ast.Node):
        for name in node.__slots__:
            child = getattr(node, name, None)
            if isinstance(child, ast.Node | tuple | list):
                yield child


_READERS: dict[type, Callable[[Reader, Any, Scope], Sources]] = {
    ast.A_ArrayExpr: Reader._array,
    ast.A_Const: Reader._constant,
    ast.A_Expr: Reader._operation,
    ast.BoolExpr: Reader._boolean,
    ast.BooleanTest: Reader._boolean,
    ast.CaseExpr: Reader._case,
    ast.ColumnRef: Reader._column,
    ast.FuncCall: Reader._function,
    ast.NullTest: Reader._boolean,
    ast.ParamRef: Reader._parameter,
    ast.SQLValueFunction: lambda _, node, __: frozenset({ROLE}) if node.op in _ROLES else _NONE,
    ast.SubLink: Reader._sublink,
    ast.TypeCast: Reader._cast,
    ast.TypeName: lambda *_: _NONE,
}
