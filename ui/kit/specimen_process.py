"""The third kit sheet: how a process ran, numbers typed by a hand, where material came from and went to. All of it is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.measurement import Limits, Quantity
from app.base.phrases import Phrase
from ui.kit.genealogy import Genealogy
from ui.kit.genealogy_graph import Duty, GraphEdge, GraphNode, Resource
from ui.kit.now_value import NowValue
from ui.kit.number_entry import NumberEntry
from ui.kit.number_pad import NumberPad
from ui.kit.panel import Panel
from ui.kit.parameter_trace import WINDOW_S, ParameterTrace, TracedParameter, TracePoints
from ui.kit.text import Label
from ui.kit.theme import theme
from ui.kit.tokens import Type

HEAT = Limits(unit="°C", lower=Decimal("132.0"), nominal=Decimal("137.0"), upper=Decimal("142.0"))
ALERT = Limits(unit="°C", lower=Decimal("134.0"), nominal=None, upper=Decimal("140.0"))
DWELL = Limits(unit="s", lower=Decimal("1.00"), nominal=None, upper=Decimal("1.40"))
PRESSURE = Limits(unit="kPa", lower=Decimal(380), nominal=None, upper=Decimal(440))
NOON = datetime(2026, 11, 24, 2, 42, 8, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


def specimen_process() -> QWidget:
    """All of them as they stand on screens; a plain widget of about 1920 × 1900."""
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.setContentsMargins(24, 16, 24, 24)
    column.setSpacing(16)
    column.addWidget(Label(Phrase("Lineside kit: process and trace"), Type.TITLE))
    upper = QHBoxLayout()
    upper.setSpacing(16)
    left = QVBoxLayout()
    left.setSpacing(16)
    left.addWidget(_trace(), 1)
    left.addLayout(_cells())
    upper.addLayout(left, 1)
    upper.addWidget(_entries())
    column.addLayout(upper)
    column.addWidget(_genealogy(), 1)
    return sheet


def heat_run() -> TracePoints:
    """Twenty minutes of one value a second: a calm run, 62 s above the limit, and 45 s of silence."""
    import numpy as np

    at_s = NOON.timestamp() - WINDOW_S + np.arange(WINDOW_S + 1)
    second = np.arange(len(at_s))
    waves = [np.sin(second / period + phase) / part for period, phase, part in ((97, 0, 1), (31, 2, 2), (7, 5, 3), (2.3, 1, 4))]
    values = 136.8 + 0.9 * np.sum(waves, axis=0)
    values[955:1017] = 137 + 6.4 * np.sin(np.linspace(0, np.pi, 62))
    heard = (at_s < at_s[520]) | (at_s > at_s[565])
    return TracePoints(key="heat", at_s=at_s[heard], values=np.round(values[heard], 1))


def _trace() -> Panel:
    panel = Panel(Phrase("Seal temperature"), "SL-03")
    row = QHBoxLayout()
    row.setSpacing(theme.px(32))
    trace = ParameterTrace([TracedParameter(key="heat", name=Phrase("Seal temperature"), limits=HEAT, silent_after_s=3)], zone=CHINA)
    trace.setMinimumHeight(theme.px(260))
    trace.show_points(heat_run())
    row.addWidget(trace, 1)
    now = NowValue("", HEAT, flat=False)
    now.setFixedWidth(theme.px(216))
    now.show_value(Decimal("137.4"))
    row.addWidget(now, 0, Qt.AlignmentFlag.AlignVCenter)
    panel.body.addLayout(row)
    return panel


def _cells() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    for name, limits, value in ((Phrase("Dwell"), DWELL, "1.21"), (Phrase("Jaw pressure"), PRESSURE, None)):
        panel = Panel()
        cell = NowValue(name, limits, flat=True)
        if value is None:
            cell.show_silent(40)
        else:
            cell.show_value(Decimal(value))
        panel.body.addWidget(cell)
        row.addWidget(panel, 1)
    return row


def _entries() -> Panel:
    panel = Panel(Phrase("A number typed by a hand"))
    panel.setFixedWidth(theme.px(640))
    row = QHBoxLayout()
    row.setSpacing(theme.px(24))
    for text in ("140.5", "12,5"):
        entry = NumberEntry(Phrase("Seal temperature"), unit="°C", places=1, limits=HEAT, soft=ALERT)
        entry.set_text(text)
        row.addWidget(entry, 1, Qt.AlignmentFlag.AlignTop)
    panel.body.addLayout(row)
    panel.body.addSpacing(theme.px(16))
    panel.body.addWidget(NumberPad())
    panel.body.addStretch(1)
    return panel


def graph() -> tuple[list[GraphNode], list[GraphEdge]]:
    """A supplier lot to eleven customers: the picture 7-trace, with a column that folds."""
    sealer = Resource(key="SL-03", name="SL-03", icon="sensor")
    gauge = Resource(key="FG-03", name="FG-03", icon="gauge")
    nodes = [
        _node("NF26-0874", 0, "Nordfil", "ship", Duty.START, 24_000),
        _node("L26-0301", 1, "12\u2009000", "pack", Duty.NONE, 12_000),
        _node("L26-0302", 1, "12\u2009000", "pack", Duty.NONE, 12_000),
        _node("B26-1098", 2, "11\u2009880", "batches", Duty.NONE, 11_880),
        _node("B26-1104", 2, "11\u2009880", "batches", Duty.NONE, 11_880, (sealer, gauge)),
        _node("FG-2", 3, "5\u2009140", "place", Duty.HOLD, 5_140),
        *(_node(f"C-{n:02}", 3, "2\u2009000", "ship", Duty.TELL, 2_000) for n in range(1, 12)),
        _node("?", 3, "12", "search", Duty.UNKNOWN, 12),
    ]
    pairs = [
        ("NF26-0874", "L26-0301"),
        ("NF26-0874", "L26-0302"),
        ("L26-0301", "B26-1098"),
        ("L26-0301", "B26-1104"),
        ("L26-0302", "B26-1104"),
    ]
    pairs += [("B26-1098", f"C-{n:02}") for n in range(1, 8)] + [("B26-1104", f"C-{n:02}") for n in range(7, 12)]
    pairs += [("B26-1104", "FG-2"), ("B26-1104", "?"), ("B26-1098", "FG-2")]
    return nodes, [GraphEdge(source=source, target=target) for source, target in pairs]


def _node(key: str, level: int, second: str, icon: str, duty: Duty, count: int, resources: tuple[Resource, ...] = ()) -> GraphNode:
    title = Phrase("unknown") if duty is Duty.UNKNOWN else key
    amount = Quantity(Decimal(count), "")
    return GraphNode(key=key, level=level, title=title, second=second, icon=icon, duty=duty, count=amount, resources=resources)


def _genealogy() -> Panel:
    panel = Panel(Phrase("From supplier lot to customer"), padding=0)
    tree = Genealogy(enter_opens=False)
    tree.setMinimumHeight(theme.px(840))
    names = {0: Phrase("supplier lot"), 1: Phrase("our lots"), 2: Phrase("batches"), 3: Phrase("where now")}
    tree.show_graph(*graph(), names)
    panel.body.addWidget(tree)
    return panel
