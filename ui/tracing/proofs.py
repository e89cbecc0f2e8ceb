"""F4: what proves one entry of a lot's history."""

from __future__ import annotations

from datetime import tzinfo

from app.base.phrases import Name, Phrase
from app.deviations.queries import DeviationRow
from app.inspection.queries import MeasurementRow
from app.tracing.history import Event, Given, LotHistory, Pack, Weighed
from app.tracing.words import (
    class_words,
    deviation_kind_words,
    disposition_words,
    event_words,
    limits_words,
    meaning_words,
    movement_words,
    origin_words,
    standing_words,
    verdict_words,
)
from ui.kit import Words
from ui.late.words import late_facts
from ui.shell.evidence import Evidence, Fact
from ui.shell.moments import moment_words
from ui.typed.facts import TYPED, calibration_fact, clock_facts, device_facts, typed_facts

DATABASE = Phrase("entered by the database")


def proof_of(event: Event, history: LotHistory, zone: tzinfo) -> Evidence:
    """Everything on record behind one act."""
    match event.evidence:
        case Pack() as pack:
            return proof_of_pack(pack, history, zone)
        case Weighed() as weighed:
            return _weighed(weighed, event, history, zone)
        case MeasurementRow() as m:
            return proof_of_reading(m, history, zone)
        case DeviationRow() as row:
            return proof_of_deviation(row, history, zone)
        case Given() as given:
            return proof_of_signature(given, zone)
        case _:
            facts = [_fact(Phrase("time, by the database"), moment_words(event.at, zone))]
            if event.by is not None:
                facts.insert(0, _fact(Phrase("person"), history.name_of(event.by)))
            if event.station is not None:
                facts.insert(0, _fact(Phrase("station"), event.station))
            return Evidence(title=event_words(event), origin=DATABASE, facts=tuple(facts), raw=event.raw)


def _fact(name: Phrase, value: Words) -> Fact:
    return Fact(name=name, value=value)


def proof_of_pack(pack: Pack, history: LotHistory, zone: tzinfo) -> Evidence:
    """A receipt: the scan byte for byte, who, when, where it was put, and what undid it."""
    facts = [
        _fact(Phrase("scanner"), pack.scanner),
        _fact(Phrase("person"), history.name_of(pack.by)),
        _fact(Phrase("time, by the database"), moment_words(pack.at, zone)),
        _fact(Phrase("order, line"), f"{pack.order_code}, {pack.order_line}"),
        _fact(Phrase("location"), pack.location),
    ]
    if pack.undone is not None:
        facts.append(_fact(Phrase("undone because"), pack.undone.reason))
        facts.append(_fact(Phrase("undone by"), history.name_of(pack.undone.by)))
    title = Phrase("Container {container}: {quantity}", container=pack.container_code or "–", quantity=pack.quantity)
    return Evidence(title=title, origin=origin_words(pack.origin), facts=tuple(facts), raw=pack.raw)


def _weighed(weighed: Weighed, event: Event, history: LotHistory, zone: tzinfo) -> Evidence:
    facts = (
        *device_facts(
            device=weighed.scale,
            serial_no=weighed.scale_serial_no,
            said_serial_no=weighed.said_serial_no,
            firmware=weighed.said_firmware,
        ),
        calibration_fact(weighed.certificate, weighed.due_on),
        _fact(Phrase("person"), history.name_of(weighed.by)),
        _fact(Phrase("station"), event.station or "–"),
        *clock_facts(weighed.read_at, weighed.clock_ahead_ms, zone),
        _fact(Phrase("time, by the database"), moment_words(weighed.at, zone)),
    )
    return Evidence(title=event_words(event), origin=Phrase("read from a device"), facts=facts, raw=weighed.raw)


def proof_of_reading(m: MeasurementRow, history: LotHistory, zone: tzinfo) -> Evidence:
    """A measured value: limits, gauge, calibration, person, station, both clocks, and the frame."""
    inspection = history.inspection
    spec = next((one for one in inspection.characteristics if one.id == m.characteristic), None) if inspection is not None else None
    facts = [_fact(Phrase("verdict"), verdict_words(m.verdict))]
    if spec is not None:
        facts.insert(0, _fact(Phrase("limits"), limits_words(spec.limits, spec.decimals)))
    device = device_facts(device=m.gauge, serial_no=m.gauge_serial_no, said_serial_no=m.said_serial_no, firmware=m.said_firmware)
    facts += [
        *(device if m.typed is None else device[:1]),
        calibration_fact(m.calibration_certificate, m.calibration_due_on),
        *([_fact(Phrase("person"), history.name_of(m.taken_by))] if m.typed is None else typed_facts(m.typed, zone)),
        _fact(Phrase("station"), m.station or "–"),
        *clock_facts(m.read_at, m.clock_ahead_ms, zone),
        _fact(Phrase("time, by the database"), moment_words(m.taken_at, zone)),
        *(late_facts(m.late, history.people, zone) if m.late is not None else ()),
    ]
    name = spec.name if spec is not None else Name("–", "")
    title = Phrase("{characteristic}, sample {sample}: {value}", characteristic=name, sample=m.sample_no, value=m.measured)
    origin = Phrase("read from a device") if m.typed is None else TYPED
    return Evidence(title=title, origin=origin, facts=tuple(facts), raw=m.raw)


def proof_of_deviation(row: DeviationRow, history: LotHistory, zone: tzinfo) -> Evidence:
    """A deviation: what caused it, copied by the database, who described and who decided."""
    raw = bytes.fromhex(str(row.facts["raw"])) if row.facts.get("raw") else None
    facts = [_fact(Phrase("kind"), deviation_kind_words(row.kind)), _fact(Phrase("class"), class_words(row.class_))]
    if "value" in row.facts:
        value = Phrase("{value} {unit} by {gauge}", value=row.facts["value"], unit=row.facts["unit"], gauge=row.facts["gauge"])
        facts.append(_fact(Phrase("reading"), value))
    facts += [
        _fact(Phrase("opened by"), history.name_of(row.opened_by)),
        _fact(Phrase("opened"), moment_words(row.opened_at, zone)),
        _fact(Phrase("what happened"), row.what_happened or "–"),
    ]
    if row.disposition is not None:
        facts.append(_fact(Phrase("disposition"), disposition_words(row.disposition)))
    if row.decided_at is not None:
        facts.append(_fact(Phrase("decided by"), history.name_of(row.decided_by)))
        facts.append(_fact(Phrase("decided"), moment_words(row.decided_at, zone)))
    origin = Phrase("copied by the database from its cause") if "value" in row.facts else Phrase("opened by a person")
    return Evidence(title=Phrase("Deviation {deviation}", deviation=row.code), origin=origin, facts=tuple(facts), raw=raw)


def proof_of_signature(given: Given, zone: tzinfo) -> Evidence:
    """A signature: meaning, person as printed then, time with zone, station, digest, and today's comparison."""
    facts = [
        _fact(Phrase("meaning"), meaning_words(given)),
        _fact(Phrase("person"), given.name),
        _fact(Phrase("station"), given.station),
        _fact(Phrase("time, by the database"), moment_words(given.at, zone)),
        _fact(Phrase("version signed"), str(given.version)),
        _fact(Phrase("content"), given.digest.hex(" ", 2)[:19].upper() + " …"),
        _fact(Phrase("today"), standing_words(given.standing)),
    ]
    if given.reason:
        facts.append(_fact(Phrase("reason"), given.reason))
    title = Phrase("Signature on {subject}", subject=given.subject_code)
    return Evidence(title=title, origin=Phrase("a login of its own, by the person"), facts=tuple(facts), raw=None)


def proof_of_balance(history: LotHistory, zone: tzinfo) -> Evidence:
    """The lot's quantity: every movement of the ledger adds up to it."""
    facts = tuple(
        _fact(
            Phrase("{no}. {kind}", no=m.no, kind=movement_words(m.kind)),
            Phrase("{quantity} → {after}, {name}", quantity=m.quantity, after=m.after, name=history.name_of(m.by)),
        )
        for m in history.movements[-9:]
    )
    title = Phrase("Lot {lot}: {balance}", lot=history.lot.code, balance=history.lot.balance)
    return Evidence(title=title, origin=Phrase("counted by the database, movement by movement"), facts=facts, raw=None)
