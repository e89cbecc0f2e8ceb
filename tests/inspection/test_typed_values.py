"""A value of an inspection that was typed in place of the gauge: a reason, a second person, and visible for good (E6, D2)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Quantity
from app.batches.rules import WhyWanted
from app.core.refusals import NotAllowed, PerformerCannotSign
from app.core.session import SignedIn, Signer
from app.core.signature import preview
from app.core.stations import StationLink
from app.inspection.commands import CompleteInspection, RecordMeasurement
from app.inspection.queries import InspectionRow, inspection_by_id
from app.inspection.rules import InspectionIsComplete, NoSuchCell, ReadingsMissing
from app.plant.commands import RecordRange
from app.plant.rules import GaugeNotDescribed, GaugeOfOtherKind, GaugeOutOfRange, GaugeOverdue, GaugeTooCoarse, OtherUnit
from app.tracing.queries import lot_history
from app.typed.commands import Typed, TypeMeasurement, VerifyTyped, WithdrawTyped
from app.typed.rules import PlaceIsTaken, SecondPersonWanted, TypedAlready, TypedValueEnded, VerifiedBySignature
from tests.attack.target import sign, sqlstate_of
from tests.core.matrices import BY_JOB
from tests.inspection.plans import asset_id, register_gauge
from tests.plant import Plant, reading
from tests.triggers import triggers_off
from ui.materials.exceptions import exceptions_of

pytestmark = pytest.mark.capability("E6")
TYPIST, SECOND = "li.ming", "chen.jing"


class Bench:
    """A lot under inspection at IQC-02."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.lot = plant.receive().lot
        self.id: UUID = plant.begin(self.lot)
        self.at: SignedIn = plant.sign_in(TYPIST)
        self._link: StationLink | None = None

    @property
    def row(self) -> InspectionRow:
        found = self.at.ask(lambda session: inspection_by_id(session, self.id))
        assert found is not None
        return found

    def order(
        self, value: str = "25.04", *, no: int = 2, sample: int = 1, device: str = "DC-014", unit: str = "mm", reason: str = "cable broken"
    ):
        typed = Typed(quantity=Quantity(Decimal(value), unit), device=device, reason=reason, at=datetime.now(UTC), clock_ahead_ms=12)
        characteristic = self.row.characteristics[no - 1].id
        return TypeMeasurement(
            command_id=new_id(), id=new_id(), inspection=self.id, characteristic=characteristic, sample_no=sample, typed=typed
        )

    def type_in(self, value: str = "25.04", **of_order: object) -> UUID:
        order = self.order(value, **of_order)  # type: ignore[arg-type]
        self.at.give(order)
        return order.id

    def verify(self, typed: UUID, *, signer: str = SECOND) -> None:
        self.plant.give_signed(
            self.at, VerifyTyped(command_id=new_id(), typed=typed, version=1), kind="typed_value", subject=typed, signer=signer
        )

    def refused(self, why: type[AppError], **of_order: object) -> AppError:
        with pytest.raises(why) as told:
            self.at.give(self.order(**of_order))  # type: ignore[arg-type]
        assert self.plant.rows("SELECT count(*) FROM lineside.typed_value") == [(0,)]
        return told.value

    def shell(self, login: str, purpose: str = "shell"):
        if self._link is None:
            self._link = self.plant.link()
        return self.plant.shell(login, purpose=purpose, ticket=self._link.ticket())


@pytest.fixture
def bench(plant: Plant) -> Bench:
    return Bench(plant)


def test_a_typed_value_is_no_measurement_before_a_second_person_signed_it_and_names_both_afterwards(bench: Bench):
    typed = bench.type_in("25.04")
    assert bench.row.measurements == ()
    assert [(one.quantity.value, one.device, one.by, one.status) for one in bench.row.waiting] == [
        (Decimal("25.04"), "DC-014", TYPIST, "waiting")
    ]
    bench.verify(typed)
    (taken,) = bench.row.measurements
    assert (taken.id, taken.origin, taken.raw, taken.taken_by, taken.gauge, taken.station) == (
        typed,
        "typed",
        None,
        TYPIST,
        "DC-014",
        "IQC-02",
    )
    assert taken.calibration_certificate
    assert taken.clock_ahead_ms == 12
    assert taken.typed is not None
    assert (taken.typed.reason, taken.typed.by, taken.typed.ended_by, taken.typed.status) == ("cable broken", TYPIST, SECOND, "verified")
    assert bench.row.waiting == ()
    (kept,) = bench.plant.rows("SELECT signer, meaning, content LIKE '%%|5:25.04|%%' FROM lineside.signature WHERE subject_id = %s", typed)
    assert kept == (SECOND, "verified", True)


def test_an_inspection_is_not_completed_over_a_typed_value_that_nobody_verified(bench: Bench):
    for sample in range(1, 6):
        bench.plant.measure(bench.at, bench.id, 1, sample, "0.860", gauge="LM-07")
        if sample < 5:
            bench.plant.measure(bench.at, bench.id, 2, sample, "25.04", gauge="DC-014")
    typed = bench.type_in(sample=5)
    complete = CompleteInspection(command_id=new_id(), inspection=bench.id, version=bench.row.version)
    with pytest.raises(ReadingsMissing):
        bench.at.give(complete)
    bench.verify(typed)
    assert bench.at.give(replace(complete, command_id=new_id())) == "accepted"


def test_who_typed_it_cannot_verify_it_and_who_has_not_the_right_neither(bench: Bench):
    typed = bench.type_in()
    with pytest.raises(PerformerCannotSign):
        bench.verify(typed, signer=TYPIST)
    with pytest.raises(NotAllowed):
        bench.verify(typed, signer="zhou.min")
    assert bench.row.measurements == ()


def test_a_lost_reply_changes_nothing_the_same_order_again_gets_the_first_answer(bench: Bench):
    order = bench.order()
    bench.at.give(order)
    bench.at.give(order)
    verify = VerifyTyped(command_id=new_id(), typed=order.id, version=1)
    seen = bench.at.ask(lambda session: preview(session, kind="typed_value", subject=order.id)).digest
    for _ in range(2):
        bench.at.give(verify, signer=Signer(login=SECOND, password=bench.plant.secret, seen=seen))
    assert bench.plant.rows("SELECT count(*) FROM lineside.measurement") == [(1,)]
    with pytest.raises(AppError):
        bench.verify(order.id)  # another order: it is signed already
    assert bench.plant.rows("SELECT count(*) FROM lineside.measurement") == [(1,)]


def test_a_value_outside_its_limits_is_judged_when_it_counts_and_can_be_withdrawn_before(bench: Bench):
    wrong = bench.type_in("52.04")
    bench.at.give(WithdrawTyped(command_id=new_id(), typed=wrong))
    assert bench.row.waiting == ()
    with pytest.raises(AppError):
        bench.verify(wrong)
    with pytest.raises(TypedValueEnded):
        bench.at.give(WithdrawTyped(command_id=new_id(), typed=wrong))
    right = bench.type_in("25.62")
    bench.verify(right)
    assert bench.plant.rows("SELECT value::text, verdict FROM lineside.measurement") == [("25.62", "too high")]
    assert bench.plant.rows("SELECT value::text, status FROM lineside.typed_value ORDER BY typed_at") == [
        ("52.04", "withdrawn"),
        ("25.62", "verified"),
    ]


def test_a_cell_takes_one_typed_value_at_a_time_and_a_reading_goes_before_it(bench: Bench):
    typed = bench.type_in()
    with pytest.raises(TypedAlready):
        bench.type_in("25.05")
    bench.plant.measure(bench.at, bench.id, 2, 1, "25.06", gauge="DC-014")
    with pytest.raises(PlaceIsTaken):
        bench.verify(typed)
    assert bench.plant.rows("SELECT value::text, origin FROM lineside.measurement") == [("25.06", "device")]
    assert bench.plant.rows("SELECT status FROM lineside.typed_value") == [("waiting",)]


@pytest.mark.capability("D2")
def test_what_is_typed_is_judged_like_a_reading(bench: Bench):
    bench.refused(GaugeOverdue, device="DC-009")
    bench.refused(GaugeOfOtherKind, device="LM-07")
    bench.refused(OtherUnit, unit="cm")
    bench.refused(NoSuchCell, sample=6)
    bench.refused(GaugeOutOfRange, value="150.01")
    bench.refused(WhyWanted, reason="  ")
    bench.plant.close()


def test_a_complete_inspection_takes_nothing_that_is_typed(plant: Plant):
    lot = plant.receive().lot
    inspection, _ = plant.inspect(lot)
    plant.close()
    bench = Bench.__new__(Bench)
    bench.plant, bench.lot, bench.id, bench.at = plant, lot, inspection, plant.sign_in(TYPIST)
    bench.refused(InspectionIsComplete)


def test_no_job_gets_a_typed_measurement_on_record_from_a_shell_of_its_own(bench: Bench):
    characteristic, gauge = bench.row.characteristics[1].id, asset_id(bench.plant, "DC-014")
    typed = bench.type_in()
    past = f"""INSERT INTO lineside.measurement (id, inspection, characteristic, sample_no, value, unit, origin, gauge, read_at)
        VALUES ({{id}}, '{bench.id}', '{characteristic}', 1, 25, 'mm', 'typed', '{gauge}', now())"""
    alone = f"UPDATE lineside.typed_value SET status = 'verified' WHERE id = '{typed}'"
    invented = "UPDATE lineside.typed_value SET value = 25, ended_by = 'sun.wei'"
    for login in BY_JOB.values():
        shell = bench.shell(login)
        assert sqlstate_of(shell, past.format(id="uuidv7()")) in ("42501", SecondPersonWanted.sqlstate), login
        assert sqlstate_of(shell, past.format(id=f"'{typed}'")) in ("42501", SecondPersonWanted.sqlstate), login
        assert sqlstate_of(shell, alone) in ("42501", VerifiedBySignature.sqlstate), login
        assert sqlstate_of(shell, invented) == "42501", login
        assert sqlstate_of(shell, sign(kind="typed_value", subject=typed, version=1, meaning="verified"), alone) != "done", login
        shell.close()
    own = bench.shell(TYPIST, "sign")
    assert sqlstate_of(own, sign(kind="typed_value", subject=typed, version=1, meaning="verified"), alone) == PerformerCannotSign.sqlstate
    lone = bench.shell(SECOND, "sign")
    assert (
        sqlstate_of(lone, sign(kind="typed_value", subject=typed, version=1, meaning="verified")) == "LS027"
    )  # a signature without its act
    assert bench.row.measurements == ()
    right = bench.shell(SECOND, "sign")
    assert sqlstate_of(right, sign(kind="typed_value", subject=typed, version=1, meaning="verified"), alone) == "done"
    assert len(bench.row.measurements) == 1


def test_nobody_types_in_the_name_of_another_or_past_the_stations(bench: Bench):
    characteristic, gauge = bench.row.characteristics[1].id, asset_id(bench.plant, "DC-014")
    insert = f"""INSERT INTO lineside.typed_value (id, kind, inspection, characteristic, sample_no, value, unit, device, read_at,
        reason{{more}}) VALUES (uuidv7(), 'measurement', '{bench.id}', '{characteristic}', 1, 25, 'mm', '{gauge}', now(), 'x'{{values}})"""
    shell = bench.shell(TYPIST)
    assert sqlstate_of(shell, insert.format(more=", typed_by", values=", 'sun.wei'")) == "42501"
    assert sqlstate_of(shell, insert.format(more=", status", values=", 'verified'")) == "42501"
    assert sqlstate_of(bench.plant.shell(TYPIST), insert.format(more="", values="")) == "LS057"
    assert sqlstate_of(bench.shell("zhou.min"), insert.format(more="", values="")) == "42501"


def test_a_typed_value_is_an_exception_of_its_lot_with_its_evidence(bench: Bench):
    bench.verify(bench.type_in())
    history = bench.at.ask(lambda session: lot_history(session, bench.lot))
    (shown,) = [one for one in exceptions_of(history, UTC) if "Typed value" in str(one.row.title)]
    assert "25.04 mm" in str(shown.row.title)
    facts = {str(fact.name): str(fact.value) for fact in shown.proof().facts}
    assert facts["typed because"] == "cable broken"
    assert facts["verified by"].startswith("Chen Jing")


@pytest.mark.capability("D2")
def test_a_gauge_that_ends_before_a_limit_is_too_coarse_or_was_never_described_gives_no_reading(bench: Bench):
    plant = bench.plant
    made = []
    for code in ("DC-101", "DC-102", "DC-103"):
        plant.close()
        made.append(register_gauge(plant, code, "caliper", "mm"))
    short, coarse, unknown = made
    plant.close()
    bench.at = plant.sign_in(TYPIST)
    engineer = plant.sign_in("zhao.lei", station="REC-01")
    [(low, high)] = plant.rows("SELECT range_low, range_high FROM lineside.asset WHERE id = %s", short)
    narrower = RecordRange(
        command_id=new_id(),
        asset=short,
        range_low=Decimal(0),
        range_high=Decimal(25),
        stood_low=low,
        stood_high=high,
    )
    engineer.give(narrower, reason="certificate")
    superuser = plant.superuser()
    with triggers_off(superuser, "asset"):
        superuser.execute("UPDATE lineside.asset SET resolution = 0.2 WHERE id = %s", [coarse])
        superuser.execute("UPDATE lineside.asset SET range_low = NULL, range_high = NULL WHERE id = %s", [unknown])
    for gauge, why in (("DC-101", GaugeOutOfRange), ("DC-102", GaugeTooCoarse), ("DC-103", GaugeNotDescribed)):
        order = RecordMeasurement(
            command_id=new_id(),
            id=new_id(),
            inspection=bench.id,
            characteristic=bench.row.characteristics[1].id,
            sample_no=1,
            reading=reading("24.90", gauge=gauge),
        )
        with pytest.raises(why) as told:
            bench.at.give(order)
        assert gauge in str(told.value)
        assert sqlstate_of(bench.shell(TYPIST), _raw(bench, gauge)) == why.sqlstate
    assert bench.row.measurements == ()
    with triggers_off(superuser, "setting"):
        superuser.execute("UPDATE lineside.setting SET value = '5' WHERE key = 'steps_in_tolerance'")
    assert sqlstate_of(bench.shell(TYPIST), _raw(bench, "DC-102")) == "done"


def _raw(bench: Bench, gauge: str) -> str:
    return f"""INSERT INTO lineside.measurement (id, inspection, characteristic, sample_no, value, unit, origin, gauge, raw, read_at)
        VALUES (uuidv7(), '{bench.id}', '{bench.row.characteristics[1].id}', 1, 24.90, 'mm', 'device', '{asset_id(bench.plant, gauge)}',
                '01A', now())"""
