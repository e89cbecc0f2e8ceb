"""A finished unit with its label, and a printer in no time."""

from datetime import date

from hypothesis import strategies as st

from app.base.phrases import Name
from app.devices.simulators.zpl_drawing import burn
from app.devices.simulators.zpl_reader import CommandStream, FormatReader, Settings
from app.labels.emit.unit_label import UNIT_STOCK, UnitLabel
from app.labels.udi import compose
from app.labels.unit_form import unit_zpl
from app.scanning.gs1_checks import CSET82

PARTS = {
    "gtin": "06901234567892",
    "lot": "L26-0382",
    "expires_on": date(2029, 9, 30),
    "made_on": date(2026, 10, 1),
    "serial": "0000123",
}
NAME = Name("Infusion set, 150 cm, 0.2 µm filter", "一次性使用精密过滤输液器 150 cm")
IN_SET_82 = st.text(CSET82, min_size=1, max_size=20)


def udi(**parts):
    return compose(**{**PARTS, **parts})


def unit(**facts):
    parts = {name: facts.pop(name) for name in PARTS if name in facts}
    return UnitLabel(**{"udi": udi(**parts), "ref": "IS-150-02F", "name": NAME, "holds": 1, "copy_no": 1, "practice": False, **facts})


def burnt(zpl):
    """The paper that comes out, and nothing that the printer did not understand."""
    reader = FormatReader(Settings(width=1, height=1))
    (label,) = filter(None, (reader.obey(command) for command in CommandStream().feed(zpl)))
    assert reader.unknown == []
    return burn(label, upto=1)


def printed(label, language, *, dpi=203, stock=UNIT_STOCK):
    return burnt(unit_zpl(label, language, dpi=dpi, stock=stock))
