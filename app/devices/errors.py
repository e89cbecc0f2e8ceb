"""What an instrument, its cable or its port can do to us, said so that the person beside it knows what to do.

None of these is ever stored as a value: they show on the device's chip and beside the field that waited.
"""

from __future__ import annotations

from app.base.errors import DeviceError
from app.base.phrases import Phrase


def readable(frame: bytes) -> str:
    r"""Bytes as a person may read them: printable ASCII as it is, all else as ``\x1d``."""
    return frame.decode("latin-1").encode("unicode_escape").decode("ascii")


class UnreadableFrame(DeviceError):
    """Bytes came that are no complete frame of this protocol; the raw bytes are kept in ``frame``."""

    code = "device.unreadable"
    text = "No value was taken: the line {line} could not be read."
    next_step = "Send it again. If it happens again, check the cable and the line settings of the device."

    def __init__(self, *, protocol: str, frame: bytes) -> None:
        self.frame = frame
        super().__init__(protocol=protocol, line=readable(frame))


class HalfFrame(UnreadableFrame):
    """The beginning of a frame came, its end never did."""

    code = "device.half_frame"
    text = "No value was taken: only the beginning of a line came, {line}."
    next_step = "Send it again. If it happens again, check the plug and the cable."


class OutOfRange(DeviceError):
    """The instrument itself says the value lies beyond what it can measure."""

    code = "device.out_of_range"
    text = "No value was taken: the instrument reports a load or position beyond its range ({side})."
    next_step = "Take the load off or bring the instrument back into its range, then measure again."

    def __init__(self, *, above: bool) -> None:
        self.above = above
        super().__init__(side=Phrase("above") if above else Phrase("below"))


class NotSettled(DeviceError):
    """The instrument was asked for a value and could not give one now."""

    code = "device.not_settled"
    text = "No value was taken: the instrument is moving or busy."
    next_step = "Wait until the display stands still, then measure again."


class MinusZero(DeviceError):
    """A minus sign before nothing but zeros: the instrument stands at the edge of its zero point, the sign means nothing."""

    code = "device.minus_zero"
    text = "No value was taken: the instrument sent a zero with a minus sign, {line}."
    next_step = "Set the instrument to zero and measure again."

    def __init__(self, *, frame: bytes) -> None:
        super().__init__(line=readable(frame))


class NotANetWeight(DeviceError):
    """A whole line with another quantity than the one that is recorded: a piece count, a percentage, an unknown identifier."""

    code = "device.other_quantity"
    text = "No value was taken: the instrument sent {sent}, which is neither its net nor its gross weight."
    next_step = "Set the instrument to plain weighing, then print again."


class WrongUnit(DeviceError):
    """The instrument sends another unit than its record says; nothing is converted behind anybody's back."""

    code = "device.wrong_unit"
    text = "No value was taken: the instrument measures in {sent}, its record says {expected}."
    next_step = "Set the instrument to {expected} and measure again."


class InstrumentTrouble(DeviceError):
    """The instrument reports a trouble of its own."""

    code = "device.instrument_trouble"
    text = "No value was taken: the instrument reports {reported}."
    next_step = "Look at the instrument's display and its manual. If it stays, take another instrument."


class AskingRefused(DeviceError):
    """The instrument did not understand what this station asked."""

    code = "device.asking_refused"
    text = "No value was taken: the instrument did not accept the question of this station ({answer})."
    next_step = "Check the line settings of the device, then ask again."


class NothingRead(DeviceError):
    """The scanner's trigger was pulled and no code was decoded."""

    code = "device.nothing_read"
    text = "The scanner saw no code it could read."
    next_step = "Scan again, closer and straight on. If the label is damaged, print it again."


class PortUnavailable(DeviceError):
    """The port could not be opened."""

    code = "device.port_unavailable"
    text = "The device is not connected: {url} could not be opened ({reason})."
    next_step = "Check that the device is switched on and plugged in. The station keeps trying."


class ConnectionLost(DeviceError):
    """The port was open and is gone: plug pulled, adapter or network away."""

    code = "device.connection_lost"
    text = "The connection to the device broke off ({reason})."
    next_step = "Plug the device in again. The station connects by itself."


class NoAnswer(DeviceError):
    """The port is open and nobody answers. Silence is no value: not zero and not the last one."""

    code = "device.no_answer"
    text = "The device does not answer."
    next_step = "Switch the device on and check its cable and its line settings."


class CameTooLate(DeviceError):
    """Bytes waited in the adapter or the terminal server from before the connection: nobody knows how old they are."""

    code = "device.came_too_late"
    text = "No value was taken: {line} was sent before the station was connected."
    next_step = "Measure or scan again now."

    def __init__(self, *, frame: bytes) -> None:
        super().__init__(line=readable(frame))


class NotUnderstood(DeviceError):
    """Several lines in a row were unreadable: most likely the wrong line settings or the wrong protocol."""

    code = "device.not_understood"
    text = "The device sends, but nothing of it can be read."
    next_step = "Compare speed, parity and protocol of the device with its settings here."


class WrongDevice(DeviceError):
    """Another instrument hangs on the cable than the record says."""

    code = "device.wrong_device"
    text = "No value is taken: the instrument says its serial number is {found}, its record says {expected}."
    next_step = "Connect the right instrument, or take the one that is connected into its own record."


class NotIdentified(DeviceError):
    """A value came before the instrument said who it is."""

    code = "device.not_identified"
    text = "No value was taken: the instrument has not yet said its serial number."
    next_step = "Wait a moment and measure again."


class SessionBroke(DeviceError):
    """A defect of this program inside the device's thread; the log has the whole story."""

    code = "device.session_broke"
    text = "The connection to the device was ended by a defect of this program ({defect})."
    next_step = "The station connects again by itself. Tell IT; the log file names the place."
