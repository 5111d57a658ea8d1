"""Open a server in a container, tell about it in a line of JSON, and wait to be ended."""

import json
import os
import sys
import time
from pathlib import Path

from schemaproof.server import ServerSpec, open_server


def guardian() -> int:
    """The process that this one has started and that still runs."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return next(int(each) for each in children if b"guardian.py" in Path(f"/proc/{each}/cmdline").read_bytes())


if __name__ == "__main__":
    with open_server(ServerSpec(kind="container", image=sys.argv[1])) as server, server.connect() as connection:
        row = connection.execute("select system_identifier::text from pg_control_system()").fetchone()
        print(json.dumps({"port": server.parameters["port"], "identifier": row, "guardian": guardian()}), flush=True)
        time.sleep(60)
