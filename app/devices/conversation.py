"""What one device and this station say to each other: no port, no thread; bytes and time come from outside.

Here lie the rules of `capabilities` E7: silence is a state and never a value, nothing is kept that could be used again, and a
value counts only when the right instrument said it in one whole frame.
"""

from __future__ import annotations

from app.base.errors import DeviceError
from app.base.measurement import Reading
from app.devices.errors import CameTooLate, ConnectionLost, HalfFrame, NoAnswer, NotIdentified, NotUnderstood, UnreadableFrame, WrongDevice
from app.devices.events import DeviceState, Listener, Scan, Sink, Standing, Trouble
from app.devices.framing import Frame, Noise
from app.devices.protocol import Family, Parsed, Scanned, Status
from app.devices.rate import Rate
from app.devices.settings import Clock, DeviceSettings, Patience
from app.devices.standing import Stands
from app.devices.taking import demand_takeable


class Conversation:
    """One device's side of the table. Used by one thread; a session or a replay feeds it."""

    def __init__(self, settings: DeviceSettings, family: Family, sink: Sink, *, clock: Clock, patience: Patience) -> None:
        """Prepare to talk.

        Raises:
            ValueError: the family needs a unit and none is given, or cannot say the serial number the settings expect.
        """
        if settings.expected_serial is not None and not family.says_serial_number:
            raise ValueError(f"{settings.code}: a {family.key} device cannot say its serial number")
        self._settings, self._family, self._sink, self._clock, self._patience = settings, family, sink, clock, patience
        self.protocol = family.make(unit=settings.unit)
        self._framer = family.framing.framer()
        self._read_by = family.own.id if family.own is not None else None
        self._last_byte = self._last_talk = clock.monotonic()
        self._asked: float | None = None
        self._answer_s = patience.answer_s
        self._wanted = False
        self._telling = Rate(patience.troubles_per_s)
        self._unreadable = 0
        self._seen: tuple[str, float] | None = None
        self._stands = Stands(settings.code, sink, clock)

    @property
    def state(self) -> DeviceState:
        """How the device stands now."""
        return self._stands.state

    @property
    def awaiting_answer(self) -> bool:
        """Whether a question is out and neither answered nor given up."""
        return self._asked is not None

    def be_patient(self, patience: Patience) -> None:
        """Wait otherwise from now on; may be called from any thread."""
        self._patience = patience

    def begin(self) -> None:
        """Tell the sink where we start."""
        self._stands.begin()

    def hush(self) -> None:
        """Tell nobody anything any more: the session was given up while its port hung."""
        self._sink = Listener()
        self._stands.hush()

    def opened(self) -> list[bytes]:
        """The port is open. Everything known from before is void: another instrument may hang there now.

        Returns:
            What to send first.
        """
        self._framer.give_up()
        self._asked, self._wanted, self._unreadable = None, False, 0
        self._last_byte = self._last_talk = self._clock.monotonic()
        self._stands.forgets_itself()
        if self.protocol.are_you_there is None:
            self._stands.change(Standing.LIVE)  # it speaks only when pressed: an open port is all there is to know
            return []
        self._stands.change(Standing.CONNECTING)
        return [*self._family.who_are_you, self.protocol.are_you_there]

    def came_too_late(self, content: bytes) -> None:
        """What the adapter or terminal server had kept from before the connection; its age is unknown, so it counts for nothing."""
        self._tell(CameTooLate(frame=content), content)

    def sent(self, *, wanted: bool, is_it_there: bool = False) -> None:
        """A question that needs an answer goes out now.

        Args:
            wanted: Whether a person waits for it; then an answer that fails to come is told, not only shown on the chip.
            is_it_there: Whether it is the harmless question that `opened` and `time_passes` give; its answer needs no measuring.
        """
        self._last_talk = self._clock.monotonic()
        self._wanted |= wanted
        if self._asked is None:
            self._asked, self._answer_s = self._last_talk, self._patience.here_s
        if not is_it_there:
            self._answer_s = self._patience.answer_s

    def heard(self, chunk: bytes) -> None:
        """Bytes arrived, however split."""
        self._end_burst()
        self._last_byte = self._clock.monotonic()
        self._take(self._framer.feed(chunk))

    def time_passes(self) -> list[bytes]:
        """Draw the conclusions that time allows; called several times a second, whether or not something came.

        Returns:
            A harmless question to send, if it is time for one.
        """
        moment = self._clock.monotonic()
        self._end_burst()
        if self._framer.half and moment - self._last_byte >= self._patience.half_frame_s:
            self._drop_half()
        if self._asked is not None and moment - self._asked >= self._answer_s:
            self._no_answer()
        idle_s = moment - max(self._last_byte, self._last_talk)
        if self.protocol.are_you_there and self._asked is None and idle_s >= self._patience.heartbeat_s:
            return [self.protocol.are_you_there]
        return []

    def lost(self, cause: DeviceError) -> None:
        """The port is gone or cannot be opened; half a frame is told and forgotten."""
        self._drop_half()
        self._asked, self._wanted = None, False
        self._stands.change(Standing.FAULT, cause)
        if isinstance(cause, ConnectionLost):
            self._tell(cause, b"")

    def closed(self) -> None:
        """We closed the port ourselves."""
        self._framer.give_up()
        self._stands.change(Standing.CLOSED)

    def _end_burst(self) -> None:
        """Where silence ends a frame, end it when there was enough."""
        quiet_s = self._family.framing.quiet_s
        if quiet_s is not None and self._clock.monotonic() - self._last_byte >= quiet_s:
            self._take(self._framer.quiet())

    def _take(self, pieces: list[Frame | Noise]) -> None:
        for piece in pieces:
            match piece:
                case Frame(content):
                    self._frame(content)
                case Noise(content):
                    self._not_readable(UnreadableFrame(protocol=self._family.key, frame=content), content)

    def _frame(self, content: bytes) -> None:
        try:
            said = self.protocol.parse(content)
        except UnreadableFrame as trouble:
            self._not_readable(trouble, content)
            return
        except DeviceError as trouble:
            self._understood()
            self._tell(trouble, content)
            return
        if isinstance(said, Status):
            self._stands.says_of_itself(said)
        self._understood()
        match said:
            case Parsed():
                self._value(said, content)
            case Scanned(text=text):
                self._code(text)
            case Status():
                pass

    def _value(self, said: Parsed, content: bytes) -> None:
        if (refusal := self._not_ours()) is not None:
            self._tell(refusal, content)
            return
        try:
            demand_takeable(said, self._settings.unit, content)
        except DeviceError as trouble:
            self._tell(trouble, content)
            return
        self._sink.reading(
            Reading(
                quantity=said.quantity,
                stable=said.stable,
                device=self._settings.code,
                raw=content,
                at=self._clock.now(),
                serial_no=self.state.serial_number,
                firmware=self.state.firmware,
                read_by=self._read_by,
            )
        )

    def _code(self, text: str) -> None:
        scan = Scan(text=text, device=self._settings.code, at=self._clock.now())
        moment = self._clock.monotonic()
        again = self._seen is not None and self._seen[0] == text and moment - self._seen[1] <= self._patience.bounce_s
        self._seen = (text, moment)
        if again:
            self._sink.repeated(scan)
        else:
            self._sink.scan(scan)

    def _not_ours(self) -> WrongDevice | NotIdentified | None:
        """Why this instrument's values may not be taken; ``None`` if they may."""
        expected, found = self._settings.expected_serial, self.state.serial_number
        if expected is None or found == expected:
            return None
        return NotIdentified() if found is None else WrongDevice(found=found, expected=expected)

    def _understood(self) -> None:
        """A whole frame was understood: the device is there, whatever the frame says."""
        self._asked, self._wanted, self._unreadable = None, False, 0
        self._stands.heard()
        match self._not_ours():
            case None:
                self._stands.change(Standing.LIVE)
            case WrongDevice() as refusal:
                self._stands.change(Standing.FAULT, refusal)
            case NotIdentified():
                pass  # it talks, but who it is we do not know yet

    def _no_answer(self) -> None:
        wanted, self._asked, self._wanted = self._wanted, None, False
        if self.state.standing is not Standing.FAULT:
            self._stands.change(Standing.SILENT, NoAnswer(), since=self.state.last_heard)
        if wanted:
            self._tell(NoAnswer(), b"")

    def _not_readable(self, trouble: UnreadableFrame, content: bytes) -> None:
        self._unreadable += 1
        self._tell(trouble, content)
        if self._unreadable >= self._patience.unreadable_lines:
            self._stands.change(Standing.FAULT, NotUnderstood())

    def _drop_half(self) -> None:
        if half := self._framer.give_up():
            self._not_readable(HalfFrame(protocol=self._family.key, frame=half), half)

    def _tell(self, error: DeviceError, raw: bytes) -> None:
        if not raw or self._telling.may(self._clock.monotonic()):  # what never came is told once for each wait
            self._sink.trouble(Trouble(device=self._settings.code, error=error, raw=raw, at=self._clock.now()))
