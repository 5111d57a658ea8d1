"""Open a server, tell about it in a line of JSON, and wait; what the argument says happens in between."""

import json
import multiprocessing
import os
import sys
import time
from pathlib import Path

from schemaproof.server import Server, ServerSpec, open_server


def describe(server: Server) -> dict[str, object]:
    run = server.run_directory
    assert run is not None
    pid = int((run / "data" / "postmaster.pid").read_text().splitlines()[0])
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    guardian = next(int(line.split()[1]) for line in status if line.startswith("PPid"))
    with server.connect() as connection:
        answered = connection.execute("select 1").fetchone() == (1,)
    return {"run": str(run), "postmaster": pid, "guardian": guardian, "answered": answered}


def fork_that_ends(server: Server) -> None:
    child = os.fork()
    if child == 0:
        sys.exit()  # runs what is registered with atexit
    os.waitpid(child, 0)


def fork_that_closes(server: Server) -> None:
    child = os.fork()
    if child == 0:
        server.close()
        os._exit(0)
    os.waitpid(child, 0)


def fork_that_stays(server: Server) -> None:
    multiprocessing.get_context("fork").Process(target=time.sleep, args=(20,), daemon=False).start()


def nothing(server: Server) -> None:
    pass


if __name__ == "__main__":
    happening = globals()[sys.argv[1]] if len(sys.argv) > 1 else nothing
    with open_server(ServerSpec(kind="embedded")) as opened:
        happening(opened)
        print(json.dumps(describe(opened)), flush=True)
        time.sleep(60)
