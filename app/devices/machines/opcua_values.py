"""What one value of an OPC UA server is worth: number, status and type decide. Pure; asyncua is not imported here.

Source:
    OPC 10000-4, 7.7 (DataValue) and 7.39 (StatusCode: severity in the two highest bits, overflow bit of a value's info bits);
    OPC 10000-8, 6.3.2 and 6.4.2 (codes of sensors). Both cited from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Protocol

from app.base.errors import DeviceError
from app.devices.machines.errors import ValueNotVouched, ValueOfOtherType
from app.devices.machines.evidence import of_node
from app.devices.machines.samples import Quality
from app.devices.machines.tag_map import Node, ValueType
from app.devices.machines.telling import Told

_GOOD, _UNCERTAIN = 0, 1
_OVERFLOW = 0x0480
"""Info type DataValue with the bit that says that the server's queue was too short."""
_CODE = 0xFFFF0000
_SENSOR_FAILURE = 0x808C0000
_OLD = {0x40900000, 0x408F0000, 0x40920000}
"""UncertainLastUsableValue, UncertainNoCommunicationLastUsableValue, UncertainInitialValue: a number of nobody knows when."""
_BEYOND = {0x40940000}
"""UncertainEngineeringUnitsExceeded."""
_TYPES = {
    "Boolean": ValueType.BOOL,
    "SByte": ValueType.I8,
    "Byte": ValueType.U8,
    "Int16": ValueType.I16,
    "UInt16": ValueType.U16,
    "Int32": ValueType.I32,
    "UInt32": ValueType.U32,
    "Int64": ValueType.I64,
    "UInt64": ValueType.U64,
    "Float": ValueType.F32,
    "Double": ValueType.F64,
}


class _Named(Protocol):
    @property
    def name(self) -> str: ...


class _Status(_Named, Protocol):
    @property
    def value(self) -> int: ...


class _Variant(Protocol):
    @property
    def Value(self) -> object: ...  # noqa: N802 - as the standard writes it
    @property
    def VariantType(self) -> object: ...  # noqa: N802
    @property
    def is_array(self) -> bool | None: ...


class DataValue(Protocol):
    """A value as asyncua hands it over."""

    @property
    def Value(self) -> _Variant | None: ...  # noqa: N802
    @property
    def StatusCode(self) -> _Status | None: ...  # noqa: N802
    @property
    def SourceTimestamp(self) -> datetime | None: ...  # noqa: N802
    @property
    def ServerTimestamp(self) -> datetime | None: ...  # noqa: N802


def told_of(node: Node, value: DataValue) -> Told:
    """What a value of this node is worth. A number of another type than the map says is none."""
    status = value.StatusCode.value if value.StatusCode is not None else 0
    source = _aware(value.SourceTimestamp)
    number, found = _number(value.Value)
    raw = of_node(status, source, number)
    if status >> 30 != _GOOD:
        name = value.StatusCode.name if value.StatusCode is not None else ""
        complaint = partial(_not_vouched, status=f"{name} (0x{status:08X})")
        return Told(address=node, number=None, quality=_quality(status), complaint=complaint, raw=raw)
    if number is None or found != node.type:
        other = partial(_other_type, found=found, expected=str(node.type))
        return Told(address=node, number=None, quality=Quality.IMPLAUSIBLE, complaint=other, raw=raw)
    return Told(address=node, number=Decimal(number), quality=Quality.GOOD, complaint=None, raw=raw)


def is_overflown(value: DataValue) -> bool:
    """Whether the server says that values before this one were lost in its queue."""
    return value.StatusCode is not None and value.StatusCode.value & _OVERFLOW == _OVERFLOW


def in_words(values: Sequence[tuple[Node, DataValue]]) -> bytes:
    """Values as the frame log keeps them: node, number, status, both times as they were said."""
    return "; ".join(
        f"{node.identifier}={_number(value.Value)[0]!r} 0x{value.StatusCode.value if value.StatusCode else 0:08X}"
        f" source {value.SourceTimestamp} server {value.ServerTimestamp}"
        for node, value in values
    ).encode()


def _quality(status: int) -> Quality:
    code = status & _CODE
    if code == _SENSOR_FAILURE:
        return Quality.SENSOR_BREAK
    if code in _BEYOND:
        return Quality.IMPLAUSIBLE
    return Quality.UNPROVEN if status >> 30 == _UNCERTAIN and code not in _OLD else Quality.STALE


def _number(variant: _Variant | None) -> tuple[bool | int | float | None, str]:
    """The number, and what it is in the words of maps; in those of OPC UA when it is none."""
    if variant is None:
        return None, "Null"
    kind = str(getattr(variant.VariantType, "name", variant.VariantType))
    value = variant.Value
    if variant.is_array or kind not in _TYPES or not isinstance(value, bool | int | float):
        return None, f"{kind}[]" if variant.is_array else kind
    return value, str(_TYPES[kind])


def _aware(said: datetime | None) -> datetime | None:
    """UTC, which asyncua hands over without a zone."""
    return said.replace(tzinfo=UTC) if said is not None and said.tzinfo is None else said


def _not_vouched(channel: str, *, status: str) -> DeviceError:
    return ValueNotVouched(channel=channel, status=status)


def _other_type(channel: str, *, found: str, expected: str) -> DeviceError:
    return ValueOfOtherType(channel=channel, found=found, expected=expected)
