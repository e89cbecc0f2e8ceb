"""Who did the work does not sign it: three walls, each standing without the others; and of two who sign at once exactly one does."""

import threading
from uuid import UUID

import psycopg
import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.refusals import OtherVersion, PerformerCannotSign, SignedAlready
from app.core.session import SignedIn, Signer
from app.core.signature import preview
from app.demo.people import SECRET
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality, DescribeDeviation
from app.materials.commands import ReleaseLot
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, set_status, sign, sqlstate_of
from tests.attack.walls import walls_that_fell
from tests.plant import Plant

pytestmark = pytest.mark.capability("K7")

PERFORMED = "LS022"


def _approve(target: Target, meaning: str, *, version: int | None = None) -> str:
    return sign(kind="deviation", subject=target.deviation, version=version or target.deviation_version, meaning=meaning)


def test_who_received_the_lot_cannot_release_it_even_with_the_right(plant: Plant, newcomers: Newcomers):
    both = newcomers.hire_for_all("receiver", "quality")
    received = plant.receive()
    again = f"""INSERT INTO lineside.receipt (id, order_line, lot, quantity, location, origin, raw, scanner)
        SELECT uuidv7(), r.order_line, r.lot, 1, r.location, 'scanned', '\\x01', 'SC-11' FROM lineside.receipt r
            WHERE r.lot = '{received.lot}'"""
    assert sqlstate_of(plant.shell(both), again) == "done"
    plant.inspect(received.lot)
    release = [sign(kind="lot", subject=received.lot, version=1, meaning="released"), set_status(received.lot, "released")]
    assert sqlstate_of(plant.shell(both, purpose="sign"), *release) == PERFORMED
    assert sqlstate_of(plant.shell("wang.haiyan", purpose="sign"), *release) == "done"


def test_who_measured_one_sample_cannot_release_the_lot(plant: Plant, newcomers: Newcomers):
    both = newcomers.hire_for_all("inspector", "quality")
    received = plant.receive()
    inspection = plant.begin(received.lot)
    plant.measure(plant.sign_in(both), inspection, 1, 1, "0.860", gauge="LM-07")
    release = [sign(kind="lot", subject=received.lot, version=1, meaning="released"), set_status(received.lot, "released")]
    assert sqlstate_of(plant.shell(both, purpose="sign"), *release) == PERFORMED


def test_who_opened_or_described_a_deviation_cannot_approve_it(target: Target):
    assert sqlstate_of(target.plant.shell("li.ming", purpose="sign"), _approve(target, "approved by supervisor")) == PERFORMED


@pytest.mark.parametrize("change", ["class = 'minor'", "disposition = 'reject'", "what_happened = 'Burr, 0.1 mm.'"])
def test_who_changed_one_word_of_a_deviation_cannot_approve_it(fresh: Target, change: str):
    changed = f"UPDATE lineside.deviation SET {change} WHERE id = '{fresh.deviation}'"
    assert sqlstate_of(fresh.plant.shell("tom.becker"), changed) == "done"
    approve = _approve(fresh, "approved by supervisor", version=fresh.deviation_version + 1)
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), approve) == PERFORMED


def test_words_that_were_written_over_still_name_their_author(fresh: Target):
    shell = fresh.plant.shell("tom.becker")
    assert sqlstate_of(shell, f"UPDATE lineside.deviation SET class = 'minor' WHERE id = '{fresh.deviation}'") == "done"
    describe = f"UPDATE lineside.deviation SET class = 'major', what_happened = 'Burr.' WHERE id = '{fresh.deviation}'"
    assert sqlstate_of(fresh.plant.shell("li.ming"), describe) == "done"
    approve = _approve(fresh, "approved by supervisor", version=fresh.deviation_version + 2)
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), approve) == PERFORMED


def test_lowering_the_class_in_the_transaction_of_the_signature_does_not_help(fresh: Target):
    lower = f"UPDATE lineside.deviation SET class = 'minor' WHERE id = '{fresh.deviation}'"
    approve = _approve(fresh, "approved by supervisor", version=fresh.deviation_version + 1)
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), lower, approve) == PERFORMED


def test_one_person_with_two_jobs_does_not_give_both_signatures(fresh: Target, newcomers: Newcomers):
    both = newcomers.hire_for_all("supervisor", "quality")
    at = fresh.plant.sign_in("li.ming")
    order = ApproveDisposition(command_id=new_id(), deviation=fresh.deviation, version=fresh.deviation_version)
    assert fresh.plant.give_signed(at, order, kind="deviation", subject=fresh.deviation, signer=both) == "open"
    second = ApproveDispositionAsQuality(command_id=new_id(), deviation=fresh.deviation, version=fresh.deviation_version)
    with pytest.raises(PerformerCannotSign) as refused:
        fresh.plant.give_signed(at, second, kind="deviation", subject=fresh.deviation, signer=both)
    assert both in str(refused.value)


def test_all_three_walls_stand_each_by_itself(fresh: Target):
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), _approve(fresh, "approved by supervisor")) == "done"
    assert walls_that_fell(fresh) == []


def test_the_first_wall_bypassed_a_second_signature_of_one_person_still_breaks_on_the_second(fresh: Target):
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), _approve(fresh, "approved by supervisor")) == "done"
    superuser = fresh.plant.superuser()
    superuser.execute("ALTER TABLE lineside.signature DISABLE TRIGGER USER")
    columns = "subject_kind, subject_id, subject_version, act, signer, signer_name_en, signer_name_zh, zone, station, digest, content"
    copy = f"""INSERT INTO lineside.signature (id, meaning, login, {columns})
        SELECT uuidv7(), 'approved by quality', (SELECT min(id) FROM lineside.login_record), {columns} FROM lineside.signature
            WHERE subject_id = '{fresh.deviation}'"""
    with pytest.raises(psycopg.errors.UniqueViolation, match="signature_once_per_person"):
        superuser.execute(copy)


def test_both_walls_bypassed_a_deviation_decided_by_who_opened_it_still_breaks_on_the_third(fresh: Target):
    superuser = fresh.plant.superuser()
    superuser.execute("ALTER TABLE lineside.deviation DISABLE TRIGGER USER")
    with pytest.raises(psycopg.errors.CheckViolation, match="deviation_check"):
        superuser.execute("UPDATE lineside.deviation SET status = 'decided', decided_by = opened_by, decided_at = now()")


@pytest.mark.capability("K2")
def test_a_correction_drops_the_signatures_that_stood(fresh: Target):
    at = fresh.plant.sign_in("li.ming")
    version = fresh.deviation_version
    fresh.plant.give_signed(
        at,
        ApproveDisposition(command_id=new_id(), deviation=fresh.deviation, version=version),
        kind="deviation",
        subject=fresh.deviation,
        signer="tom.becker",
    )
    at.give(
        DescribeDeviation(
            command_id=new_id(),
            deviation=fresh.deviation,
            version=version,
            what_happened="Burr, 0.2 mm.",
            class_="major",
            disposition="use as is",
        )
    )
    assert fresh.plant.rows("SELECT lineside.standing_meanings('deviation', %s)", fresh.deviation) == [([],)]
    order = ApproveDispositionAsQuality(command_id=new_id(), deviation=fresh.deviation, version=version + 1)
    assert fresh.plant.give_signed(at, order, kind="deviation", subject=fresh.deviation, signer="wang.haiyan") == "open"
    assert fresh.plant.rows("SELECT count(*) FROM lineside.signature WHERE subject_id = %s", fresh.deviation) == [(2,)]


def test_one_signature_of_two_does_not_decide_a_major_deviation(fresh: Target):
    decide = f"UPDATE lineside.deviation SET status = 'decided' WHERE id = '{fresh.deviation}'"
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), _approve(fresh, "approved by supervisor"), decide) == "LS030"


def test_who_prepared_a_plan_cannot_approve_it_and_nobody_else_writes_into_it(plant: Plant, newcomers: Newcomers):
    both = newcomers.hire_for_all("engineer", "quality")
    plan = new_id()
    shell = plant.shell(both)
    site = newcomers.site()
    draft = f"""INSERT INTO lineside.document (id, kind, code, revision, site, effective_from) VALUES ('{plan}', 'inspection_plan',
            'IP-X', 1, '{site}', '2026-01-01')"""
    assert sqlstate_of(shell, draft) == "done"
    into = f"""INSERT INTO lineside.inspection_plan (id, item, stage, sample_size, accept_no) SELECT '{plan}', id, 'incoming', 1, 0
            FROM lineside.item LIMIT 1"""
    assert sqlstate_of(plant.shell("zhao.lei"), into) == "LS010"
    assert sqlstate_of(shell, into, f"UPDATE lineside.document SET status = 'review' WHERE id = '{plan}'") == "done"
    approve = sign(kind="document", subject=plan, version=1, meaning="approved")
    signed = f"UPDATE lineside.document SET status = 'signed' WHERE id = '{plan}'"
    assert sqlstate_of(plant.shell(both, purpose="sign"), approve, signed) == PERFORMED
    assert sqlstate_of(plant.shell("wang.haiyan", purpose="sign"), approve, signed) == "done"


def test_a_signed_plan_keeps_its_day_and_its_content(plant: Plant):
    engineer = plant.shell("zhao.lei")
    assert sqlstate_of(engineer, "UPDATE lineside.document SET effective_from = '2020-01-01'") == "LS032"
    assert sqlstate_of(engineer, "DELETE FROM lineside.characteristic") == "LS032"
    assert sqlstate_of(engineer, "UPDATE lineside.document SET status = 'draft'") == "LS031"
    assert sqlstate_of(engineer, "UPDATE lineside.document SET status = 'obsolete'") == "LS030"


def _sign_together(orders: list[tuple[SignedIn, object, Signer]]) -> list[str]:
    ready, answers, lock = threading.Barrier(len(orders)), [], threading.Lock()

    def sign_one(at: SignedIn, order: object, signer: Signer) -> None:
        ready.wait(10)
        try:
            at.give(order, signer=signer)  # type: ignore[arg-type]
            said = "signed"
        except AppError as refused:
            said = type(refused).__name__
        with lock:
            answers.append(said)

    threads = [threading.Thread(target=sign_one, args=order) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(answers)


def _seen(at: SignedIn, kind: str, subject: UUID) -> bytes:
    return at.ask(lambda session: preview(session, kind=kind, subject=subject)).digest


@pytest.mark.capability("R4")
@pytest.mark.parametrize("round_no", range(3))
def test_of_two_who_release_a_lot_at_the_same_moment_exactly_one_does_and_the_other_is_told_politely(fresh: Target, round_no: int):
    stations = [fresh.plant.sign_in("li.ming"), fresh.plant.sign_in("zhou.min", station="REC-01")]
    seen = _seen(stations[0], "lot", fresh.lot)
    people = ("wang.haiyan", "xu.lan") if round_no % 2 else ("xu.lan", "wang.haiyan")
    orders = [
        (at, ReleaseLot(command_id=new_id(), lot=fresh.lot, version=1), Signer(login=who, password=SECRET, seen=seen))
        for at, who in zip(stations, people, strict=True)
    ]
    assert _sign_together(orders) == [OtherVersion.__name__, "signed"]
    assert fresh.plant.rows("SELECT count(*) FROM lineside.signature WHERE subject_id = %s", fresh.lot) == [(1,)]


@pytest.mark.capability("R4")
def test_of_two_supervisors_who_approve_at_the_same_moment_one_signs(fresh: Target, newcomers: Newcomers):
    other = newcomers.hire("supervisor")
    stations = [fresh.plant.sign_in("li.ming"), fresh.plant.sign_in("zhou.min", station="REC-01")]
    seen = _seen(stations[0], "deviation", fresh.deviation)
    orders = [
        (
            at,
            ApproveDisposition(command_id=new_id(), deviation=fresh.deviation, version=fresh.deviation_version),
            Signer(login=who, password=SECRET, seen=seen),
        )
        for at, who in zip(stations, ("tom.becker", other), strict=True)
    ]
    assert _sign_together(orders) == [SignedAlready.__name__, "signed"]
