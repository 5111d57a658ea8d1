"""What is deleted softly stays out of a session's statements; those that it cannot be kept out of are refused."""

from typing import Any

from sqlalchemy import Delete, Insert, Join, Select, Update
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.util import surface_expressions

from messaging_schema.base import SoftDeleted

__all__ = ["BY_KEY", "INCLUDE_DELETED", "leave_out_deleted"]

INCLUDE_DELETED = {"include_deleted": True}
"""Execution options of a statement that is to find what is deleted softly too, where the identity may see it."""

BY_KEY = "Rows are updated by key whether they are deleted or not: give the UPDATE a `where`"
_UPSERT = "An upsert writes a row that is deleted: name the live ones' index by `index_where`, or give it a `where`"
_FULL_JOIN = "A FULL JOIN brings in what is deleted as rows without a match: join subqueries"
_JOIN = "Rows that are joined by `join()` or `outerjoin()` may be deleted: join models by `Select.join`"
_INNER_DML = "An UPDATE or DELETE within a statement reads rows of a model that may be deleted: take a subquery of them"

_LIVE = with_loader_criteria(SoftDeleted, lambda model: model.deleted_at.is_(None), include_aliases=True)


def leave_out_deleted(state: ORMExecuteState) -> None:
    """Have a statement pass by what is deleted softly, in all models that it reads or writes, unless it includes it."""
    if state.is_column_load or state.is_relationship_load or state.execution_options.get("include_deleted"):
        return
    statement: Any = state.statement
    obstacles = [BY_KEY] if state.is_orm_statement and state.is_update and isinstance(state.parameters, list) else []
    obstacles += [found for part in visitors.iterate(statement) if (found := _obstacle(part, part is statement))]
    if obstacles:
        raise TypeError(f"{obstacles[0]}, or execute it with INCLUDE_DELETED and criteria of your own.")
    if isinstance(statement, Update | Delete):  # SQLAlchemy's criteria are for its subject alone
        statement = statement.where(*(each.entity.deleted_at.is_(None) for each in _others(statement)))
    state.statement = statement.options(_LIVE)


def _obstacle(part: Any, is_whole: bool) -> str | None:
    """Tell why what is deleted cannot be kept out of a part of a statement."""
    match part:
        case Join() if _models(part.left) | _models(part.right):
            return _JOIN
        case Select() if _joins_in_full(part) and any(map(_models, part.get_children())):
            return _FULL_JOIN
        case Insert() if _models(part.table) and any(map(_writes_any, part.get_children())):
            return _UPSERT
        case Update() | Delete() if not is_whole and _others(part):
            return _INNER_DML
    return None


def _models(clause: Any) -> set[Any]:
    """The models, or aliases of them, whose columns are in a clause itself, those of its subqueries aside."""
    parts = surface_expressions(clause)  # type: ignore[no-untyped-call]
    entities = {getattr(each, "_annotations", {}).get("parententity") for each in parts}
    return {each for each in entities if each is not None and issubclass(each.mapper.class_, SoftDeleted)}


def _others(statement: Update | Delete) -> set[Any]:
    return _models(statement.whereclause) - _models(statement.table)


def _joins_in_full(query: Select[Any]) -> bool:
    return any(flags["full"] for *_, flags in query._setup_joins)


def _writes_any(clause: Any) -> bool:
    """Tell whether it is ON CONFLICT DO UPDATE with no condition on the row that it meets."""
    conditions = ("update_whereclause", "inferred_target_whereclause")
    return isinstance(clause, OnConflictDoUpdate) and not any(getattr(clause, each) is not None for each in conditions)
