"""Nothing waits on the window's thread, nothing is told to what is gone, nothing is given twice."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.command import Order
from app.core.database import WrongThread
from app.core.drafts import SaveDraft
from app.core.refusals import DatabaseAway
from app.core.tasks import CallForHelp
from tests.plant import Plant
from tests.shell.conftest import Hand
from ui.bridge import NobodySignedIn
from ui.shell.series import Series


class Ear(QObject):
    """Somebody who asked and may be gone when the answer comes."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, answer: object) -> None:
        self.heard.append(answer)


def order() -> CallForHelp:
    return CallForHelp(command_id=new_id(), id=new_id(), topic="quality")


def one(session: Session) -> int:
    return int(session.execute(text("SELECT 1")).scalar_one())


def test_sql_on_the_windows_own_thread_is_refused(at_step: Hand) -> None:
    session = at_step.bridge.session
    assert session is not None
    with pytest.raises(WrongThread):
        session.ask(one)


def test_answers_come_on_the_windows_thread_in_the_order_of_the_orders(at_step: Hand, plant: Plant) -> None:
    heard: list[tuple[str, object]] = []
    first, second = order(), order()
    at_step.bridge.give(first, done=lambda answer: heard.append(("first", answer)))
    at_step.bridge.give(second, done=lambda answer: heard.append(("second", answer)))
    at_step.until(lambda: len(heard) == 2)
    assert heard == [("first", None), ("second", None)]
    assert len(plant.rows("SELECT 1 FROM lineside.task WHERE id IN (%s, %s)", first.id, second.id)) == 2


def test_an_answer_for_a_widget_that_was_closed_meanwhile_is_dropped_and_the_order_still_stands(at_step: Hand, plant: Plant) -> None:
    gone, stays, given = Ear(), Ear(), order()
    at_step.bridge.give(given, done=gone.hear)
    shiboken6.delete(gone)
    at_step.bridge.ask(one, done=stays.hear)
    at_step.until(lambda: plant.rows("SELECT 1 FROM lineside.task WHERE id = %s", given.id))
    at_step.until(lambda: stays.heard == [1])
    assert gone.heard == []


def test_a_double_enter_gives_one_order_even_if_the_first_was_done_already(at_step: Hand, plant: Plant) -> None:
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: at_step.step.given)
    at_step.press(Qt.Key.Key_Return)
    at_step.bot.wait(50)
    assert not at_step.step.give.is_busy
    assert at_step.step.given == 1
    assert len(plant.rows("SELECT 1 FROM lineside.task WHERE kind = 'call'")) == 1


def test_enter_counts_again_once_something_else_happened(at_step: Hand) -> None:
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: at_step.step.given == 1)
    at_step.scan("L26-0382")
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: at_step.step.given == 2)


def test_the_same_order_asked_again_gets_its_first_answer(at_step: Hand, plant: Plant) -> None:
    heard: list[object] = []
    given = order()
    for _ in range(2):
        at_step.bridge.give(given, done=heard.append)
    at_step.until(lambda: len(heard) == 2)
    assert len(plant.rows("SELECT 1 FROM lineside.task WHERE id = %s", given.id)) == 1


def test_an_order_nobody_may_give_is_refused_in_words(at_step: Hand) -> None:
    refused: list[AppError] = []
    at_step.window.begin()
    at_step.bridge.use(None)
    at_step.bridge.give(order(), refused=refused.append)
    assert [type(error) for error in refused] == [NobodySignedIn]


def test_a_defect_of_a_command_goes_to_the_crash_report_and_the_next_order_is_carried_out(at_step: Hand) -> None:
    heard: list[object] = []
    defects: list[object] = []
    at_step.bridge.broke.disconnect(at_step.shell.crash.take)
    at_step.bridge.broke.connect(defects.append)
    at_step.bridge.give(broken(), done=heard.append)
    at_step.bridge.give(order(), done=heard.append)
    at_step.until(lambda: len(heard) == 1)
    assert [type(defect) for defect in defects] == [TypeError]


def broken() -> SaveDraft:
    """An order no program of ours gives: its content cannot be written down."""
    return SaveDraft(command_id=new_id(), screen="test.step", content={"x": 1j})


def unfit(n: int) -> SaveDraft:
    """An order the database refuses: half a character in its text."""
    return SaveDraft(command_id=new_id(), screen="test.step", content={"context": {}, "fields": {"note": f"{n} \ud800"}})


def test_in_a_series_a_refused_order_stops_what_was_given_after_it_and_nothing_else(at_step: Hand, plant: Plant) -> None:
    told: list[str] = []
    series, first, behind, beside = Series(), order(), order(), order()

    def give(name: str, what: Order, line: Series | None) -> None:
        at_step.bridge.give(
            what, done=lambda _: told.append(name), refused=lambda error: told.append(f"{name} {type(error).__name__}"), series=line
        )

    give("first", first, series)
    give("refused", unfit(1), series)
    give("behind", behind, series)
    give("beside", beside, None)
    give("of another line", order(), Series())
    at_step.until(lambda: len(told) == 5)
    assert told == ["first", "refused Unfit", "behind NotInTurn", "beside", "of another line"]
    stored = {row[0] for row in plant.rows("SELECT id FROM lineside.task WHERE kind = 'call'")}
    assert first.id in stored
    assert beside.id in stored
    assert behind.id not in stored


def test_a_defect_in_a_series_stops_what_was_given_after_it(at_step: Hand) -> None:
    told: list[str] = []
    series = Series()
    at_step.bridge.broke.disconnect(at_step.shell.crash.take)
    for what in (broken(), order()):
        at_step.bridge.give(what, refused=lambda error: told.append(type(error).__name__), series=series)
    at_step.until(lambda: len(told) == 2)
    assert told == ["NotDoneByFault", "NotInTurn"]


def test_an_order_whose_reply_was_lost_holds_back_its_series_until_it_is_known() -> None:
    series, lost, behind = Series(), new_id(), new_id()
    with pytest.raises(DatabaseAway), series.turn(lost):
        raise DatabaseAway()
    with pytest.raises(DatabaseAway), series.turn(behind):
        pytest.fail("it must wait for the one before it")
    with series.turn(lost):
        pass
    with series.turn(behind):
        pass
