"""Two stations, two people, one batch: what was acknowledged is there once, what was refused left nothing, no update is lost."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.batches.commands import ConsumeMaterial, EnterValue, FinishStep, MakeUnits, StartStep
from app.batches.rules import MoreThanDemanded, StepMovedAlready
from app.batches.signing import ReleaseBatch, SignPerformed
from app.core.refusals import NotWhatWasSeen, OtherVersion, SignedAlready, WayClosed
from app.core.session import SignedIn, Signer
from app.core.signature import preview
from app.demo.people import SECRET
from tests.batches.refusals import current, refuses
from tests.batches.runs import Run
from tests.batches.test_entries import corrected


def together(*acts: Callable[[], object]) -> list[str]:
    """Let go at the same moment; for each, ``done`` or the code of its refusal, in the order given."""
    ready, said = threading.Barrier(len(acts)), ["?"] * len(acts)

    def go(n: int, act: Callable[[], object]) -> None:
        ready.wait(10)
        try:
            act()
            said[n] = "done"
        except AppError as refused:
            said[n] = refused.code

    threads = [threading.Thread(target=go, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said


def two_stations(run: Run) -> tuple[SignedIn, SignedIn]:
    return run.at, run.plant.sign_in("tom.becker", station="REC-01")


def lost_updates(run: Run) -> list[tuple[object, ...]]:
    """Rows whose changes in the trail do not follow one from another: a change that did not start from what the one before left."""
    return run.plant.rows(
        """WITH change AS (SELECT tab, row_id, payload::jsonb -> 'old' AS old, payload::jsonb -> 'new' AS new FROM lineside.audit_log
             WHERE tab IN ('batch', 'batch_step', 'unit', 'lot', 'label', 'kit')),
           image AS (SELECT tab, row_id, new AS image, 1 AS n FROM change
             UNION ALL SELECT tab, row_id, old, -1 FROM change WHERE old IS NOT NULL),
           left_over AS (SELECT tab, row_id, image, sum(n) AS n FROM image GROUP BY tab, row_id, image HAVING sum(n) <> 0)
           SELECT tab, row_id, array_agg(n) FROM left_over GROUP BY tab, row_id HAVING array_agg(n) <> '{1}'"""
    )


def conserved(run: Run) -> bool:
    """Every lot is what its ledger says, every sum what its consumptions say, no serial and no number twice."""
    ((lots, sums, units),) = run.plant.rows(
        """SELECT (SELECT bool_and(l.balance = (SELECT sum(g.quantity) FROM ledger g WHERE g.lot = l.id)) FROM lot l),
             (SELECT bool_and(s.quantity = (SELECT coalesce(sum(c.quantity), 0) FROM consumption c
               WHERE s.id IN (c.batch_step, c.container) AND NOT EXISTS (SELECT FROM consumption_undo u WHERE u.consumption = c.id)))
               FROM consumption_sum s),
             (SELECT coalesce(max(no) = count(*), true) FROM unit)"""
    )
    return lots is True and sums is True and units is True


@pytest.mark.capability("F3", "R4")
def test_of_two_people_who_begin_or_finish_one_step_one_does_it_and_the_other_is_told(run: Run):
    one, other = two_stations(run)
    step = run.steps["clearance"]
    begun = together(*(lambda at=at: at.give(StartStep(command_id=new_id(), step=step)) for at in (one, other)))
    assert Counter(begun) == {"done": 1, StepMovedAlready.code: 1}
    for check in ("no_parts", "no_labels", "clean"):
        run.enter("clearance", check, said="yes")
    version = run.version("clearance")
    ended = together(*(lambda at=at: at.give(FinishStep(command_id=new_id(), step=step, version=version)) for at in (one, other)))
    assert sorted(ended) in (sorted(["done", StepMovedAlready.code]), sorted(["done", OtherVersion.code]))
    assert lost_updates(run) == []
    done_by = run.plant.rows("SELECT done_by, done_station FROM batch_step WHERE id = %s", step)
    assert done_by == [(("chen.jing", "IQC-02"), ("tom.becker", "REC-01"))[ended.index("done")]]


@pytest.mark.capability("R4", "F5", "F12", "K3")
def test_two_stations_work_on_one_batch_at_once_and_nothing_is_lost_or_doubled(run: Run):
    one, other = two_stations(run)
    run.start("clearance")

    def answer(at: SignedIn, field: str) -> object:
        return at.give(entry_order(run, "clearance", field))

    said = together(*(lambda at=at, f=f: answer(at, f) for at, f in zip((one, other), ("no_parts", "no_parts"), strict=True)))
    assert Counter(said) == {"done": 1, OtherVersion.code: 1}
    together(lambda: answer(one, "no_labels"), lambda: answer(other, "clean"))
    run.finish("clearance")
    run.start("hubs")
    run.start("clips")
    units = (*one.give(MakeUnits(command_id=new_id(), batch=run.batch, count=1)), *run.units(1))
    tally: Counter[str] = Counter()
    for _, unit in zip(range(4), itertools.cycle(units), strict=False):
        tally.update(
            together(
                lambda: one.give(take(run, "hubs", run.hubs, None)),
                lambda unit=unit: other.give(take(run, "clips", run.clips, unit)),  # type: ignore[misc]
            )
        )
        tally.update(together(*(lambda at=at: at.give(take(run, "hubs", run.hubs, None)) for at in (one, other))))
    assert tally == {"done": 4 + 2, MoreThanDemanded.code: 10}
    assert run.plant.rows(
        "SELECT s.key, sum(c.quantity) FROM consumption c JOIN batch_step s ON s.id = c.batch_step GROUP BY 1 ORDER BY 1"
    ) == [
        ("clips", 2),
        ("hubs", 4),
    ]
    many = together(*(lambda at=at: at.give(MakeUnits(command_id=new_id(), batch=run.batch, count=20)) for at in (one, other)))
    assert many == ["done", "done"]
    assert run.plant.rows("SELECT count(DISTINCT serial), max(no) FROM unit") == [(42, 42)]
    assert conserved(run)
    assert lost_updates(run) == []


def entry_order(run: Run, key: str, field: str) -> EnterValue:
    nothing = {"unit_serial": None, "value": None, "unit": None, "device": None, "done_at": None, "corrects": None, "reason": None}
    return EnterValue(command_id=new_id(), id=new_id(), step=run.steps[key], field=field, sample_no=1, said="yes", **nothing)  # type: ignore[arg-type]


def take(run: Run, key: str, lot: UUID, unit: str | None) -> ConsumeMaterial:
    return ConsumeMaterial(
        command_id=new_id(),
        id=new_id(),
        step=run.steps[key],
        lot=lot,
        container=run.container_of(lot),
        unit_serial=unit,
        quantity=1,  # type: ignore[arg-type]
        origin="scanned",
        raw=b"scan",
        scale=None,
        reason=None,
    )


@pytest.mark.capability("F9", "R4")
def test_of_two_who_release_at_once_one_does_and_a_correction_meanwhile_takes_the_signed_text_away(made: Run):
    signers = ("wang.haiyan", "xu.lan")
    places = (made.at, made.plant.sign_in("tom.becker", station="REC-01"))

    def release(at: SignedIn, signer: str) -> object:
        order = ReleaseBatch(command_id=new_id(), batch=made.batch, version=1)
        return made.plant.give_signed(at, order, kind="batch", subject=made.batch, signer=signer)

    seen = made.at.ask(lambda session: preview(session, kind="batch_step", subject=made.steps["performed"]))
    said = together(
        lambda: corrected(made, "1.22"),
        lambda: made.plant.give_signed(
            places[1],
            ReleaseBatch(command_id=new_id(), batch=made.batch, version=1),
            kind="batch",
            subject=made.batch,
            signer="wang.haiyan",
        ),
    )
    # whichever came first: never both, for a released batch takes no correction and a corrected one waits for its signatures
    assert said.count("done") == 1
    if said[0] == "done":
        assert made.at.ask(lambda session: preview(session, kind="batch_step", subject=made.steps["performed"])).digest != seen.digest
        made.sign("performed", "chen.jing")
        made.sign("verified", "li.ming")
        made.review()
        places = (made.at, made.plant.sign_in("tom.becker", station="REC-01"))
        both = together(*(lambda at=at, s=s: release(at, s) for at, s in zip(places, signers, strict=True)))
        assert both.count("done") == 1
        assert set(both) - {"done"} <= {SignedAlready.code, OtherVersion.code, NotWhatWasSeen.code}
    assert made.plant.rows("SELECT status, version FROM batch") == [("released for production", 1)]
    assert made.plant.rows("SELECT count(*) FROM signature WHERE subject_kind = 'batch'") == [(1,)]
    assert lost_updates(made) == []


@pytest.mark.capability("K2", "R4")
def test_a_correction_and_a_signature_over_it_at_once_never_leave_a_signature_on_what_nobody_saw(made: Run):
    corrected(made, "1.22")
    before, step = current(made, "sealing")["dwell", 1][0], made.steps["performed"]
    order = SignPerformed(command_id=new_id(), step=step, version=made.version("performed"))
    elsewhere = made.plant.sign_in("tom.becker", station="REC-01")
    signer = Signer(
        login="chen.jing", password=SECRET, seen=made.at.ask(lambda session: preview(session, kind="batch_step", subject=step)).digest
    )
    said = together(lambda: corrected(made, "1.23", corrects=before), lambda: elsewhere.give(order, signer=signer))
    standing = made.plant.rows("SELECT lineside.standing_meanings('batch_step', %s)", made.steps["performed"])[0][0]
    assert said[0] == "done"
    assert standing == []  # signed before the correction it fell with it, after it the signer had not seen it
    assert said[1] in {"done", NotWhatWasSeen.code, OtherVersion.code}
    assert lost_updates(made) == []
    refuses(made.plant, WayClosed, made.complete)
