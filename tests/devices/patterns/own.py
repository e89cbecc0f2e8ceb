"""A plant's own protocol for tests: a torque tester that nobody else speaks with."""

from __future__ import annotations

TORQUE = r"""key = "TORQUE-X"
revision = 1
name = { en = "Torque tester X", zh = "扭矩测试仪 X" }
gives = "measurement"
known_from = "Operating manual, chapter 7"
line = { baud = 9600, bytesize = 8, parity = "N", stopbits = 1, xonxoff = false }
framing = { ends = ["\r\n"], longest = 40 }
ask = "?\r\n"
identify = "ID\r\n"

[[patterns]]
pattern = '(?P<sign>[+-]) *(?P<value>\d+\.\d+) (?P<unit>[A-Za-z]+) (?P<stable>[SU])(?: (?P<judged>OK|NG))?'
means = "value"
decimal = "."
unit = "frame"
stable = { stable = ["S"], moving = ["U"], unknown = [] }

[[patterns]]
pattern = 'OL\+'
means = "overload"

[[patterns]]
pattern = 'OL-'
means = "underload"

[[patterns]]
pattern = '(?P<text>E\d\d)'
means = "error"

[[patterns]]
pattern = 'BUSY'
means = "no_value"

[[patterns]]
pattern = 'ID (?P<serial>[0-9A-Z]{4,12})'
means = "info"

[[cases]]
frame = "+  1.25 Nm S OK"
means = "value"
value = "1.25"
unit = "Nm"
stable = "stable"
text = "OK"

[[cases]]
frame = "- 0.50 Nm U"
means = "value"
value = "-0.50"
unit = "Nm"
stable = "moving"

[[cases]]
frame = "OL+"
means = "overload"

[[cases]]
frame = "OL-"
means = "underload"

[[cases]]
frame = "E07"
means = "error"
text = "E07"

[[cases]]
frame = "BUSY"
means = "no_value"

[[cases]]
frame = "ID 4711X"
means = "info"
text = "4711X"

[[cases]]
frame = "+  1.2"
means = "unreadable"
"""


def changed(old: str, new: str) -> str:
    """The same protocol with one thing written otherwise."""
    assert TORQUE.count(old) >= 1, old
    return TORQUE.replace(old, new, 1)
