"""What the widgets of a batch cost the window's own thread: a trace at 1 000 values a second, a long step rail, a large genealogy.

Counted is the time the thread itself worked, not what a busy machine made it wait.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QLineF
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from app.base.measurement import Limits, Quantity
from tests.bench.measuring import Figure, percentiles
from ui.kit import Duty, GraphEdge, GraphNode, ParameterTrace, State, StepLine, StepRail, TracedParameter, TracePoints, theme
from ui.kit.genealogy_layout import lay_out
from ui.kit.parameter_trace import WINDOW_S

RATE = 1000
REPAINTS = 100
STEPS = 300
NODES = 5000
HEAT = Limits(unit="°C", lower=Decimal("132.0"), nominal=Decimal("137.0"), upper=Decimal("142.0"))


def run() -> list[Figure]:
    """Three figures; needs no plant."""
    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise TypeError("widgets need a QApplication")
    theme.start(app)
    return [
        _figure("trace, 20 min at 1 000 values/s: append 100, repaint", _trace(), 10, f"the same strokes bare {_bare_strokes():.2f} ms"),
        _figure("step rail of 300 steps: shown", _rail(), 20, "–"),
        _figure("genealogy of 5 000 nodes: laid out", _genealogy(), 200, "–"),
    ]


def spent(act: Callable[[], object]) -> float:
    """Milliseconds this thread works for one call."""
    begun = time.thread_time()
    act()
    return (time.thread_time() - begun) * 1000


def _figure(name: str, found: list[float], limit_ms: int, beside: str) -> Figure:
    median, p95 = percentiles(found)
    return Figure(name=name, unit="ms", median=median, p95=p95, goal=f"median <= {limit_ms} ms", holds=median <= limit_ms, limit=beside)


def _bare_strokes() -> float:
    """Median of painting two strokes for each of 700 columns, with nothing else."""
    image, noise = QImage(780, 240, QImage.Format.Format_RGB32), np.random.default_rng(1)
    heights = noise.uniform(60, 140, 1400)
    strokes = [QLineF(n / 2, float(heights[n]), (n + 1) / 2, float(heights[n + 1])) for n in range(1399)]

    def paint() -> None:
        painter = QPainter(image)
        painter.setPen(QPen(theme.color.ink, 2))
        painter.drawLines(strokes)
        painter.end()

    return percentiles([spent(paint) for _ in range(40)])[0]


def _trace() -> list[float]:
    """A full window of noise, then ten times a second 100 more values and a picture."""
    trace = ParameterTrace([TracedParameter(key="t", name="Seal temperature", limits=HEAT, silent_after_s=3)], zone=UTC)
    trace.resize(780, 240)
    trace.show()
    QApplication.processEvents()  # a window that does not stand is not painted
    noise, start = np.random.default_rng(1), 1.8e9
    many = round(WINDOW_S * RATE)
    trace.show_points(TracePoints(key="t", at_s=start + np.arange(many) / RATE, values=noise.normal(137, 0.8, many)))
    found = []
    for n in range(REPAINTS):
        at_s = start + WINDOW_S + (np.arange(RATE // 10) + n * RATE // 10) / RATE
        points = TracePoints(key="t", at_s=at_s, values=noise.normal(137, 0.8, len(at_s)))
        found.append(spent(lambda points=points: _append_and_paint(trace, points)))
    trace.close()
    return found


def _append_and_paint(trace: ParameterTrace, points: TracePoints) -> None:
    trace.append(points)
    trace.settle()
    trace.plot.viewport().repaint()
    trace.repaint()


def _rail() -> list[float]:
    lines = [StepLine(key=str(n), number=str(n), name="Needle assembly", state=State.PASS, ended="09:18") for n in range(STEPS)]

    def open_one() -> None:
        rail = StepRail()
        rail.resize(328, 660)
        rail.show_steps(lines, "217")
        rail.grab()

    return [spent(open_one) for _ in range(40)]


def _genealogy() -> list[float]:
    chance = random.Random(1)
    nodes = [
        GraphNode(
            key=str(n), level=n % 6, title=str(n), second="", icon="pack", duty=Duty.NONE, count=Quantity(Decimal(n), "pcs"), resources=()
        )
        for n in range(NODES)
    ]
    pairs = ((one, chance.randrange(NODES)) for one in range(NODES) for _ in range(2))
    edges = [GraphEdge(source=str(a), target=str(b)) for a, b in pairs if a % 6 < b % 6]
    return [spent(lambda: lay_out(nodes, edges)) for _ in range(20)]
