"""At incoming inspection: the lot is opened by its label, measured, a value is out, the deviation is described in place."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.demo.people import SECRET
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand, ShiftFailed

SAMPLES = 5
BAD_SAMPLE, TOO_LONG = 3, "25.62"
LIVE_SAMPLE = 4
"""Its value is looked at before it is taken; the picture README shows."""
STORY = "Burr at the tip, cutter changed."


def length_of(sample: int) -> str:
    """Effective length of each sample of this shift, mm."""
    return TOO_LONG if sample == BAD_SAMPLE else f"25.0{sample}"


def _sign_in(shift: Shift, hand: Hand) -> None:
    hand.devices_live()
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0117")
    hand.sign_in("li.ming", SECRET)
    hand.reads(f"Inspect lot {shift.found['lot']}")
    hand.picture("home")
    hand.tap("Inspect")
    hand.reads("Choose a lot, or scan its label.", shift.found["lot"])
    hand.picture("lots-to-inspect")


def _open_lot(shift: Shift, hand: Hand) -> None:
    if shift.spoiled("gauge"):
        shift.stage.tamper(
            "INSERT INTO lineside.calibration (id, asset, done_on, due_on, certificate, passed)"
            " SELECT uuidv7(), id, current_date, current_date + 99, 'forged', true FROM lineside.asset WHERE code = 'DC-009'"
        )
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['container']}")
    hand.reads(shift.found["lot"], "IP-CH-2225", "Outer diameter")
    shift.reads_back(
        "the inspection", [(5, 1, "open", "li.ming")], "SELECT sample_size, accept_no, status, opened_by FROM lineside.inspection"
    )


def _press(gauge: MitutoyoSimulator, value: str) -> None:
    gauge.show(value)
    gauge.press()


def _take(shift: Shift, hand: Hand, gauge: MitutoyoSimulator, value: str, picture: str | None = None) -> None:
    count = "SELECT count(*) FROM lineside.measurement"
    before, sentence = shift.stage.rows(count)[0][0], hand.sentence
    _press(gauge, value)
    hand.reads(f"Take {value} mm")
    if picture:
        hand.picture(picture)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.sentence != sentence, f"{value} mm taken, the next cell asked for")
    hand.until(lambda: shift.stage.rows(count) == [(before + 1,)], f"{value} mm stored")  # the hand is on the next cell by then


def _diameters(shift: Shift, hand: Hand) -> None:
    for sample in range(1, SAMPLES + 1):
        _take(shift, hand, shift.stage.line.micrometer, f"0.86{sample}")


def _overdue(shift: Shift, hand: Hand) -> None:
    _press(shift.stage.line.overdue_caliper, "25.00")
    hand.until(lambda: "DC-009" in hand.banner and "calibration" in hand.banner, "the refusal of the overdue caliper")
    hand.picture("measure-overdue")
    shift.reads_back("after the overdue gauge", [(SAMPLES,)], "SELECT count(*) FROM lineside.measurement")


def _lengths(shift: Shift, hand: Hand) -> None:
    for sample in range(1, SAMPLES + 1):
        _take(shift, hand, shift.stage.line.caliper, length_of(sample), "measure-live" if sample == LIVE_SAMPLE else None)
        if sample == BAD_SAMPLE:
            hand.picture("measure-out-of-limits")
    if shift.spoiled("reading"):
        shift.stage.tamper(
            "SET session_replication_role = replica",
            "ALTER TABLE lineside.measurement DISABLE TRIGGER ALL",
            f"UPDATE lineside.measurement SET value = 25.04, verdict = 'conforms' WHERE value = {TOO_LONG}",
            "ALTER TABLE lineside.measurement ENABLE TRIGGER ALL",
        )
    taken = (
        "SELECT m.sample_no, m.value::text, m.verdict, m.origin, a.code, m.taken_by, m.station, length(m.raw) > 0"
        " FROM lineside.measurement m JOIN lineside.asset a ON a.id = m.gauge WHERE a.code = 'DC-014' ORDER BY m.sample_no"
    )
    expected = [
        (n, length_of(n), "too high" if n == BAD_SAMPLE else "conforms", "device", "DC-014", "li.ming", "IQC-02", True)
        for n in range(1, SAMPLES + 1)
    ]
    shift.reads_back("the lengths", expected, taken)


def _describe(shift: Shift, hand: Hand) -> None:
    opened = shift.stage.rows("SELECT code, facts ->> 'value', facts ->> 'gauge', facts ->> 'raw' <> '', status FROM lineside.deviation")
    if len(opened) != 1 or opened[0][1:] != (TOO_LONG, "DC-014", True, "open"):
        raise ShiftFailed(f"one deviation with the reading's facts was expected, the database has {opened}")
    shift.found["deviation"] = opened[0][0]
    hand.reads(shift.found["deviation"])
    form = hand.window.current.body.deviation.form  # type: ignore[union-attr]
    form.what_happened.edit.setFocus()
    hand.type(STORY)
    hand.tap("major")
    hand.tap("use as is")
    hand.picture("measure-deviation")
    hand.tap("Store the description")
    described = "SELECT what_happened, class, disposition, described_by FROM lineside.deviation"
    hand.until(lambda: shift.stage.rows(described) == [(STORY, "major", "use as is", "li.ming")], "the description on record")


def _complete(shift: Shift, hand: Hand) -> None:
    hand.reads("Complete the inspection")
    hand.tap("Complete the inspection")
    done = "SELECT status, verdict, completed_by FROM lineside.inspection"
    hand.until(lambda: shift.stage.rows(done) == [("complete", "accepted", "li.ming")], "the inspection complete")
    hand.picture("measure-complete")


STEPS: list[Step] = [
    ("sign in at the laboratory", _sign_in),
    ("open the lot by its label", _open_lot),
    ("measure the diameters", _diameters),
    ("refuse the overdue gauge", _overdue),
    ("measure the lengths", _lengths),
    ("describe the deviation", _describe),
    ("complete the inspection", _complete),
]
