"""May this reading go into the focused cell? The same rules the database holds, asked at once, with the gauges that are allowed."""

from __future__ import annotations

from functools import reduce

from app.base.errors import AppError, RuleViolation
from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.inspection.queries import CharacteristicRow, GaugesHere
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


def overdue(code: str, characteristic: CharacteristicRow, gauges: GaugesHere) -> AppError:
    """The sentence for a gauge whose calibration is over, failed or missing, with the gauges that may be used instead."""
    allowed = listed([asset.code for asset in gauges.allowed(characteristic.gauge_kind, characteristic.limits.unit)])
    asset = gauges.named(code)
    if asset is not None and asset.due_on is not None and asset.due_on < gauges.today:
        return GaugeDue(gauge=code, due=asset.due_on, allowed=allowed)
    return GaugeUnfit(gauge=code, allowed=allowed)


def refusal_of(reading: Reading, characteristic: CharacteristicRow, gauges: GaugesHere) -> AppError | None:
    """Why a reading cannot go into a cell of this characteristic; ``None`` when it may. An unstable one may be shown, not taken."""
    asset = gauges.named(reading.device)
    if asset is None:
        return UnknownAsset(asset=reading.device)
    if asset.kind != characteristic.gauge_kind:
        return GaugeOfOtherKind(gauge=asset.code)
    if reading.quantity.unit != characteristic.limits.unit:
        return OtherUnit(read=reading.quantity.unit, wanted=characteristic.limits.unit)
    if not gauges.is_fit(asset):
        return overdue(asset.code, characteristic, gauges)
    return None


class MeasureAgain(RuleViolation):
    code = "GAU-25"
    text = "Not stored in {inspection}: {cells}. {why}"
    next_step = "Open the inspection and measure these samples again."


class NoSuchLot(RuleViolation):
    code = "INS-20"
    text = "Not opened: there is no lot with the label {code}."
    next_step = "Scan the label of a lot or container of this plant."
