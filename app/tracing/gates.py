"""What must be open before quality may release a lot. The database decides at the signature; here it is explained beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from app.base.phrases import Phrase
from app.inspection.rules import LotVerdict
from app.tracing.history import LotHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One condition with its standing; ``is_open``: it does not hinder."""

    key: str
    is_open: bool
    title: Phrase
    line: Phrase


def gates_of(history: LotHistory) -> tuple[Gate, ...]:
    """Every gate in the order in which a person would go through them."""
    return (_state(history), _inspection(history), _values(history), _deviations(history), _date(history), _signatures(history))


def _state(history: LotHistory) -> Gate:
    status = history.lot.status
    is_open = status == "quarantine"
    titles = {
        "quarantine": Phrase("Waits in quarantine"),
        "held": Phrase("On hold by decision"),
        "released": Phrase("Released already"),
        "rejected": Phrase("Rejected for good"),
    }
    lines = {
        "quarantine": Phrase("{balance} in house", balance=history.lot.balance),
        "held": Phrase("end the hold first"),
    }
    return Gate(key="state", is_open=is_open, title=titles[status], line=lines.get(status, Phrase("lot {lot}", lot=history.lot.code)))


def _inspection(history: LotHistory) -> Gate:
    inspection = history.inspection
    if inspection is None:
        return Gate(key="inspection", is_open=False, title=Phrase("Not inspected"), line=Phrase("nobody began its inspection"))
    tally = inspection.tally
    if inspection.status != "complete":
        line = Phrase("{inspection}, {read} of {wanted} readings", inspection=inspection.code, read=tally.read, wanted=tally.wanted)
        return Gate(key="inspection", is_open=False, title=Phrase("Inspection under way"), line=line)
    line = Phrase("{inspection}, Ac {accept}, found {found}", inspection=inspection.code, accept=tally.accept_no, found=tally.defective)
    if inspection.verdict == LotVerdict.ACCEPTED:
        return Gate(key="inspection", is_open=True, title=Phrase("Inspection accepted"), line=line)
    if history.inspection_allows:
        return Gate(key="inspection", is_open=True, title=Phrase("Rejected, to be used as is"), line=line)
    return Gate(key="inspection", is_open=False, title=Phrase("Inspection rejected"), line=line)


def _values(history: LotHistory) -> Gate:
    """Every value outside its limits needs a decided deviation of its own."""
    inspection = history.inspection
    outside = [m for m in inspection.measurements if m.verdict != "conforms"] if inspection else []
    decided = {row.cause_id for row in history.deviations if row.status == "decided" and row.cause_kind == "measurement"}
    missing = [m for m in outside if m.id not in decided]
    if missing:
        line = Phrase("{missing} without decision", missing=len(missing))
        return Gate(key="values", is_open=False, title=Phrase("Values outside the limits"), line=line)
    if outside:
        line = Phrase("{count} by decision", count=len(outside))
        return Gate(key="values", is_open=True, title=Phrase("Values outside decided"), line=line)
    return Gate(key="values", is_open=True, title=Phrase("No value outside"), line=Phrase("every reading inside its limits"))


def _deviations(history: LotHistory) -> Gate:
    waiting = history.open_deviations
    if waiting:
        line = Phrase("{first} and {more} more", first=waiting[0].code, more=len(waiting) - 1)
        one = Phrase("{first} not decided", first=waiting[0].code)
        return Gate(key="deviations", is_open=False, title=Phrase("Deviation open"), line=line if len(waiting) > 1 else one)
    line = Phrase("{count} on record", count=len(history.deviations))
    return Gate(key="deviations", is_open=True, title=Phrase("No open deviation"), line=line)


def _date(history: LotHistory) -> Gate:
    expires = history.lot.expires_on
    if expires < history.today:
        return Gate(key="date", is_open=False, title=Phrase("Expired"), line=Phrase("since {expires}", expires=expires))
    line = Phrase("until {expires}", expires=expires)
    return Gate(key="date", is_open=True, title=Phrase("In date"), line=line)


def _signatures(history: LotHistory) -> Gate:
    if history.broken:
        first = history.broken[0]
        line = Phrase("{subject}, signed by {name}", subject=first.subject_code, name=first.name)
        return Gate(key="signatures", is_open=False, title=Phrase("Signature broken"), line=line)
    line = Phrase("{count} re-checked", count=len(history.signatures))
    return Gate(key="signatures", is_open=True, title=Phrase("Signatures stand"), line=line)


def why_not_released(gates: tuple[Gate, ...]) -> Phrase | None:
    """The reason beside the closed release, short enough for the bar; which gates, their panel says. ``None``: every gate is open."""
    closed = sum(1 for gate in gates if not gate.is_open)
    if not closed:
        return None
    return Phrase("blocked by 1 gate") if closed == 1 else Phrase("blocked by {count} gates", count=closed)
