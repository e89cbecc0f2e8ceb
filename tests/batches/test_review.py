"""What is out of the ordinary is accepted one by one, by name, by quality with no hand in the batch; nothing is released over the rest."""

from uuid import UUID

import pytest

from app.base.ids import new_id
from app.batches.acceptance import AcceptException
from app.batches.queries import ExceptionRow, exceptions_of, obstacles_of
from app.batches.rules import BatchIsClosed, ExceptionsNotReviewed, NothingToAccept
from app.core.refusals import NotAllowed, OtherVersion, PerformerCannotSign
from tests.batches.refusals import past, refuses, tried
from tests.batches.runs import Run
from tests.batches.test_release import PRODUCTION, by_sql
from tests.batches.untidy import make_untidy

KINDS = ["correction", "late", "near", "outside", "reprint"]


@pytest.fixture
def untidy(run: Run) -> Run:
    make_untidy(run)
    return run


def found(run: Run) -> dict[str, ExceptionRow]:
    rows: list[ExceptionRow] = run.at.ask(lambda session: exceptions_of(session, run.batch))
    return {row.kind: row for row in rows}


def accept(run: Run, row: ExceptionRow, *, who: str = "wang.haiyan", batch: UUID | None = None, kind: str | None = None) -> None:
    order = AcceptException(command_id=new_id(), id=new_id(), batch=batch or run.batch, kind=kind or row.kind, record=row.record)
    try:
        run.plant.sign_in(who).give(order)
    finally:
        run.home()


def insert(run: Run, row: ExceptionRow, **columns: str) -> str:
    given = {"id": "uuidv7()", "batch": f"'{run.batch}'", "kind": f"'{row.kind}'", "record": f"'{row.record}'"} | columns
    return f"INSERT INTO lineside.exception_acceptance ({', '.join(given)}) VALUES ({', '.join(given.values())})"


@pytest.mark.capability("F8", "F9")
def test_no_release_while_one_exception_was_accepted_by_nobody_and_then_it_goes(untidy: Run):
    rows = found(untidy)
    assert sorted(rows) == KINDS
    assert [kind for kind, row in rows.items() if not row.waits_for_review] == ["outside"], "its deviation decides it"
    assert [(one.rule, one.what) for one in untidy.at.ask(lambda session: obstacles_of(session, untidy.batch))] == [("LS111", "4")]
    for kind in ("correction", "late", "near"):
        accept(untidy, rows[kind])
    refuses(untidy.plant, ExceptionsNotReviewed, untidy.release, count="1")
    assert by_sql(untidy, "wang.haiyan", PRODUCTION) == "LS111"
    accept(untidy, rows["reprint"])
    assert {row.accepted_by for row in found(untidy).values() if row.kind != "outside"} == {"wang.haiyan"}
    untidy.release("xu.lan")
    untidy.release_to_market()
    refuses(untidy.plant, BatchIsClosed, lambda: accept(untidy, rows["near"], kind="typed"))


@pytest.mark.capability("F8", "K7", "K2")
def test_only_quality_without_a_hand_in_the_batch_accepts_and_in_nobody_elses_name(untidy: Run):
    near = found(untidy)["near"]
    for login in ("chen.jing", "tom.becker", "li.ming", "gao.yun", "he.qing", "zhao.lei"):
        refuses(untidy.plant, NotAllowed, lambda login=login: accept(untidy, near, who=login))  # type: ignore[misc]
        assert tried(untidy, login, insert(untidy, near)) in {"42501", "LS010"}
    past(untidy, "UPDATE lineside.batch_step SET started_by = 'xu.lan' WHERE key = 'assembly'")
    refuses(untidy.plant, PerformerCannotSign, lambda: accept(untidy, near, who="xu.lan"), who="xu.lan")
    assert tried(untidy, "xu.lan", insert(untidy, near)) == "LS022"
    assert tried(untidy, "wang.haiyan", insert(untidy, near, accepted_by="'xu.lan'")) == "42501"
    assert tried(untidy, "wang.haiyan", insert(untidy, near, accepted_at="now() - interval '1 day'")) == "42501"
    assert tried(untidy, "wang.haiyan", insert(untidy, near)) == "done"
    for statement in ("UPDATE lineside.exception_acceptance SET accepted_by = 'xu.lan'", "DELETE FROM lineside.exception_acceptance"):
        assert tried(untidy, "wang.haiyan", statement) == "42501"
        superuser = untidy.plant.superuser()
        with pytest.raises(Exception, match="stand for good"):
            superuser.execute(statement)  # type: ignore[call-overload]
        superuser.close()
    refuses(untidy.plant, OtherVersion, lambda: accept(untidy, near))
    assert tried(untidy, "wang.haiyan", insert(untidy, near)) == "23505"


@pytest.mark.capability("F8", "F9")
def test_nothing_is_accepted_but_what_waits_in_this_batch(untidy: Run):
    rows, other = found(untidy), untidy.plant.start_batch()
    wrong = {
        "decided by a deviation": insert(untidy, rows["outside"]),
        "another kind": insert(untidy, rows["near"], kind="'typed'"),
        "no such record": insert(untidy, rows["near"], record="uuidv7()"),
        "another batch": insert(untidy, rows["near"], batch=f"'{other}'"),
    }
    assert {what: tried(untidy, "wang.haiyan", sql) for what, sql in wrong.items()} == {
        "decided by a deviation": "23514",
        "another kind": "LS110",
        "no such record": "LS110",
        "another batch": "LS110",
    }
    refuses(untidy.plant, NothingToAccept, lambda: accept(untidy, rows["near"], kind="typed"))


@pytest.mark.capability("F8", "F9", "G6")
def test_a_correction_after_the_review_waits_anew_and_what_a_release_signed_over_stands(untidy: Run):
    assert untidy.review() == 4
    entry = untidy.plant.rows("SELECT id FROM step_entry WHERE field = 'pressure'")[0][0]
    assert isinstance(entry, UUID)
    untidy.enter("sealing", "pressure", "415", unit="kPa", corrects=entry, reason="the second gauge counts")
    assert [row.value for row in untidy.at.ask(lambda session: exceptions_of(session, untidy.batch)) if row.waits_for_review] == ["415"]
    untidy.sign("performed", "chen.jing")
    untidy.sign("verified", "li.ming")
    refuses(untidy.plant, ExceptionsNotReviewed, untidy.release)
    assert untidy.review("xu.lan") == 1
    untidy.release()
    stands = "SELECT lineside.standing_meanings('batch', %s)"
    assert untidy.plant.rows(stands, untidy.batch) == [([PRODUCTION],)]
    past(untidy, "UPDATE lineside.exception_acceptance SET accepted_by = 'he.qing' WHERE kind = 'near'")
    assert untidy.plant.rows(stands, untidy.batch) == [([],)], "the release was signed over who accepted what"
