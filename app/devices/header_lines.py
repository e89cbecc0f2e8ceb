"""What lines of T-Scale and CAS scales share: a header such as ``ST,GS`` that says how the scale stands, then sign, digits and unit.

``ST`` stable, ``US`` moving, ``OL`` beyond the range; ``GS`` gross, ``NT`` net.

Source: CAS CI-400 owner's manual, appendix 1; T-Scale BWS technical manual and KERN KFB-TM operating manual §10.3.
"""

from __future__ import annotations

import re
from decimal import Decimal

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import NotANetWeight, OutOfRange, UnreadableFrame
from app.devices.protocol import Parsed

HEADER = rb"(?P<state>ST|US),(?:GS|NT)"
DIGITS = rb"(?P<value>\d{1,8}(?:\.\d{1,6})?)"
UNIT = rb"(?P<unit>[A-Za-z]{1,3}|%)"

# Behind OL stand digits, nines or dashes: whatever it is, it is no weight. A minus right before digits tells the lower side.
_LIMIT = re.compile(rb"OL,(?:GS|NT)(?P<rest>[^\r\n]{0,15})")
_BELOW = re.compile(rb"- *\d")
_COUNTED = frozenset({"pcs", "pc", "%"})


def weight_in(match: re.Match[bytes]) -> Parsed:
    """The weight of a whole line.

    Args:
        match: A line with the groups ``state`` (``ST`` and ``S`` are stable), ``sign``, ``value`` and ``unit``.

    Raises:
        NotANetWeight: pieces or a percentage.
    """
    sign, value, unit = match["sign"].strip(b" +"), match["value"], match["unit"].decode("ascii")
    if unit.lower() in _COUNTED:
        raise NotANetWeight(sent=f"{value.decode('ascii')} {unit}")
    quantity = Quantity(Decimal((sign + value).decode("ascii")), unit)
    return Parsed(quantity=quantity, stable=match["state"] in (b"ST", b"S"))


def trouble_in(frame: bytes, *, protocol: str) -> DeviceError:
    """What a line without a weight says: beyond the range, or nothing that could be read."""
    if match := _LIMIT.fullmatch(frame):
        return OutOfRange(above=_BELOW.search(match["rest"]) is None)
    return UnreadableFrame(protocol=protocol, frame=frame)
