"""What hangs on one port, at which settings: listen, ask harmlessly, ask again alone. Nothing that changes a device is ever sent.

Speed after speed, the usual ones first. At each the questions of all kinds that may be set so go out, with eight bits and with seven bits
and either parity; what comes back, or what a person makes a scanner or gauge send meanwhile, is held against every kind. Machines are asked
between two silences, while a person has time to press a button. One kind whose own form was heard, and heard again when it was asked alone,
is found; several are all named, and a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event

from app.devices.protocol import SerialLine
from app.devices.recognition import printers
from app.devices.recognition.evidence import Evidence, Kind, Strength
from app.devices.recognition.findings import Findings, Recognised, recognised
from app.devices.recognition.kinds import kinds
from app.devices.recognition.listened import ask, is_listened
from app.devices.recognition.parity import Parity, heard_with, line_of, say_with
from app.devices.recognition.questions import END, joined, of_machines, set_so
from app.devices.session import OpenPort
from app.devices.settings import Clock, StationClock
from app.devices.transport import PATIENCE_S, Port, open_port

WITHIN_S = 10.0
"""One round through every speed takes less; `make bench` has the figure."""
_ANSWER_S = 0.2
"""For the slowest answer to a harmless question, after the last byte of the question has left."""
_CONTROL_ANSWER_S = 0.1
"""For the answer of a machine's control, where the next question is one that does not disturb a later one."""
_USUAL_FIRST = (9600, 19200, 4800, 115200, 38400, 2400, 57600, 1200)
_PARITIES: tuple[Parity, ...] = ("N", "E", "O")
_BY_ITSELF_S = 0.25
"""More, where a scanner or gauge may be set so: a person presses a button twice a second."""
_ON_A_SOCKET_S = 0.5
_MACHINE_ON_A_SOCKET_S = 1.0
"""A gateway to a serial line says only after its own wait that nobody answers there."""
_WITH_ITS_ANSWER = 22
"""Bits on the wire for each byte of a question with parity, and as many for its answer."""
_MOST_HEARD, _MOST_SHOWN = 8192, 200
"""Bytes."""
_LIKE_ENOUGH = 2
"""So many frames of a form that is no kind's own."""


def recognise(
    url: str, *, stopping: Event, within_s: float = WITHIN_S, open_port: OpenPort = open_port, clock: Clock | None = None
) -> Findings:
    """Find what hangs on a port.

    Args:
        url: As in a device's settings; of OPC UA servers and MQTT brokers too, which are asked nowhere else.
        stopping: Ends it at once.
        within_s: How long to go on; a scanner or gauge must be made to speak in this time.
        open_port: How ports are opened.
        clock: Whose time counts.

    Raises:
        PortUnavailable, ConnectionLost: nobody there, taken by somebody else, or unplugged meanwhile.
    """
    if (listened := ask(url)) is not None:
        found = Recognised(key=listened.key, line=None, serial_number=None, frame=listened.frame)
        return Findings(url=url, fitting=(found,), heard=b"")
    if is_listened(url):
        return Findings(url=url, fitting=(), heard=b"")
    search = _Search(clock or StationClock(), stopping, within_s)
    port = open_port(url, SerialLine(baud=_USUAL_FIRST[0]))
    try:
        fitting = search.on_a_socket(port) if url.startswith("socket://") else search.on_a_line(port)
    finally:
        port.close()
    return Findings(url=url, fitting=tuple(fitting), heard=search.unread)


class _Search:
    """One port's search."""

    def __init__(self, clock: Clock, stopping: Event, within_s: float) -> None:
        self._clock, self._stopping = clock, stopping
        self._end = clock.monotonic() + within_s
        self._kinds = kinds()
        self._likes: dict[tuple[str, SerialLine | None], int] = {}
        self.unread = b""

    def on_a_line(self, port: Port) -> list[Recognised]:
        """Through every speed and parity until something is found or the time is over."""
        while not self._over:
            for baud in _USUAL_FIRST:
                if found := self._at(port, baud):
                    return found
        return []

    def on_a_socket(self, port: Port) -> list[Recognised]:
        """First the machines' question, once and on the fresh connection: text before it would be the beginning of a message without end.

        Then those to label printers, which are no text; then all others at once, and listening, again and again.
        """
        possible = [kind for kind in self._kinds if kind.on_sockets]
        heard = b""
        for question in of_machines(possible):
            port.write(question)
            heard += self._listen(port, _MACHINE_ON_A_SOCKET_S)
        if found := self._confirmed(port, self._fitting(self._evidence(heard, possible), None, last=False)):
            return found
        asked = printers.ask(lambda question: self._said_to(port, question))
        printer = [asked.found] if asked.found is not None else []
        if asked.is_sure:
            return printer
        heard += asked.heard
        while not self._over:
            port.write(joined(possible))
            heard += self._listen(port, _ON_A_SOCKET_S)
            evidence = self._evidence(heard, possible)
            fitting = self._fitting(evidence, None, last=True)
            if not fitting and not printer:
                self._keep_unread(heard)
            found = self._confirmed(port, fitting)
            if found and any(one.strength is Strength.SURE for _, one in evidence):
                return found
            if found or printer:
                return [*found, *printer]
            heard = b""
        return []

    def _said_to(self, port: Port, question: bytes) -> bytes:
        """What comes to one question on a socket; nothing is said when nobody waits any more."""
        if self._stopping.is_set():
            return b""
        port.write(question)
        return self._listen(port, _ON_A_SOCKET_S)

    @property
    def _over(self) -> bool:
        return self._stopping.is_set() or self._clock.monotonic() >= self._end

    def _at(self, port: Port, baud: int) -> list[Recognised]:
        """Ask at one speed; whatever parity it is answered with counts, and whatever is said unasked."""
        if self._over:
            return []
        plain = SerialLine(baud=baud)
        port.tune(plain)
        port.waiting()  # was under way at the speed before
        asked = {parity: self._questions(line_of(baud, parity)) for parity in _PARITIES}
        for parity, message in asked.items():
            port.write(say_with(parity, message))
        heard = self._listen(port, _ANSWER_S + 10 * sum(map(len, asked.values())) / baud)
        if found := self._judged(port, heard, baud, last=False):
            return found
        until = self._clock.monotonic() + (_BY_ITSELF_S if self._speaks_by_itself(baud) else 0)
        heard += self._ask_alone(port, plain, _ANSWER_S)
        heard += self._listen(port, until - self._clock.monotonic())
        return self._judged(port, heard, baud, last=True) or self._with_nine_bits(port, baud)

    def _with_nine_bits(self, port: Port, baud: int) -> list[Recognised]:
        """Eight bits and parity: the port itself must be set so. Which parity it is shows by what is answered, not by what is heard."""
        asked: list[SerialLine] = []
        for line in (SerialLine(baud=baud, parity="E"), SerialLine(baud=baud, parity="O")):
            possible, question = set_so(self._kinds, line), self._questions(line)
            if self._over or not any(kind.question for kind in possible):
                continue
            port.tune(line)
            asked.insert(0, line)
            last_for_machines = line.parity == "O" and not question
            heard = self._ask_alone(port, line, _ANSWER_S if last_for_machines else _CONTROL_ANSWER_S)
            if question:
                port.write(question)
                heard += self._listen(port, _ANSWER_S + 10 * len(question) / baud)
            fitting = self._fitting(self._evidence(heard, possible), line, last=False)
            if confirmed := self._confirmed_at(port, fitting, asked):
                return confirmed
        return []

    def _confirmed_at(self, port: Port, fitting: list[tuple[Kind, Recognised]], lines: Sequence[SerialLine]) -> list[Recognised]:
        """A late answer was one to the parity before: the setting at which it comes again counts."""
        for line in lines:
            here = [(kind, replace(one, line=line)) for kind, one in fitting if set_so([kind], line)]
            if here:
                port.tune(line)
            if confirmed := self._confirmed(port, here):
                return confirmed
        return []

    def _ask_alone(self, port: Port, line: SerialLine, for_s: float) -> bytes:
        """Each question that must stand between two silences, and what came of it."""
        heard = b""
        for question in of_machines(set_so(self._kinds, line)):
            port.write(question)
            heard += self._listen(port, for_s + _WITH_ITS_ANSWER * len(question) / line.baud)
        return heard

    def _judged(self, port: Port, heard: bytes, baud: int, *, last: bool) -> list[Recognised]:
        """What was heard at one speed; only when nothing more is waited for do frames count that are no kind's own."""
        plain, explained = SerialLine(baud=baud), heard_with(heard)
        binary = [kind for kind in set_so(self._kinds, plain) if kind.alone]
        fitting = self._fitting(self._evidence(heard, binary), plain, last=last)
        if explained is not None:
            line = line_of(baud, explained[0])
            found = self._evidence(explained[1], [kind for kind in set_so(self._kinds, line) if not kind.alone])
            fitting += self._fitting(found, line, last=last)
        if last and not fitting:
            self._keep_unread(heard)
        return self._confirmed(port, fitting)

    def _speaks_by_itself(self, baud: int) -> bool:
        """Whether something that must be made to speak may have this speed."""
        return any(kind.question is None and any(line.baud == baud for line in kind.lines) for kind in self._kinds)

    def _questions(self, line: SerialLine) -> bytes:
        return joined(set_so(self._kinds, line))

    def _listen(self, port: Port, for_s: float) -> bytes:
        """Everything that comes in this time; at least one look."""
        heard, until = bytearray(port.waiting()), self._clock.monotonic() + for_s
        while (left := until - self._clock.monotonic()) > 0 and not self._stopping.is_set() and len(heard) < _MOST_HEARD:
            if left < PATIENCE_S:
                self._stopping.wait(left)
            heard += port.read() if left >= PATIENCE_S else port.waiting()
        return bytes(heard)

    def _evidence(self, heard: bytes, possible: Sequence[Kind]) -> list[tuple[Kind, Evidence]]:
        return [(kind, evidence) for kind in possible if heard and (evidence := kind.judge(heard)) is not None]

    def _fitting(self, found: list[tuple[Kind, Evidence]], line: SerialLine | None, *, last: bool) -> list[tuple[Kind, Recognised]]:
        """The kinds whose own form was heard; without any, those whose form was heard again and again."""
        fitting = [one for one in found if one[1].strength is Strength.SURE]
        if not fitting and last:
            fitting = [one for one in found if self._heard_again(*one, line)]
        return [(kind, recognised(kind, line, evidence)) for kind, evidence in fitting]

    def _heard_again(self, kind: Kind, evidence: Evidence, line: SerialLine | None) -> bool:
        known = self._likes[kind.key, line] = self._likes.get((kind.key, line), 0) + evidence.times
        return known >= _LIKE_ENOUGH

    def _keep_unread(self, heard: bytes) -> None:
        self.unread = (self.unread + heard)[-_MOST_SHOWN:]

    def _confirmed(self, port: Port, fitting: list[tuple[Kind, Recognised]]) -> list[Recognised]:
        """Each that can be asked is asked alone: it must say the same again, and its serial number if it has one."""
        return [confirmed for kind, one in fitting if (confirmed := self._confirm(port, kind, one)) is not None]

    def _confirm(self, port: Port, kind: Kind, one: Recognised) -> Recognised | None:
        if kind.question is None:
            return one
        line, question = one.line, kind.question if kind.alone else END + kind.question
        seven_bits = line is not None and line.bytesize == 7
        port.write(say_with(line.parity, question) if line is not None and seven_bits else question)
        heard = self._listen(port, _ANSWER_S + 10 * len(question) / line.baud if line is not None else _ON_A_SOCKET_S)
        explained = heard_with(heard) if seven_bits else ("N", heard)
        evidence = kind.judge(explained[1]) if explained is not None and explained[1] else None
        return recognised(kind, one.line, evidence) if evidence is not None else None
