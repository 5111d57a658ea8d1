"""What a snapshot of a database is: objects by kind and name, each with its properties."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Catalogue", "Json", "ObjectKey"]

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, order=True)
class ObjectKey:
    """The kind of an object and its name as PostgreSQL writes it: qualified, and quoted where it must be.

    A part is named under its whole: column `public.tenants.name`, policy `public.tenants.select_member`. An index has
    a name of its schema: `public.tenants_pkey`. A function is named with the types of its arguments: `public.f(uuid)`.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Catalogue:
    """A database at one moment. A property that an object does not have is absent; no value holds an OID.

    `grants` is a sorted list of sentences such as `SELECT to anon by postgres`, with the built-in default privileges
    written out when the object has no list of its own.
    """

    objects: Mapping[ObjectKey, Mapping[str, Json]]

    def subset(self, schemas: Collection[str]) -> "Catalogue":
        """Keep what lives in `schemas` (names without quotes); what belongs to no schema goes."""
        return Catalogue(
            {key: properties for key, properties in self.objects.items() if properties.get("schema") in schemas}
        )

    def without_schema(self, schema: str) -> "Catalogue":
        """Leave out a schema (a name without quotes), and what lives in it."""
        own = ObjectKey("schema", schema)
        return Catalogue(
            {key: value for key, value in self.objects.items() if key != own and value.get("schema") != schema}
        )

    def of_any_clone(self) -> "Catalogue":
        """Leave out the database that pg_cron's jobs name, which is another for each clone."""
        jobs = {
            key: {name: value for name, value in job.items() if name != "database"}
            for key, job in self.objects.items()
            if key.kind == "cron job"
        }
        return Catalogue({**self.objects, **jobs})

    def of_kind(self, kind: str) -> dict[str, Mapping[str, Json]]:
        """Give the objects of one kind by their names."""
        return {key.name: properties for key, properties in self.objects.items() if key.kind == kind}

    def to_json(self) -> str:
        """Write the objects as a JSON document, sorted: kind → name → properties."""
        document: dict[str, dict[str, Mapping[str, Json]]] = {}
        for key in sorted(self.objects):
            document.setdefault(key.kind, {})[key.name] = self.objects[key]
        return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Catalogue":
        """Read what `to_json` wrote."""
        document: dict[str, dict[str, dict[str, Json]]] = json.loads(text)
        return cls(
            {ObjectKey(kind, name): value for kind, objects in document.items() for name, value in objects.items()}
        )
