"""Two tenants."""

from schemaproof.rows import World

TENANT = {"A": "aaaaaaaa-0000-4000-8000-00000000000a", "B": "bbbbbbbb-0000-4000-8000-00000000000b"}
USERS = {name: tuple(f"{tenant[:-2]}{n:02x}" for n in (17, 18)) for name, tenant in TENANT.items()}
WORLDS = tuple(World(name, {"tenant": (TENANT[name],), "user": USERS[name]}) for name in ("A", "B"))
