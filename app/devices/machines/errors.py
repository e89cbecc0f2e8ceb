"""What a machine, its network or its map can do to us. As with instruments, none of these is ever stored as a value."""

from __future__ import annotations

from app.base.errors import DeviceError, RuleViolation


class ReaderMissing(DeviceError):
    """The library that speaks with the machine is not installed at this station."""

    code = "machine.reader_missing"
    text = "The machine cannot be read at this station: the package {package} is not installed."
    next_step = "Let IT install Lineside with its extra “machines”: pip install lineside[machines]. Then start again."

    def __init__(self, *, package: str) -> None:
        super().__init__(package=package)


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


class ChannelSilent(DeviceError):
    """A value that its map promises within a time was not told."""

    code = "machine.channel_silent"
    text = "No value of {channel} was told for {seconds} s."
    next_step = "Look whether the machine still measures it. The last value is not used."


class MachineQuiet(DeviceError):
    """The connection is open, the machine says nothing. Silence is no value: not zero, not idle, not the last one."""

    code = "machine.quiet"
    text = "The machine has told nothing for {seconds} s."
    next_step = "Look whether the machine is switched on and connected to its broker. The station keeps listening."


class MachineGone(DeviceError):
    """The broker says that the machine's connection broke, or the machine took its leave."""

    code = "machine.gone"
    text = "The broker says that the machine is offline."
    next_step = "Look whether the machine is switched on and its network works. The station keeps listening."


class ChannelsBad(DeviceError):
    """Why a machine that answers is in fault: some of its channels give no value."""

    code = "machine.channels_bad"
    text = "No value is taken of: {channels}."
    next_step = "Look at the sensors of the machine. The other channels are still recorded."


class ValueNotVouched(DeviceError):
    """A server sends a value, or none, with a status that is not good."""

    code = "machine.not_vouched"
    text = "No value of {channel} was taken: the machine's OPC UA server says {status}."
    next_step = "Look at the machine's display and its sensor. The other channels are still recorded."


class ValueOfOtherType(DeviceError):
    """A server sends another type than the map says, or an array."""

    code = "machine.other_type"
    text = "No value of {channel} was taken: the server sends {found}, the map says {expected}."
    next_step = "Compare the type in the map with the server's address space; the machine's program may have been changed."


class ServerRefuses(DeviceError):
    """An OPC UA server refuses a service."""

    code = "machine.server_refuses"
    text = "No values are taken: the machine's OPC UA server refuses with {status}."
    next_step = "Look up the code with the machine's maker. Name, password and certificate of this station may not be known there."


class NodeRefused(DeviceError):
    """A node of the map is not there, or may not be read."""

    code = "machine.node_refused"
    text = "No values are taken: the server refuses node {node} of {namespace} with {status}."
    next_step = "Compare the map with the server's address space; the machine's program may have been changed."


class NamespaceMissing(DeviceError):
    """A namespace of the map is not there."""

    code = "machine.namespace_missing"
    text = "No values are taken: the server has no namespace {namespace}. It has: {known}."
    next_step = "Compare the map with the server's list of namespaces; another program may be loaded in the machine."


class MessagesLost(DeviceError):
    """Numbers of messages are missing: what came before may not hold any more."""

    code = "machine.messages_lost"
    text = "Messages of the machine's server were lost between no. {last} and no. {next}."
    next_step = "Nothing to do: the station connects anew and reads every value again. If it stays, check the network."


class SubscriptionEnded(DeviceError):
    """The server ended the subscription."""

    code = "machine.subscription_ended"
    text = "The machine's server ended the subscription ({status})."
    next_step = "Nothing to do: the station connects anew by itself."


class CertificateUnknown(DeviceError):
    """Nobody has said yet that the machine's certificate is trusted."""

    code = "machine.certificate_unknown"
    text = "Not connected: nobody trusts the machine's certificate yet. Its SHA-256 fingerprint is {fingerprint}."
    next_step = "Compare it with the one in the machine. If it is the same, rename {offered} to {trusted}; no restart is needed."


class CertificateOffered(DeviceError):
    """The same while the machine is tried at the screen, where the certificate itself is at hand."""

    code = "machine.certificate_offered"
    text = "Not connected: nobody trusts the machine's certificate yet. Its SHA-256 fingerprint is {fingerprint}."
    next_step = "Compare it with the machine's own. If it is the same, press F6."

    def __init__(self, certificate: bytes, *, fingerprint: str) -> None:
        self.certificate = certificate
        """As the server showed it, DER."""
        super().__init__(fingerprint=fingerprint)


class CertificateMissing(DeviceError):
    """A protected line needs a certificate that is not there or cannot be read."""

    code = "machine.certificate_missing"
    text = "Not connected: the certificate {file} cannot be used ({reason})."
    next_step = "Let IT put the certificate of the plant's authority there. The station keeps trying."


class BrokerRefuses(DeviceError):
    """An MQTT broker refuses the connection or a subscription."""

    code = "machine.broker_refuses"
    text = "No values are taken: the broker refuses ({reason})."
    next_step = "Let IT compare name, password and rights of this station at the broker. The station keeps trying."


class BrokerSilent(MachineSilent):
    """The broker took the connection and answers nothing."""

    code = "machine.broker_silent"
    text = "The broker does not answer."
    next_step = "Let IT look whether the broker runs. The station keeps trying."


class PayloadUnreadable(DeviceError):
    """A message whose payload is none that the map describes. Its bytes are kept."""

    code = "machine.payload_unreadable"
    text = "No value was taken: a message of {topic} could not be read ({reason})."
    next_step = "Compare the payload with the machine's manual; its program may have been changed."


class FieldMissing(DeviceError):
    """A message without the value the map expects in it, or with something that is no number there."""

    code = "machine.field_missing"
    text = "No value of {channel} was taken: in {topic} stands {found} where the map expects a number."
    next_step = "Compare the payload with the machine's manual; its program may have been changed."


class MapUnreadable(RuleViolation):
    """A map cannot be used as it is written."""

    code = "machine.map_unreadable"
    text = "The map {model} cannot be used: in {file}, {where}: {reason}"
    next_step = "Mend what is named here, beside the machine's manual, then start again."


class MapMissing(RuleViolation):
    """No map of that name."""

    code = "machine.map_missing"
    text = "There is no map {model}. Known are: {known}."
    next_step = "Name one of these, or write a map for the machine into {folder}."


class MapTwice(RuleViolation):
    """A plant's own map has the name of one that is shipped; which one was meant would be a guess."""

    code = "machine.map_twice"
    text = "The map {model} exists twice: {first} and {second}."
    next_step = "Give the plant's own map another name."
