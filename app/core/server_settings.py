"""How the embedded server is set up: settings for one workstation, and where its clients meet it."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_LIMIT = 100
"""Bytes of the whole socket path: 108 on Linux and 104 on macOS with the closing zero (sockaddr_un), less room for the lock file."""
SOCKET_PORT = 5432
"""Only part of the socket's name off Windows; no network port is open."""
LOOPBACK = "127.0.0.1"

WORKSTATION: Mapping[str, str] = {
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "scram_iterations": "100000",  # the cost of a login falls on the client: about 50 ms
    "client_connection_check_interval": "500ms",  # otherwise a statement of a killed client goes on and commits
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",  # a workstation's disk is an SSD
    "jit": "off",  # our statements are short; compiling them costs more than it saves
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%m-%d.log",  # one file a day, overwritten after a year
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_connections": "authentication,authorization",  # refused log-ins are seen only here
    "log_parameter_max_length_on_error": "0",  # never the values of a refused statement
}
AUTH_DELAY: Mapping[str, str] = {"shared_preload_libraries": "auth_delay", "auth_delay.milliseconds": "500"}
"""Who tries passwords waits after each wrong one; where the server's programs bring the library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPoint:
    """Where clients meet the server: a socket folder and 5432, or the loopback address and a port."""

    host: str
    port: int

    def settings(self) -> Mapping[str, str]:
        """The server's own settings for it; off Windows no network address is listened on."""
        if Path(self.host).is_absolute():
            return {"listen_addresses": "", "unix_socket_directories": self.host, "port": str(self.port)}
        return {"listen_addresses": self.host, "unix_socket_directories": "", "port": str(self.port)}


def socket_folder(data_folder: Path) -> Path:
    """The socket's folder: inside the data folder, or a short one of our own in the temporary folder when that path is too long."""
    inside = data_folder / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{SOCKET_PORT}")) <= SOCKET_PATH_LIMIT:
        return inside
    key = hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"lineside-{key}"


def loopback_port(remembered: Path) -> int:
    """The port of the last start when it is still free, otherwise a new one; written to `remembered`."""
    wanted = int(remembered.read_text("ascii")) if remembered.exists() else 0
    for port in (wanted, 0):
        with socket.socket() as trial:
            if sys.platform == "win32":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            try:
                trial.bind((LOOPBACK, port))
            except OSError:
                continue
            found = int(trial.getsockname()[1])
        remembered.write_text(str(found), "ascii")
        return found
    raise OSError("no free port on the loopback address")


def as_conf(settings: Mapping[str, str]) -> str:
    """The text of a PostgreSQL configuration file.

    Raises:
        ValueError: a value holds a line end; nothing in our settings may start a new line.
    """
    lines = []
    for name, value in settings.items():
        if "\n" in value or "\r" in value:
            raise ValueError(f"setting {name} holds a line end")
        quoted = value.replace("\\", "\\\\").replace("'", "''")
        lines.append(f"{name} = '{quoted}'\n")
    return "# Written at every start of the embedded server: changes made here are lost.\n" + "".join(lines)
