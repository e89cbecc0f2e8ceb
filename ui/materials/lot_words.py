"""What the lot screen says: the sentence, the badge, the facts that are signed."""

from __future__ import annotations

from decimal import Decimal

from app.base.phrases import Phrase
from app.tracing.gates import Gate
from app.tracing.history import LotHistory, Pack
from ui.kit import State, Words
from ui.shell.evidence import Fact

_FIRST = {
    "inspection": "Inspect lot {lot} first.",
    "values": "Open a deviation for every value outside.",
    "deviations": "Decide {deviation}, then release {lot}.",
    "date": "Lot {lot} has expired: it can only be rejected.",
}


def sentence(history: LotHistory, gates: tuple[Gate, ...]) -> Phrase:
    """What is next for this lot."""
    lot = history.lot
    if history.broken:
        return Phrase("Do not use {lot}: a signature is broken.", lot=lot.code)
    if lot.status == "held":
        return Phrase("{lot} is on hold: nothing of it moves.", lot=lot.code)
    if lot.status == "released":
        return Phrase("{lot} is released.", lot=lot.code)
    if lot.status == "rejected":
        return Phrase("{lot} is rejected: it never comes back.", lot=lot.code)
    closed = [gate.key for gate in gates if not gate.is_open]
    if not closed:
        return Phrase("Release {lot}: all in order.", lot=lot.code)
    waiting = history.open_deviations
    key = "deviations" if waiting else closed[0]
    return Phrase(_FIRST[key], lot=lot.code, deviation=waiting[0].code if waiting else "–")


def badge(history: LotHistory, gates: tuple[Gate, ...]) -> tuple[State, Phrase]:
    """State of the lot as shape and word."""
    status = history.lot.status
    if history.broken:
        return State.FAIL, Phrase("signature broken")
    if status == "quarantine":
        is_ready = all(gate.is_open for gate in gates)
        return (State.WAITING, Phrase("waits for release")) if is_ready else (State.HOLD, Phrase("not released"))
    known = {
        "held": (State.HOLD, Phrase("held")),
        "released": (State.PASS, Phrase("released")),
        "rejected": (State.FAIL, Phrase("rejected")),
    }
    return known[status]


def locations(history: LotHistory) -> str:
    """Where something of the lot stands, by the ledger."""
    there: dict[str, Decimal] = {}
    for movement in history.movements:
        there[movement.location] = there.get(movement.location, Decimal(0)) + movement.quantity.value
    return ", ".join(sorted(place for place, left in there.items() if left)) or "–"


def containers(history: LotHistory) -> tuple[Pack, ...]:
    """Packs that stand: received and not undone."""
    return tuple(pack for pack in history.packs if pack.undone is None)


def lot_facts(history: LotHistory, *, short: bool) -> list[Fact]:
    """Identity as the right panel shows it, and as the signing sheet names it; `short` leaves out what a small glass has no room for."""
    lot = history.lot
    made: Words = Phrase("{day}", day=lot.made_on) if lot.made_on is not None else "–"
    return [
        Fact(name=Phrase("supplier lot"), value=lot.supplier_lot),
        *([] if short else [Fact(name=Phrase("supplier"), value=lot.supplier_name)]),
        *([] if short else [Fact(name=Phrase("made"), value=made)]),
        Fact(name=Phrase("expires"), value=Phrase("{day}", day=lot.expires_on)),
        Fact(
            name=Phrase("containers"), value=Phrase("{count} in {locations}", count=len(containers(history)), locations=locations(history))
        ),
    ]
