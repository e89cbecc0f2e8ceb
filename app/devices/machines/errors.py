"""What a machine, its network or its map can do to us. As with instruments, none of these is ever stored as a value."""

from __future__ import annotations

from app.base.errors import DeviceError, RuleViolation


class ReaderMissing(DeviceError):
    """The library that speaks Modbus is not installed at this station."""

    code = "machine.reader_missing"
    text = "No machine can be read at this station: the package pymodbus is not installed."
    next_step = "Let IT install Lineside with its extra “machines”: pip install lineside[machines]. Then start again."


class MachineSilent(DeviceError):
    """The connection is open and a question is not answered at all."""

    code = "machine.silent"
    text = "The machine does not answer."
    next_step = "Look whether the machine is switched on and its control runs. The station keeps asking."


class LineSilent(MachineSilent):
    """The same on a serial line, where a wrong speed, parity or unit id is nothing but silence."""

    code = "machine.line_silent"
    next_step = "Switch the machine on. If it stays, compare speed, parity and unit id with its manual. The station keeps asking."


class AnswerUnreadable(DeviceError):
    """An answer came that is none to our question: half, of another length, of another kind. The bytes are kept in ``frame``."""

    code = "machine.unreadable"
    text = "No values were taken: the machine's answer could not be read ({answer})."
    next_step = "Check the network and what stands between station and machine. If it stays, compare the unit id with the machine's manual."

    def __init__(self, *, frame: bytes) -> None:
        self.frame = frame
        super().__init__(answer=frame[:40].hex(" "))


class LineUnreadable(AnswerUnreadable):
    """The same on a serial line: bytes of another unit, of another speed or parity, of a bad cable, or of nobody knows when."""

    code = "machine.line_unreadable"
    next_step = "Compare speed, parity and unit id with the machine's manual; check cable, shield and termination of the line."


class MachineRefuses(DeviceError):
    """The machine answers with a Modbus exception."""

    code = "machine.refuses"
    text = "No values are taken: the machine refuses register {address} ({count} registers, {kind}) with Modbus exception {exception}."
    next_step = "Exceptions 5 and 6 pass when the machine has time. Else compare addresses and unit id with the machine's manual."


class MachineFrozen(DeviceError):
    """It answers, and its heartbeat stands still: the numbers are of nobody knows when."""

    code = "machine.frozen"
    text = "No values are taken: the machine answers, but its heartbeat has not moved for {seconds} s."
    next_step = "Look at the machine's display: its control hangs or has stopped. Values of this time are not used."


class SensorBroken(DeviceError):
    """The machine says so itself, by the number its map names."""

    code = "machine.sensor_broken"
    text = "No value of {channel} was taken: the machine reports a broken sensor."
    next_step = "Call maintenance: check the sensor and its cable."


class Implausible(DeviceError):
    """A number outside of what can be true."""

    code = "machine.implausible"
    text = "No value of {channel} was taken: {value} {unit} cannot be true; it lies outside {low} to {high}."
    next_step = "Check the sensor. If it was never right, compare type, word order and scale with the machine's manual."


class ChannelsBad(DeviceError):
    """Why a machine that answers is in fault: some of its channels give no value."""

    code = "machine.channels_bad"
    text = "No value is taken of: {channels}."
    next_step = "Look at the sensors of the machine. The other channels are still recorded."


class MapUnreadable(RuleViolation):
    """A register map cannot be used as it is written."""

    code = "machine.map_unreadable"
    text = "The register map {model} cannot be used: in {file}, {where}: {reason}"
    next_step = "Mend what is named here, beside the machine's manual, then start again."


class MapMissing(RuleViolation):
    """No register map of that name."""

    code = "machine.map_missing"
    text = "There is no register map {model}. Known are: {known}."
    next_step = "Name one of these, or write a map for the machine into {folder}."


class MapTwice(RuleViolation):
    """A plant's own map has the name of one that is shipped; which one was meant would be a guess."""

    code = "machine.map_twice"
    text = "The register map {model} exists twice: {first} and {second}."
    next_step = "Give the plant's own map another name."
