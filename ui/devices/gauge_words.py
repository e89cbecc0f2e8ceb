"""How a gauge's range, steps and calibration are said."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.plant.gauges import Calibrated, GaugeLine
from ui.kit import Cell, Number, State, Words

NOT_RECORDED = Phrase("not recorded")
_CALIBRATED = {
    Calibrated.GOOD: (State.PASS, Phrase("calibrated")),
    Calibrated.OVER: (State.FAIL, Phrase("calibration overdue")),
    Calibrated.FAILED: (State.FAIL, Phrase("calibration not passed")),
    Calibrated.NEVER: (State.FAIL, Phrase("never calibrated")),
    Calibrated.NOT_NEEDED: (State.TO_DO, Phrase("needs no calibration")),
}


def range_words(gauge: GaugeLine) -> Words:
    """``0 to 150 mm``."""
    if not gauge.has_range:
        return NOT_RECORDED
    return Phrase("{low} to {high} {unit}", low=gauge.range_low, high=gauge.range_high, unit=gauge.unit)


def steps_words(gauge: GaugeLine) -> Words:
    """``0.01 mm``."""
    return Phrase("{step} {unit}", step=gauge.resolution, unit=gauge.unit) if gauge.resolution is not None else NOT_RECORDED


def due_words(gauge: GaugeLine) -> Words:
    """The day its calibration is due."""
    return Phrase("{day}", day=gauge.due_on) if gauge.due_on is not None else "–"


def range_cell(gauge: GaugeLine) -> Cell:
    """Marked where it is missing: such a gauge gives no reading."""
    return Cell(words=range_words(gauge), state=None if gauge.has_range else State.ATTENTION)


def state_cell(gauge: GaugeLine) -> Cell:
    """How its calibration stands today."""
    state, words = _CALIBRATED[gauge.calibrated]
    return Cell(state=state, words=words)


def trouble_of(gauge: GaugeLine) -> State | None:
    """What keeps it from giving a reading."""
    state, _ = _CALIBRATED[gauge.calibrated]
    return state if state is State.FAIL else None if gauge.has_range else State.ATTENTION


def numbers_of(gauge: GaugeLine) -> tuple[Number, ...]:
    """How far and how finely it measures, and until when that was checked."""
    how = Phrase("written into the record of the gauge, from its papers")
    return (
        Number(name=Phrase("Range of {gauge}", gauge=gauge.code), value=range_words(gauge), how=how, row=gauge.id, column="range_high"),
        Number(name=Phrase("Steps of {gauge}", gauge=gauge.code), value=steps_words(gauge), how=how, row=gauge.id, column="resolution"),
        Number(
            name=Phrase("Calibration of {gauge} due", gauge=gauge.code),
            value=due_words(gauge),
            how=Phrase("as its newest calibration on record says"),
        ),
    )
