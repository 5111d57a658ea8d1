"""What is read is of the type that the model says: over every row of the sample, tables and views, NULLs and all."""

from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import undefer

from messaging_schema import INCLUDE_DELETED, Base, Identity, Session, models, service
from messaging_schema.base import View
from schemaproof.catalogue import take_catalogue
from schemaproof.database import Database
from suites.python_access.typed import is_of

pytestmark = pytest.mark.req("1.4")

As = Callable[[Identity], Session]
_MODELS: list[Any] = sorted((each.class_ for each in Base.registry.mappers), key=lambda model: model.__name__)
_VIEWS = [model for model in _MODELS if issubclass(model, View)]
_NAMES = vars(models) | {"Any": Any}


def _types(model: Any) -> dict[str, Any]:
    """The type of each column's attribute."""
    hints = get_type_hints(model, localns=_NAMES)
    return {each.key: get_args(hints[each.key])[0] for each in inspect(model).column_attrs}


@pytest.mark.parametrize("model", _MODELS, ids=lambda model: model.__name__)
def test_values_are_of_the_annotated_types(session_of: As, model: Any) -> None:
    types = _types(model)
    query = select(model).options(*(undefer(getattr(model, name)) for name in types))
    rows = session_of(service()).scalars(query, execution_options=INCLUDE_DELETED).all()
    assert rows
    wrong = [(name, getattr(row, name)) for row in rows for name in types if not is_of(getattr(row, name), types[name])]
    assert not wrong


@pytest.mark.parametrize("model", _MODELS, ids=lambda model: model.__name__)
def test_annotations_of_columns_are_null_where_the_columns_are(model: Any) -> None:
    if not issubclass(model, View):
        nullable = {each.key: each.columns[0].nullable for each in inspect(model).column_attrs}
        assert nullable == {name: is_of(None, kind) for name, kind in _types(model).items()}


@pytest.mark.parametrize("model", _VIEWS, ids=lambda model: model.__name__)
def test_columns_of_views_are_those_of_the_catalogue(sampled_db: Database, model: Any) -> None:
    with sampled_db.connect() as connection:
        found = take_catalogue(connection, schemas=("public",))
    view = f"public.{model.__table__.name}"
    types = {name: properties["type"] for name, properties in found.of_kind("column").items()}
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    modelled = [(each.name, each.type.compile(dialect).lower()) for each in model.__table__.columns]
    columns = found.of_kind("view")[view]["columns"]
    assert isinstance(columns, list)
    assert modelled == [(name, types[f"{view}.{name}"]) for name in columns]


@pytest.mark.parametrize("model", _VIEWS, ids=lambda model: model.__name__)
def test_key_of_a_view_tells_its_rows_apart(session_of: As, model: Any) -> None:
    key = [getattr(model, inspect(model).get_property_by_column(each).key) for each in inspect(model).primary_key]
    rows = session_of(service()).execute(select(*key)).all()
    assert len(rows) == len(set(rows)) > 0


@pytest.mark.parametrize("model", _VIEWS, ids=lambda model: model.__name__)
def test_view_is_not_written(session_of: As, model: Any) -> None:
    session = session_of(service())
    row = session.scalars(select(model)).first()
    setattr(row, next(iter(_types(model))), None)
    with pytest.raises(TypeError):
        session.flush()
    session.rollback()
    session.add(model())
    with pytest.raises(TypeError):
        session.flush()
