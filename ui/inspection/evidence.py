"""F4 on a value of the grid: what proves it, as it stands on record."""

from __future__ import annotations

from datetime import tzinfo

from app.base.phrases import Phrase
from app.core.late.queries import LateRow
from app.inspection.queries import CharacteristicRow, MeasurementRow
from ui.deviations.words import instant
from ui.inspection.bench import Bench
from ui.inspection.cursor import Place
from ui.inspection.words import limits_words, reach_words, read_words
from ui.late.words import late_facts, made_facts
from ui.shell.evidence import Evidence, Fact
from ui.typed.facts import TYPED, clock_facts, device_facts, typed_facts

ORIGINS = {"device": Phrase("read from a device"), "typed": TYPED}
VERDICTS = {"conforms": Phrase("conforms"), "too low": Phrase("too low"), "too high": Phrase("too high")}


def evidence_of(bench: Bench, place: Place, zone: tzinfo, *, compact: bool) -> tuple[Evidence, ...]:
    """Evidence of a taken value; nothing for an empty cell. On a small glass (`compact`) there is no room for how the gauge stands now."""
    taken = bench.taken.get(place)
    if taken is None:
        waits = bench.drafted.get(place)
        return (_of_draft(bench, place, waits, zone),) if waits is not None else ()
    one = bench.characteristic(place)
    title = Phrase("{name}, sample {sample}: {value}", name=one.name, sample=taken.sample_no, value=read_words(taken.measured))
    now = () if compact else _now(bench, taken.gauge)
    return (Evidence(title=title, origin=ORIGINS[taken.origin], facts=_facts(bench, one, taken, zone, now), raw=taken.raw),)


def _facts(bench: Bench, one: CharacteristicRow, taken: MeasurementRow, zone: tzinfo, now: tuple[Fact, ...]) -> tuple[Fact, ...]:
    plan = Phrase("{code} revision {revision}", code=bench.inspection.plan_code, revision=bench.inspection.plan_revision)
    limits = Phrase("{limits}, {verdict}", limits=limits_words(one.limits, one.decimals), verdict=VERDICTS[taken.verdict.value])
    certificate = Phrase(
        "{certificate}, done {done}, due {due}",
        certificate=taken.calibration_certificate,
        done=taken.calibration_done_on,
        due=taken.calibration_due_on,
    )
    device = device_facts(
        device=taken.gauge, serial_no=taken.gauge_serial_no, said_serial_no=taken.said_serial_no, firmware=taken.said_firmware
    )
    who = bench.names.get(taken.taken_by, taken.taken_by)
    by = Fact(name=Phrase("taken by"), value=Phrase("{who}, {station}", who=who, station=taken.station or Phrase("past the stations")))
    return (
        Fact(name=Phrase("limits"), value=limits),
        Fact(name=Phrase("frozen plan"), value=plan),
        *(device if taken.typed is None else device[:1]),
        Fact(name=Phrase("calibration"), value=certificate),
        *now,
        *([by] if taken.typed is None else typed_facts(taken.typed, zone)),
        Fact(name=Phrase("database time"), value=instant(taken.taken_at, zone)),
        *clock_facts(taken.read_at, taken.clock_ahead_ms, zone),
        *(late_facts(taken.late, bench.names, zone) if taken.late is not None else ()),
    )


def _now(bench: Bench, gauge: str) -> tuple[Fact, ...]:
    """How far and how finely the gauge measures, as its record says now; nothing for one that is out of use."""
    asset = bench.gauges.named(gauge)
    if asset is None:
        return ()
    return (Fact(name=Phrase("measuring range now"), value=reach_words(asset)),)


def _of_draft(bench: Bench, place: Place, waits: LateRow, zone: tzinfo) -> Evidence:
    one = bench.characteristic(place)
    title = Phrase("{name}, sample {sample}: {value}", name=one.name, sample=waits.sample_no, value=waits.figure)
    facts = (
        Fact(name=Phrase("limits"), value=limits_words(one.limits, one.decimals)),
        *made_facts(waits.author, waits.station, waits.made_at, waits.received_at, bench.names, zone),
    )
    return Evidence(title=title, origin=Phrase("a draft that waits for its author; no measurement yet"), facts=facts)
