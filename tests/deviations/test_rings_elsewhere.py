"""Somebody cannot go on without a signature: whoever can give it hears and sees it at another station, over whatever stands there."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.subject import Subject
from app.deviations.commands import OpenDeviation
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from tests.shell.conftest import open_station as open_any_station
from ui.kit import set_language

__all__ = ["open_any_station"]
pytestmark = pytest.mark.capability("I2", "M2")
SCREENS = ("ui.shell", "ui.deviations")


@pytest.fixture
def open_station(open_any_station: Callable[..., Hand]) -> Callable[..., Hand]:
    """A station whose window offers deviations."""
    return partial(open_any_station, screens=SCREENS)


def raised(plant: Plant, lot: UUID) -> None:
    """By the inspector, at IQC-02."""
    inspector = plant.sign_in("li.ming")
    subject, words = Subject(kind="lot", id=lot, version=1), "A bag is torn."
    order = OpenDeviation(
        command_id=new_id(),
        id=new_id(),
        subject=subject,
        cause_kind="other",
        cause_id=new_id(),
        kind="discrepancy",
        class_="minor",
        what_happened=words,
        facts={},
    )
    inspector.give(order)
    plant.close()


def signed_in(hand: Hand, login: str) -> None:
    """At the home screen, with the first look at what waits."""
    hand.sign_in(login)
    hand.until(lambda: hand.window.inbox._known_of == login)


def test_it_sounds_and_stands_over_the_open_screen_and_one_press_opens_it(open_station: Callable[..., Hand], plant: Plant):
    lot = plant.receive().lot
    plant.close()
    supervisor = open_station("REC-01")
    signed_in(supervisor, "tom.becker")
    supervisor.window.tones.last = None
    elsewhere(lambda: raised(plant, lot))
    supervisor.until(lambda: supervisor.banner == "Decide deviation DEV26-0001")
    assert supervisor.window.tones.last == "call"
    banner = supervisor.window.frame.banner
    assert banner is not None
    assert banner.accessibleName().startswith("Decide deviation DEV26-0001")
    assert "IQC-02" in " ".join(said.text for said in banner.said())
    set_language(Language.ZH)
    assert "决定偏差 DEV26-0001" in " ".join(said.text for said in banner.said())
    set_language(Language.EN)
    assert banner.button is not None
    banner.button.click()
    supervisor.until(lambda: supervisor.window.current is not None and supervisor.window.current.key == "deviations.deviation")
    assert supervisor.banner == ""


def test_who_has_no_hand_in_it_and_the_station_it_comes_from_hear_nothing(open_station: Callable[..., Hand], plant: Plant):
    lot = plant.receive().lot
    plant.close()
    receiver, here = open_station("REC-01"), open_station("IQC-02")
    receiver.sign_in("zhou.min")
    signed_in(here, "tom.becker")
    elsewhere(lambda: raised(plant, lot))
    here.until(lambda: any(task.kind == "decide_deviation" for task in here.window.inbox.waiting.tasks))
    assert (here.banner, receiver.banner) == ("", "")


def test_what_waited_before_somebody_signed_in_stands_on_the_home_screen_and_rings_no_more(open_station: Callable[..., Hand], plant: Plant):
    raised(plant, plant.receive().lot)
    supervisor = open_station("REC-01")
    supervisor.sign_in("tom.becker")
    supervisor.until(lambda: bool(supervisor.window.inbox.waiting.tasks))
    assert supervisor.banner == ""


def test_what_somebody_else_decided_meanwhile_stands_there_no_more(open_station: Callable[..., Hand], plant: Plant):
    lot = plant.receive().lot
    plant.close()
    supervisor = open_station("REC-01")
    signed_in(supervisor, "tom.becker")
    elsewhere(lambda: raised(plant, lot))
    supervisor.until(lambda: supervisor.banner == "Decide deviation DEV26-0001")
    plant.superuser().execute("UPDATE lineside.task SET status = 'done' WHERE kind = 'decide_deviation'")
    supervisor.until(lambda: supervisor.banner == "")
