"""What every model is made of: dataclass constructors, the marks of soft deletion, views that cannot be written."""

from datetime import datetime
from typing import TYPE_CHECKING, NoReturn, TypeVar, dataclass_transform

from sqlalchemy import CheckConstraint, Dialect, MetaData, TypeDecorator, event, inspect, literal_column
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship
from sqlalchemy.types import TypeEngine

__all__ = ["Base", "Domain", "SoftDeletable", "SoftDeleted", "View", "check"]

Value = TypeVar("Value")


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(mapped_column, relationship))
class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False, repr=False):
    """A row of a table or view of the schema `public`. Its constructor takes keywords, and demands what has no default.

    What the database makes (ids, times) is read back with each INSERT and UPDATE. `repr` shows the key only, since rows
    hold what belongs into no log.
    """

    metadata = MetaData(schema="public")
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012  # a ClassVar may not stand for Declarative's own

    def __repr__(self) -> str:
        state = inspect(self)
        key = (state.mapper.get_property_by_column(column).key for column in state.mapper.primary_key)
        return f"{type(self).__name__}({', '.join(f'{name}={state.dict.get(name)}' for name in key)})"


class SoftDeleted:
    """The mark of a model with `deleted_at`: queries leave out what is deleted, unless they say otherwise."""

    if TYPE_CHECKING:
        deleted_at: Mapped[datetime | None]
    else:
        deleted_at = mapped_column()  # what a criterion on the mark is tried with; each model has its own


class SoftDeletable(SoftDeleted):
    """The mark of a model whose rows have an id of their own, by which they are deleted and restored."""


class View:
    """The mark of a model that is a view: it is read, never written."""


class Domain(TypeDecorator[Value]):
    """A domain: DDL writes its name, and in all else it is as its base type."""

    impl = TypeEngine
    cache_ok = True

    def __init__(self, domain: DOMAIN) -> None:
        super().__init__()
        self.domain = domain
        self.impl = domain.data_type  # type: ignore[assignment]  # an instance, as SQLAlchemy itself has it

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Value]:
        """Return what DDL writes."""
        return self.domain


def check(name: str, condition: str) -> CheckConstraint:
    """Return a check, its condition as the catalogue writes it."""
    return CheckConstraint(literal_column(condition), name=name)


def _refuse(_mapper: object, _connection: object, row: View) -> NoReturn:
    raise TypeError(f"{type(row).__name__} is a view: write to its table, or by a function of the schema.")


for _change in ("before_insert", "before_update", "before_delete"):
    event.listen(View, _change, _refuse, propagate=True)
