from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemaproof.database import Database, unique_name
from schemaproof.server import Server
from schemaproof.volume import Loaded, Model, load, load_model

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def shops(supabase_server: Server) -> Iterator[Database]:
    """A database with the tables of schema.sql, to be cloned."""
    made = Database.create(supabase_server, unique_name("shops"))
    with made.connect() as connection:
        connection.execute((HERE / "schema.sql").read_bytes())
    yield made
    made.drop()


@pytest.fixture
def database(shops: Database) -> Iterator[Database]:
    """Empty tables."""
    made = Database.create(shops.server, unique_name("volume"), template=shops.name)
    yield made
    made.drop()


@pytest.fixture
def model_with(tmp_path: Path) -> Callable[..., Model]:
    """Give the model of model.toml with texts in it replaced: `model_with({"share = 0.9": "share = 2"})`."""

    def make(changes: dict[str, str] | None = None) -> Model:
        text = (HERE / "model.toml").read_text()
        for old, new in (changes or {}).items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "volume.toml"
        path.write_text(text)
        return load_model(path)

    return make


@pytest.fixture(scope="session")
def filled(shops: Database) -> Iterator[tuple[Database, Loaded]]:
    """The tables with the tiny profile in them; to be read only."""
    made = Database.create(shops.server, unique_name("filled"), template=shops.name)
    yield made, load(made, load_model(HERE / "model.toml"), "tiny")
    made.drop()
