"""How states, acts and meanings of a lot's history read; screens and papers say the same words."""

from __future__ import annotations

from decimal import Decimal

from app.base.measurement import Limits, Quantity, Verdict
from app.base.phrases import Phrase
from app.tracing.history import Event, Given, Standing
from app.typed.queries import TypedRow

STATUS = {
    "quarantine": "in quarantine",
    "held": "held",
    "released": "released",
    "rejected": "rejected",
}
MEANINGS = {
    "held": "Held",
    "hold ended": "Hold ended",
    "released": "Released",
    "rejected": "Rejected",
    "approved by supervisor": "Disposition approved as line supervisor",
    "approved by quality": "Disposition approved as quality",
    "performed": "Performed",
    "verified": "Verified",
    "released for production": "Released for production",
    "released to market": "Released to market",
    "reviewed": "Report reviewed",
}
STANDINGS = {
    "stands": "Stands: the content is what was signed.",
    "later": "Stands: entries were added later by rule.",
    "fell": "Counts no longer: what it covers was corrected after it was signed.",
    "broken": "Broken: the content was changed after it was signed.",
    "untold": "Not told: your job does not see what was signed.",
}


def typed_words(typed: TypedRow | None) -> Phrase:
    """What stands in the place of the raw frame where a person typed the value."""
    if typed is None:
        return Phrase("typed")
    second = typed.ended_name if typed.ended_name is not None else typed.ended_by or ""
    return Phrase("typed by {who}: {reason}; verified by {second}", who=typed.by_name, reason=typed.reason, second=second)


NO_MATCH = Phrase("no longer as signed")
"""What a list says of a record of which somebody signed something else than what stands there now."""
VERDICTS = {"conforms": "conforms", "too low": "too low", "too high": "too high"}
INSPECTION_VERDICTS = {"accepted": "accepted", "rejected": "rejected"}
CLASSES = {"minor": "minor", "major": "major", "critical": "critical"}
DEVIATION_KINDS = {"out of limits": "value outside its limits", "discrepancy": "discrepancy"}
DEVIATION_STATUS = {"open": "open", "decided": "decided"}
DISPOSITIONS = {"use as is": "use as is", "reject": "reject", "return to supplier": "return to supplier"}
MOVEMENTS = {"receipt": "receipt", "undo": "receipt undone", "consumption": "used in a batch", "return": "returned from a batch"}
ORIGINS = {"scanned": "scanned", "typed": "typed", "measured": "measured", "computed": "computed", "imported": "imported"}
LABELS = {
    "requested": "requested",
    "validated": "read back before printing",
    "sent": "sent",
    "printing": "being printed",
    "printed": "printed",
    "verified": "scanned back",
    "unknown": "printing unknown",
    "refused": "refused by the printer",
    "applied": "applied",
    "destroyed": "destroyed",
}
EVENTS = {
    "lot opened": "Lot opened for supplier lot {supplier_lot}",
    "received": "{quantity} received into {location}: order {order}, container {container}, balance {balance}",
    "received typed": "{quantity} received into {location}, typed by hand: order {order}, container {container}, balance {balance}",
    "receipt undone": "Receipt of container {container} undone: {reason}; balance {balance}",
    "weighed": "Container {container} weighs {weight} on {scale}",
    "label requested": "Label of {container} asked for at {printer}, copy {copy}",
    "label sent": "Label of {container} sent to {printer}, copy {copy}",
    "label printed": "Label of {container} printed by {printer}, copy {copy}",
    "label unknown": "Whether {printer} printed the label of {container}, copy {copy}, is unknown",
    "label refused": "Label of {container} refused by {printer}, copy {copy}",
    "label verified": "Label of {container}, copy {copy}, scanned back and the same as the record",
    "label destroyed": "Label of {container}, copy {copy}, destroyed: {reason}",
    "inspection begun": "Inspection {inspection} begun by plan {plan}, revision {revision}",
    "measured conforms": "{characteristic}, sample {sample}: {value} by {gauge}",
    "measured too low": "{characteristic}, sample {sample}: {value} by {gauge}, too low",
    "measured too high": "{characteristic}, sample {sample}: {value} by {gauge}, too high",
    "inspection accepted": "Inspection {inspection} complete: accepted, {defective} defective with {accept} allowed",
    "inspection rejected": "Inspection {inspection} complete: rejected, {defective} defective with {accept} allowed",
    "deviation opened minor": "{deviation} opened, minor: {what}",
    "deviation opened major": "{deviation} opened, major: {what}",
    "deviation opened critical": "{deviation} opened, critical: {what}",
    "deviation decided use as is": "{deviation} decided: use as is",
    "deviation decided reject": "{deviation} decided: reject",
    "deviation decided return to supplier": "{deviation} decided: return to supplier",
    "signed held": "{subject} signed: held",
    "signed hold ended": "{subject} signed: hold ended",
    "signed released": "{subject} signed: released",
    "signed rejected": "{subject} signed: rejected",
    "signed approved by supervisor": "{subject} signed: disposition approved as line supervisor",
    "signed approved by quality": "{subject} signed: disposition approved as quality",
}
CONTROLS = {0x1D: "GS", 0x1E: "RS", 0x04: "EOT", 0x0D: "CR", 0x0A: "LF", 0x09: "TAB"}


def status_words(status: str) -> Phrase:
    """A lot's status."""
    return Phrase(STATUS[status])


def meaning_words(given: Given) -> Phrase:
    """What a signature means."""
    return Phrase(MEANINGS[given.meaning])


def standing_words(standing: Standing) -> Phrase:
    """What the re-check of a signature says."""
    return Phrase(STANDINGS[standing.value])


def event_words(event: Event) -> Phrase:
    """One act in one line."""
    return Phrase(EVENTS[event.kind], **event.facts)


def verdict_words(verdict: Verdict) -> Phrase:
    """What the limits say of one value."""
    return Phrase(VERDICTS[verdict.value])


def inspection_verdict_words(verdict: str) -> Phrase:
    """The verdict on the whole lot."""
    return Phrase(INSPECTION_VERDICTS[verdict])


def class_words(class_: str) -> Phrase:
    """How grave a deviation is."""
    return Phrase(CLASSES[class_])


def deviation_kind_words(kind: str) -> Phrase:
    """What sort of deviation."""
    return Phrase(DEVIATION_KINDS[kind])


def deviation_status_words(status: str) -> Phrase:
    """Whether it is decided."""
    return Phrase(DEVIATION_STATUS[status])


def disposition_words(disposition: str) -> Phrase:
    """What becomes of the material."""
    return Phrase(DISPOSITIONS[disposition])


def movement_words(kind: str) -> Phrase:
    """Why the ledger moved."""
    return Phrase(MOVEMENTS[kind])


def origin_words(origin: str) -> Phrase:
    """How a value came in."""
    return Phrase(ORIGINS[origin])


def label_words(status: str) -> Phrase:
    """What is known of a printed label."""
    return Phrase(LABELS[status])


def limits_words(limits: Limits, decimals: int) -> Phrase:
    """``24.50 – 25.50 mm``, or one-sided, with as many decimals as the plan gives the characteristic."""
    lower, upper = _padded(limits.lower, decimals), _padded(limits.upper, decimals)
    if lower is None and upper is not None:
        return Phrase("at most {upper}", upper=Quantity(upper, limits.unit))
    if lower is not None and upper is None:
        return Phrase("at least {lower}", lower=Quantity(lower, limits.unit))
    return Phrase("{lower} – {upper} {unit}", lower=lower, upper=upper, unit=limits.unit)


def _padded(limit: Decimal | None, decimals: int) -> Decimal | None:
    """``24.5`` → ``24.50``; a limit with more decimals than the gauge shows keeps them, nothing is rounded."""
    step = Decimal(1).scaleb(-decimals)
    return limit if limit is None or limit % step else limit.quantize(step)


def readable(raw: bytes) -> str:
    """A scan or frame with its control characters by name: ``]d20109521…<GS>37``; every byte has its sign."""
    return "".join(f"<{CONTROLS.get(byte, f'{byte:02X}')}>" if byte < 0x20 or 0x7F <= byte < 0xA0 else chr(byte) for byte in raw)
