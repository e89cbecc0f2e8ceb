"""What the database itself says of readings, whatever client they come from."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.ids import new_id
from app.base.measurement import Limits, Quantity, Verdict
from app.core.session import SignedIn
from app.inspection.commands import CompleteInspection, RecordMeasurement
from app.inspection.queries import gauges_here, inspection_by_id, waiting_lots
from app.inspection.rules import CellIsTaken, InspectionIsComplete, LotVerdict, NoSuchCell, ReadingsMissing, Tally, UnstableReading
from app.plant.rules import GaugeOfOtherKind, GaugeOverdue, OtherUnit, UnknownAsset
from tests.inspection.plans import LENGTH, asset_id, sign_plan
from tests.plant import Plant, reading

INSERT = """INSERT INTO measurement (id, inspection, characteristic, sample_no, value, unit, origin, gauge, raw, read_at)
  VALUES (%s, %s, %s, %s, %s::numeric, %s, 'device', %s, '01A+', now())"""


class Begun:
    """A lot under inspection, with a SQL shell of its inspector."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.received = plant.receive()
        self.id: UUID = plant.begin(self.received.lot)
        self.inspector: SignedIn = plant.sign_in("li.ming")
        self.shell = plant.shell("li.ming", ticket=plant.link().ticket())
        self.row = self.inspector.ask(lambda session: inspection_by_id(session, self.id))

    def insert(self, value: str, *, no: int = 2, sample: int = 1, gauge: str = "DC-014", unit: str = "mm") -> None:
        """Past the program: a SQL shell at the station with the inspector's own right."""
        made = (new_id(), self.id, self.row.characteristics[no - 1].id, sample, value, unit, asset_id(self.plant, gauge))
        self.shell.execute(INSERT, made)

    def take(self, value: str, *, no: int = 2, sample: int = 1, gauge: str = "DC-014", **of_reading: object) -> object:
        characteristic = self.row.characteristics[no - 1].id
        order = RecordMeasurement(
            command_id=new_id(),
            id=new_id(),
            inspection=self.id,
            characteristic=characteristic,
            sample_no=sample,
            reading=reading(value, gauge=gauge, **of_reading),
        )
        return self.inspector.give(order)

    def values(self) -> list[tuple[object, ...]]:
        return self.plant.rows("SELECT value::text, verdict FROM measurement ORDER BY sample_no")


@pytest.fixture
def begun(plant: Plant) -> Begun:
    return Begun(plant)


@pytest.mark.capability("C4")
@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("24.50", "conforms"),
        ("25.50", "conforms"),
        ("24.499999", "too low"),
        ("25.500001", "too high"),
        ("24.5", "conforms"),
        ("25.500", "conforms"),
    ],
)
def test_a_value_on_a_limit_conforms_from_sql_and_from_the_program_alike(begun: Begun, value: str, verdict: str):
    begun.insert(value, sample=1)
    assert begun.take(value, sample=2) == verdict
    assert begun.values() == [(value, verdict)] * 2
    limits = Limits(unit="mm", lower=Decimal("24.50"), nominal=None, upper=Decimal("25.50"))
    assert limits.judge(Quantity(Decimal(value), "mm")) == verdict


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_by_the_database(begun: Begun, value: str):
    with pytest.raises(psycopg.errors.CheckViolation):
        begun.insert(value)
    with pytest.raises(ValueError, match="is not a quantity"):
        begun.take(value)
    assert begun.values() == []


def test_a_length_of_many_digits_is_kept_whole_and_judged_too_high(begun: Begun):
    long = "100." + "0" * 400 + "1"
    begun.insert(long)
    assert begun.values() == [(long, "too high")]


def test_a_decimal_comma_is_no_number_anywhere(begun: Begun):
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        begun.insert("25,04")
    assert begun.values() == []


@pytest.mark.capability("D2")
def test_an_overdue_gauge_is_refused_by_the_database_from_a_sql_shell(begun: Begun):
    with pytest.raises(psycopg.errors.DatabaseError) as refused:
        begun.insert("25.04", gauge="DC-009")
    assert refused.value.sqlstate == "LS050"
    with pytest.raises(GaugeOverdue):
        begun.take("25.04", gauge="DC-009")
    assert begun.values() == []


def test_wrong_kind_wrong_unit_and_unknown_gauges_are_refused_by_the_command(begun: Begun):
    with pytest.raises(GaugeOfOtherKind):
        begun.take("25.04", gauge="LM-07")
    with pytest.raises(OtherUnit):
        begun.take("25.04", unit="in")
    with pytest.raises(UnknownAsset):
        begun.take("25.04", gauge="XX-99")
    with pytest.raises(UnstableReading):
        begun.take("25.04", stable=False)
    with pytest.raises(NoSuchCell):
        begun.take("25.04", sample=6)
    assert begun.values() == []


def test_a_second_value_in_one_cell_is_refused_and_the_first_one_stands(begun: Begun):
    begun.take("25.04")
    with pytest.raises(CellIsTaken):
        begun.take("25.00")
    with pytest.raises(psycopg.errors.UniqueViolation):
        begun.insert("25.00")
    assert begun.values() == [("25.04", "conforms")]


@pytest.mark.parametrize(
    "statement", ["UPDATE measurement SET value = 25.00", "DELETE FROM measurement", "UPDATE measurement SET verdict = 'conforms'"]
)
def test_a_value_is_never_changed_or_taken_back(begun: Begun, statement: str):
    begun.take("25.62")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        begun.shell.execute(statement)
    assert begun.values() == [("25.62", "too high")]


@pytest.mark.capability("C4")
def test_nobody_sets_a_verdict(begun: Begun):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        begun.shell.execute("UPDATE inspection SET verdict = 'accepted', status = 'complete'")


def test_an_inspection_with_empty_cells_is_not_completed(begun: Begun):
    begun.take("25.04")
    with pytest.raises(ReadingsMissing, match="9 readings are missing"):
        begun.inspector.give(CompleteInspection(command_id=new_id(), inspection=begun.id, version=begun.row.version))
    assert begun.plant.rows("SELECT status FROM inspection") == [("open",)]


def test_a_completed_inspection_takes_no_reading(plant: Plant):
    received = plant.receive()
    inspection, _ = plant.inspect(received.lot)
    with pytest.raises(InspectionIsComplete):
        plant.measure(plant.sign_in("li.ming"), inspection, 1, 1, "0.860", gauge="LM-07")


@pytest.mark.capability("C1")
def test_an_inspection_that_was_begun_keeps_its_frozen_limits_when_a_new_revision_becomes_effective(begun: Begun):
    tighter = ("Effective length", "有效长度", "mm", 2, "24.95", "25.00", "25.05", "caliper")
    sign_plan(begun.plant, tighter, samples=3, accept=0)
    assert begun.take("25.40") == Verdict.CONFORMS
    again = begun.inspector.ask(lambda session: inspection_by_id(session, begun.id))
    assert (again.plan_revision, again.sample_size, again.accept_no) == (4, 5, 1)
    assert again.characteristics == begun.row.characteristics
    fresh = begun.plant.receive(supplier_lot="NF26-0944")
    later = begun.inspector.ask(lambda session: inspection_by_id(session, begun.plant.begin(fresh.lot)))
    assert (later.plan_revision, later.sample_size, [c.limits.upper for c in later.characteristics]) == (5, 3, [Decimal("25.05")])


@pytest.mark.capability("C1")
def test_a_plan_whose_day_has_not_come_changes_nothing(plant: Plant):
    sign_plan(plant, LENGTH, samples=3, accept=0, effective=False)
    received = plant.receive()
    row = plant.sign_in("li.ming").ask(lambda session: inspection_by_id(session, plant.begin(received.lot)))
    assert row.plan_revision == 4


@pytest.mark.capability("E5")
def test_raw_frame_calibration_station_person_and_times_are_kept_with_the_value(begun: Begun):
    before = datetime.now(UTC)
    begun.take("25.04")
    (one,) = begun.inspector.ask(lambda session: inspection_by_id(session, begun.id)).measurements
    assert (one.raw, one.gauge, one.gauge_serial_no, one.station, one.taken_by) == (
        b"01A+00025.04",
        "DC-014",
        "23048817",
        "IQC-02",
        "li.ming",
    )
    assert one.calibration_due_on > one.calibration_done_on
    assert one.taken_at >= before


def test_the_waiting_lots_say_how_far_they_are(begun: Begun):
    begun.take("25.04")
    site = begun.row.lot.site
    (one,) = begun.inspector.ask(lambda session: waiting_lots(session, site=site))
    assert (one.lot.code, one.read, one.wanted) == (begun.received.lot_code, 1, 10)


@pytest.mark.capability("D2")
def test_the_allowed_gauges_are_those_of_the_kind_whose_calibration_stands(begun: Begun):
    gauges = begun.inspector.ask(lambda session: gauges_here(session, site=begun.row.lot.site))
    length = Limits(unit="mm", lower=Decimal("24.50"), nominal=None, upper=Decimal("25.50"))
    assert [asset.code for asset in gauges.allowed("caliper", length)] == ["DC-014"]
    assert gauges.allowed("caliper", Limits(unit="in", lower=Decimal(1), nominal=None, upper=None)) == ()
    assert gauges.allowed("caliper", Limits(unit="mm", lower=None, nominal=None, upper=Decimal("150.01"))) == ()  # it ends before
    assert gauges.allowed("caliper", Limits(unit="mm", lower=Decimal("25.00"), nominal=None, upper=Decimal("25.09"))) == ()  # 9 steps
    assert [one.code for one in gauges.allowed("caliper", Limits(unit="mm", lower=Decimal("25.0"), nominal=None, upper=Decimal("25.1")))]


@pytest.mark.capability("C4")
@given(defective=st.integers(0, 50), accept_no=st.integers(0, 20), read=st.integers(0, 100), wanted=st.integers(1, 100))
def test_the_verdict_follows_from_the_count_alone(defective: int, accept_no: int, read: int, wanted: int):
    tally = Tally(defective=defective, accept_no=accept_no, read=read, wanted=wanted)
    rejected = defective > accept_no
    assert (tally.verdict is LotVerdict.REJECTED) == rejected, "Re decides at once, however many are still to be read"
    assert (tally.verdict is LotVerdict.ACCEPTED) == (not rejected and read >= wanted), "nothing is accepted before the last reading"
    worse = Tally(defective=defective + 1, accept_no=accept_no, read=read, wanted=wanted)
    assert not (tally.verdict is LotVerdict.REJECTED and worse.verdict is not LotVerdict.REJECTED), "one more defect never helps"
