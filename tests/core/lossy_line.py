"""A loopback line between client and server that loses one commit: its reply, or the commit itself. Real sockets, real PostgreSQL."""

import contextlib
import socket
import threading
from types import TracebackType


class LossyLine:
    """Listens on loopback and passes everything to a server's socket, until told to lose the next commit."""

    def __init__(self, host: str, port: int) -> None:
        self._target = f"{host}/.s.PGSQL.{port}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._losing: str | None = None
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_next_commit(self, what: str) -> None:
        """``reply``: the server commits and its answer is lost; ``request``: the commit never arrives."""
        self._losing = what

    def __enter__(self) -> "LossyLine":
        return self

    def __exit__(self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.close()
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # whoever reads from it just now keeps a socket open that is only closed
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                self._open += [client, server]
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := client.recv(65536):
                if self._losing is not None and b"COMMIT" in piece:
                    losing, self._losing = self._losing, None
                    if losing == "reply":
                        self._muted = server
                        server.sendall(piece)
                    else:
                        server.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(piece)
            server.shutdown(socket.SHUT_WR)

    _muted: socket.socket | None = None

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := server.recv(65536):
                if self._muted is server:
                    break  # the commit is done, its answer goes nowhere
                client.sendall(piece)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
