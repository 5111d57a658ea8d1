"""What a container is made of: image, command, environment; and the password that it is opened with."""

import hashlib
import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemaproof.server.cluster import INITDB, SETTINGS
from schemaproof.server.spec import ServerSpec

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container
    from docker.models.images import Image

__all__ = ["PORT", "Recipe", "password_of"]

PORT = "5432/tcp"
# Parallel workers share memory through /dev/shm, of which Docker gives 64 MB.
_SHARED_MEMORY = "256m"
_PASSWORD = "POSTGRES_PASSWORD="  # noqa: S105 -- a variable's name


@dataclass(frozen=True)
class Recipe:
    """An image and what is asked of it."""

    image: "Image"
    name: str
    superuser: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, spec: ServerSpec, image: "Image") -> "Recipe":
        """Take the command that the image has, and add this run's settings."""
        settings = {**SETTINGS, **spec.settings}
        words = image.attrs["Config"].get("Cmd") or ["postgres"]
        command = (*words, *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")))
        environment = {
            "POSTGRES_USER": spec.superuser,
            "POSTGRES_DB": "postgres",
            "POSTGRES_INITDB_ARGS": shlex.join((*INITDB, "--lc-ctype=C.UTF-8")),
            **spec.environment,
        }
        return cls(image, spec.image or "", spec.superuser, command, tuple(environment.items()))

    @property
    def key(self) -> str:
        """What two recipes that are alike have in common."""
        parts = (self.image.id, self.command, self.environment)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]

    def create(self, client: "DockerClient", name: str, labels: Mapping[str, str]) -> "Container":
        """Create a container, not started yet, with a password of its own."""
        password = f"{_PASSWORD}{secrets.token_urlsafe(24)}"
        return client.containers.create(
            self.image,
            list(self.command),
            name=name,
            environment=[*(f"{name}={value}" for name, value in self.environment), password],
            labels=dict(labels),
            ports={PORT: ("127.0.0.1", 0)},  # any port
            shm_size=_SHARED_MEMORY,
        )


def password_of(container: "Container") -> str:
    """Return the password that a container was created with."""
    variables: list[str] = container.attrs["Config"]["Env"]
    return next(each.removeprefix(_PASSWORD) for each in variables if each.startswith(_PASSWORD))
