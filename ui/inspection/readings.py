"""May this reading go into the focused cell? The same rules the database holds, asked at once, with the gauges that are allowed."""

from __future__ import annotations

from functools import reduce

from app.base.errors import AppError, RuleViolation
from app.base.measurement import Limits, Reading
from app.base.phrases import Phrase
from app.inspection.queries import GaugesHere
from app.plant.queries import AssetRow
from app.plant.rules import GaugeOfOtherKind, OtherUnit, UnknownAsset
from ui.kit import Words


class GaugeDue(RuleViolation):
    code = "GAU-20"
    text = "Reading not taken: {gauge} was due for calibration on {due}; allowed here: {allowed}."
    next_step = "Take an allowed gauge and measure again, or call Metrology for {gauge}."


class GaugeUnfit(RuleViolation):
    code = "GAU-21"
    text = "Reading not taken: {gauge} has no calibration that it passed; allowed here: {allowed}."
    next_step = "Take an allowed gauge and measure again, or call Metrology for {gauge}."


class GaugeShort(RuleViolation):
    code = "GAU-26"
    text = "Reading not taken: {gauge} measures from {low} to {high} {unit} only; allowed here: {allowed}."
    next_step = "Take an allowed gauge and measure again."


class GaugeCoarse(RuleViolation):
    code = "GAU-27"
    text = "Reading not taken: {gauge} shows steps of {resolution} {unit}, too coarse for this tolerance; allowed here: {allowed}."
    next_step = "Take an allowed gauge and measure again."


class GaugeUnknown(RuleViolation):
    code = "GAU-28"
    text = "Reading not taken: measuring range or resolution of {gauge} is not on record; allowed here: {allowed}."
    next_step = "Take an allowed gauge. Engineering records the range in Plant, Devices, Gauges (F5)."


class NoCellWaits(RuleViolation):
    code = "GAU-22"
    text = "Reading not taken: {value} from {gauge} has no empty cell in focus."
    next_step = "Move to an empty cell with the arrow keys, then read again."


class CannotBeAsked(RuleViolation):
    code = "GAU-23"
    text = "Nothing was read: {gauge} cannot be asked from here."
    next_step = "Measure and press the key on the gauge."


class NoGaugeHere(RuleViolation):
    code = "GAU-24"
    text = "Nothing was read: no {kind} is connected to this station."
    next_step = "Connect one, or use a station that has one."


def listed(words: list[Words]) -> Words:
    """``A, B, C`` in the reader's language; a sentence of its own when there is none."""
    if not words:
        return Phrase("none at this site")
    return reduce(lambda first, rest: Phrase("{first}, {rest}", first=first, rest=rest), words)


def unsuited(asset: AssetRow, reading: Reading, limits: Limits, gauges: GaugesHere) -> AppError | None:
    """Why a gauge that is calibrated is wrong for this feature all the same: its range, its resolution, or neither is on record."""
    allowed = _allowed(asset.kind, limits, gauges)
    reaches = gauges.reaches(asset, limits)
    if reaches is None:
        return GaugeUnknown(gauge=asset.code, allowed=allowed)
    assert asset.range_low is not None
    assert asset.range_high is not None
    if not reaches or not asset.range_low <= reading.quantity.value <= asset.range_high:
        return GaugeShort(gauge=asset.code, low=asset.range_low, high=asset.range_high, unit=limits.unit, allowed=allowed)
    if not gauges.is_fine(asset, limits):
        return GaugeCoarse(gauge=asset.code, resolution=asset.resolution, unit=limits.unit, allowed=allowed)
    return None


def _allowed(kind: str, limits: Limits, gauges: GaugesHere) -> Words:
    return listed([asset.code for asset in gauges.allowed(kind, limits)])


def overdue(code: str, kind: str, limits: Limits, gauges: GaugesHere) -> AppError:
    """The sentence for a gauge whose calibration is over, failed or missing, with the gauges that may be used instead."""
    allowed = _allowed(kind, limits, gauges)
    asset = gauges.named(code)
    if asset is not None and asset.due_on is not None and asset.due_on < gauges.today:
        return GaugeDue(gauge=code, due=asset.due_on, allowed=allowed)
    return GaugeUnfit(gauge=code, allowed=allowed)


def refusal_of(reading: Reading, kind: str, limits: Limits, gauges: GaugesHere) -> AppError | None:
    """Why a reading cannot go where a gauge of this kind reads within these limits; ``None`` when it may.

    An unstable one may be shown, not taken.
    """
    asset = gauges.named(reading.device)
    if asset is None:
        return UnknownAsset(asset=reading.device)
    if asset.kind != kind:
        return GaugeOfOtherKind(gauge=asset.code)
    if reading.quantity.unit != limits.unit:
        return OtherUnit(read=reading.quantity.unit, wanted=limits.unit)
    if not gauges.is_fit(asset):
        return overdue(asset.code, kind, limits, gauges)
    return unsuited(asset, reading, limits, gauges)


class MeasureAgain(RuleViolation):
    code = "GAU-25"
    text = "Not stored in {inspection}: {cells}. {why}"
    next_step = "Open the inspection and measure these samples again."


class NoSuchLot(RuleViolation):
    code = "INS-20"
    text = "Not opened: there is no lot with the label {code}."
    next_step = "Scan the label of a lot or container of this plant."
