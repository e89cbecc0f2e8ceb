"""Another program on the same workstation that uses the embedded server: `python -m tests.core.other_program FOLDER`.

Prints the server's pid once it is attached, stops using the server when its input ends.
"""

import sys
from pathlib import Path

from app.core.embedded_server import EmbeddedServer
from app.core.server_process import find_running
from tests.core.cluster import CHEAP

folder = Path(sys.argv[1])
server = EmbeddedServer(folder, settings=CHEAP)
server.start()
running = find_running(folder / "cluster")
print(running.pid if running else "none", flush=True)
sys.stdin.read()
server.stop()
