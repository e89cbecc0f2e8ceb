"""A label printer that speaks ZPL II on TCP, the believable opposite of `app.devices.protocols.zpl`.

It keeps what it printed as pictures and scans them, so a wrong escape in a label shows as an unreadable or different symbol.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from dataclasses import dataclass, replace

from app.devices.simulators.zpl_drawing import PrintedLabel, burn
from app.devices.simulators.zpl_reader import Command, CommandStream, Format, FormatReader, Settings

_PAPER_ENDED_AT = 0.45
"""How much of a label is on the paper when the roll ends within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    paper_out: bool = False
    ribbon_out: bool = False
    head_open: bool = False
    paused: bool = False
    silent: bool = False
    slow: bool = False
    paper_ends_within_next: bool = False

    @property
    def stands(self) -> bool:
        return self.paper_out or self.ribbon_out or self.head_open or self.paused


class ZplPrinter:
    """Thread-safe. One label costs no time; a printer that stands keeps what it received."""

    def __init__(self, *, dpi: int = 203, answers_in_trouble: bool = False) -> None:
        """Build a printer, switched off.

        Args:
            dpi: 203, 300 or 600; only the identity and the default label size depend on it.
            answers_in_trouble: old firmware flags paper out, ribbon out and head open in ``~HS``; current firmware keeps silent then.
        """
        self._dots_per_mm = {203: 8, 300: 12, 600: 24}[dpi]
        self._answers_in_trouble = answers_in_trouble
        self._settings = Settings(width=100 * self._dots_per_mm, height=60 * self._dots_per_mm)
        self._state = _State()
        self._buffer: list[Format] = []
        self._printed: list[PrintedLabel] = []
        self._controls: list[str] = []
        self._unknown: list[str] = []
        self._partial = 0
        self._changed = threading.Condition()
        self._port = 0
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    # --- the plug -------------------------------------------------------------------------------------------------

    def start(self) -> str:
        """Switch on; returns ``socket://127.0.0.1:port``. After `stop` it comes back on the same port."""
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="zpl-printer", daemon=True)
        self._thread.start()
        return f"socket://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Pull the plug: connections break, the buffer is lost, the paper that came out stays."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.cut_connections()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None
        with self._changed:
            self._buffer.clear()

    def __enter__(self) -> ZplPrinter:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, or last listened."""
        return f"socket://127.0.0.1:{self._port}"

    # --- hands at the printer ---------------------------------------------------------------------------------------

    def run_out_of_paper(self) -> None:
        """The roll is empty between two labels."""
        self._change(paper_out=True)

    def let_paper_end_within_next_label(self) -> None:
        """The roll ends in the middle of the next label: part of it is on the paper."""
        self._change(paper_ends_within_next=True)

    def load_paper(self) -> None:
        """Load a roll. An interrupted label is printed again in full, unless the format said ``^JZN``."""
        self._change(paper_out=False, paper_ends_within_next=False)

    def run_out_of_ribbon(self) -> None:
        self._change(ribbon_out=True)

    def load_ribbon(self) -> None:
        self._change(ribbon_out=False)

    def open_head(self) -> None:
        self._change(head_open=True)

    def close_head(self) -> None:
        self._change(head_open=False)

    def pause(self) -> None:
        self._change(paused=True)

    def resume(self) -> None:
        self._change(paused=False)

    def work_slowly(self) -> None:
        """From now on no label comes out before `let_one_out`."""
        self._change(slow=True)

    def let_one_out(self) -> None:
        """One label comes out, if none of the printer's troubles keeps it."""
        with self._changed:
            self._print(slowly=True)
            self._changed.notify_all()

    def fall_silent(self) -> None:
        """Keep taking bytes, answer nothing: a hung print server, a one-way cable."""
        self._change(silent=True)

    def speak_again(self) -> None:
        self._change(silent=False)

    # --- what a person sees ---------------------------------------------------------------------------------------

    @property
    def printed(self) -> list[PrintedLabel]:
        """Every piece of paper that came out, oldest first."""
        with self._changed:
            return list(self._printed)

    @property
    def controls_obeyed(self) -> list[str]:
        """Control commands taken, e.g. ``~JA``; questions (``~HS``, ``~HI``) are not listed."""
        with self._changed:
            return list(self._controls)

    @property
    def unknown_commands(self) -> list[str]:
        """Format commands that were ignored because nobody here knows them."""
        with self._changed:
            return list(self._unknown)

    def wait_until_printed(self, count: int, *, timeout_s: float) -> list[PrintedLabel]:
        """Wait until at least `count` pieces of paper came out.

        Raises:
            TimeoutError: they did not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._printed) >= count, timeout_s):
                raise TimeoutError(f"{len(self._printed)} of {count} labels came out")
            return list(self._printed)

    def wait_until_waiting(self, count: int, *, timeout_s: float) -> None:
        """Wait until `count` labels are received and stand in the buffer.

        Raises:
            TimeoutError: they do not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._buffer) >= count, timeout_s):
                raise TimeoutError(f"{len(self._buffer)} of {count} labels wait")

    # --- the firmware -----------------------------------------------------------------------------------------------

    def reader(self) -> FormatReader:
        """A reader for one connection; settings are the printer's and outlive it."""
        return FormatReader(self._settings)

    def take(self, command: Command, reader: FormatReader) -> bytes:
        """Obey one command; the answer, if the command has one and the printer is in a state to give it."""
        with self._changed:
            if command.name.startswith("~"):
                answer = self._control(command.name)
            else:
                known = len(reader.unknown)
                finished, answer = reader.obey(command), b""
                self._unknown += reader.unknown[known:]
                self._partial = int(reader.within_a_format)
                if finished is not None:
                    self._buffer += [replace(finished, quantity=1) for _ in range(finished.quantity)]
                    self._print()
            self._changed.notify_all()
            return answer

    def forget_partial(self) -> None:
        """The connection ended within a format, which is thrown away."""
        with self._changed:
            self._partial = 0

    def _control(self, name: str) -> bytes:
        trouble = self._state.paper_out or self._state.ribbon_out or self._state.head_open
        speaks = not self._state.silent and (self._answers_in_trouble or not trouble)
        match name:
            case "~HS":
                return self._status() if speaks else b""
            case "~HI":
                return b"\x02ZD421-SIM,V84.20.18Z,%d,8176KB\x03\r\n" % self._dots_per_mm if speaks else b""
            case "~JA":
                self._buffer.clear()
            case "~PP":
                self._state = replace(self._state, paused=True)
            case "~PS":
                self._state = replace(self._state, paused=False)
                self._print()
        self._controls.append(name)
        return b""

    def _status(self) -> bytes:
        state = self._state
        first = b"030,%d,%d,%04d,%03d,0,0,%d,000,0,0,0" % (
            state.paper_out,
            state.paused,
            self._settings.height,
            len(self._buffer),
            self._partial,
        )
        second = b"000,0,%d,%d,1,2,4,0,%08d,1,000" % (state.head_open, state.ribbon_out, len(self._buffer))
        return b"".join(b"\x02" + frame + b"\x03\r\n" for frame in (first, second, b"1234,0"))

    def _change(self, **what: bool) -> None:
        with self._changed:
            self._state = replace(self._state, **what)
            self._print()
            self._changed.notify_all()

    def _print(self, *, slowly: bool = False) -> None:
        """Everything that waits, or ``slowly`` one label."""
        while self._buffer and not self._state.stands and (slowly or not self._state.slow):
            if self._state.paper_ends_within_next:
                self._printed.append(burn(self._buffer[0], upto=_PAPER_ENDED_AT))
                self._state = replace(self._state, paper_ends_within_next=False, paper_out=True)
                if not self._settings.reprint_after_fault:
                    self._buffer.pop(0)
                return
            self._printed.append(burn(self._buffer.pop(0), upto=1))
            if slowly:
                return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False

    def __init__(self, address: tuple[str, int], printer: ZplPrinter) -> None:
        self.printer = printer
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._unplugged = False
        super().__init__(address, _Connection)

    def joined(self, connection: socket.socket) -> None:
        with self._guard:
            self._connections.add(connection)
            if self._unplugged:
                self._cut(connection)

    def left(self, connection: socket.socket) -> None:
        with self._guard:
            self._connections.discard(connection)

    def cut_connections(self) -> None:
        with self._guard:
            self._unplugged = True
            for connection in self._connections:
                self._cut(connection)

    @staticmethod
    def _cut(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the other side was faster
            connection.shutdown(socket.SHUT_RDWR)


class _Connection(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        printer, stream = self.server.printer, CommandStream()
        reader = printer.reader()
        self.server.joined(self.request)
        try:
            while piece := self.request.recv(65536):
                for command in stream.feed(piece):
                    if answer := printer.take(command, reader):
                        self.request.sendall(answer)
        except OSError:
            return  # the other side, or the plug
        finally:
            self.server.left(self.request)
            printer.forget_partial()
