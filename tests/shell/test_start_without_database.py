"""A station is switched on while its database is away, or does not let it in: the window opens, says why, and goes on by itself."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from app.core.database import Server
from app.core.schema import HEAD
from app.core.stations import StationLink
from tests.plant import Plant
from tests.shell.conftest import Hand
from tests.shell.own_server import OwnServer, own_server
from tests.shell.test_looks import SIZES, looks
from ui.kit import current_language
from ui.shell.small_sheets import HelpSheet

AWAY = re.compile(r"The database is away since \d\d:\d\d\.")


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with own_server() as one:
        yield one


@pytest.fixture
def plant(server: OwnServer) -> Iterator[Plant]:
    """The plant of this file's own server; the fixtures of the station stand on it."""
    yield server.plant
    server.plant.close()


@pytest.fixture
def switched_off(server: OwnServer) -> Iterator[OwnServer]:
    server.switch_off()
    yield server
    server.switch_on()


@pytest.fixture
def deaf() -> Iterator[Server]:
    """A server that takes the connection and never says a word, as behind a firewall that swallows everything."""
    with socket.create_server(("127.0.0.1", 0)) as port:
        held: list[socket.socket] = []

        def hold() -> None:
            try:
                while True:
                    held.append(port.accept()[0])
            except OSError:
                return  # closed: the test is over

        holding = threading.Thread(target=hold, daemon=True)
        holding.start()
        yield Server(host="127.0.0.1", port=port.getsockname()[1], dbname="lineside")
        port.shutdown(socket.SHUT_RDWR)
        for one in held:
            one.close()
        holding.join()


def line(hand: Hand) -> str:
    """What the banner says under its heading."""
    banner = hand.window.frame.banner
    return banner.accessibleName().removeprefix(banner.text) if banner is not None else ""


def let_in(hand: Hand) -> None:
    """What kept everybody out is over: nothing is said any more, and somebody signs in."""
    hand.until(lambda: hand.banner == "")
    hand.sign_in("li.ming")
    assert hand.window.where.code == "IQC-02"
    assert hand.window.zone.key == "Asia/Shanghai"  # type: ignore[attr-defined]


@pytest.mark.capability("R1")
def test_the_window_opens_without_a_database_and_people_sign_in_as_soon_as_it_is_back(
    switched_off: OwnServer, open_station: Callable[..., Hand]
) -> None:
    hand = open_station("IQC-02")
    hand.until(lambda: AWAY.fullmatch(hand.banner))
    assert "asks again by itself" in line(hand)
    assert hand.sentence == "Nobody can sign in here yet."
    assert re.fullmatch(r"Database away since \d\d:\d\d", hand.window.chips.database.text)
    said_first = hand.banner
    switched_off.switch_on()
    let_in(hand)
    assert hand.window.frame.top_bar._place == hand.window.where.name
    assert re.fullmatch(AWAY, said_first)


def test_what_was_typed_before_the_database_came_is_good_for_signing_in(switched_off: OwnServer, open_station: Callable[..., Hand]) -> None:
    hand = open_station("IQC-02")
    hand.until(lambda: AWAY.fullmatch(hand.banner))
    gate = hand.window.gate
    hand.type("early")
    assert not gate.enter.isEnabled()  # type: ignore[union-attr]
    hand.press(Qt.Key.Key_Return)
    assert AWAY.fullmatch(hand.banner)
    switched_off.switch_on()
    hand.until(lambda: hand.banner == "")
    assert gate.password.text == "early"  # type: ignore[union-attr]


def test_the_lock_says_that_the_database_went_and_opens_when_it_is_back(server: OwnServer, open_station: Callable[..., Hand]) -> None:
    hand = open_station("IQC-02")
    hand.sign_in("li.ming")
    hand.window.lock()
    server.switch_off()
    try:
        hand.until(lambda: AWAY.fullmatch(hand.banner))
        gate = hand.window.gate
        gate.choose("li.ming")  # type: ignore[union-attr]
        assert AWAY.fullmatch(hand.banner), "choosing a name takes the trouble away"
    finally:
        server.switch_on()
    hand.until(lambda: hand.banner == "")
    hand.sign_in("li.ming")


@pytest.mark.parametrize(
    ("revision", "said", "todo"),
    [
        ("0000", f"Not opened: the database is at 0000, this program needs {HEAD}.", "python main.py db upgrade"),
        ("9001", f"Not opened: the database is at 9001; this program knows only {HEAD}.", "Install the newer program on this station."),
    ],
)
@pytest.mark.capability("R5")
def test_another_version_of_the_schema_is_said_in_the_window_until_it_fits(
    server: OwnServer, open_station: Callable[..., Hand], revision: str, said: str, todo: str
) -> None:
    server.is_at(revision)
    try:
        hand = open_station("IQC-02")
        hand.until(lambda: hand.banner == said)
        assert todo in line(hand)
        assert "asks again by itself" in line(hand)
        assert re.fullmatch(r"Database no entry since \d\d:\d\d", hand.window.chips.database.text)
    finally:
        server.upgrade()
    let_in(hand)


def test_an_upgrade_under_an_open_window_is_said_to_whoever_works_there_and_keeps_the_next_one_out(
    server: OwnServer, open_station: Callable[..., Hand]
) -> None:
    hand = open_station("IQC-02")
    hand.sign_in("li.ming")
    server.is_at("9001")
    try:
        hand.until(lambda: hand.banner.startswith("Not opened: the database is at 9001"))
        assert hand.window.gate is None, "whoever works goes on"
        hand.window.lock()
        hand.until(lambda: hand.banner.startswith("Not opened: the database is at 9001"))
    finally:
        server.upgrade()
    hand.until(lambda: hand.banner == "")
    hand.sign_in("li.ming")
    assert hand.banner == ""


def test_a_secret_the_database_does_not_take_is_said_with_what_to_do(server: OwnServer, open_station: Callable[..., Hand]) -> None:
    hand = open_station("IQC-02", secret="a secret of long ago")
    hand.until(lambda: hand.banner == "Station IQC-02 was not let in: the database does not accept its secret.")
    assert "db install --station CODE" in line(hand)
    server.give_secret("IQC-02", "a secret of long ago")
    try:
        let_in(hand)
    finally:
        server.give_secret("IQC-02", server.plant.secrets["IQC-02"])
    assert server.plant.rows("SELECT count(*) FROM lineside.sign_in_failure") == [(0,)], "no person is blamed for it"


def test_a_locked_station_is_said_until_it_may_work_again(server: OwnServer, open_station: Callable[..., Hand]) -> None:
    server.lock("IQC-02", locked=True)
    try:
        hand = open_station("IQC-02")
        hand.until(lambda: hand.banner == "Station IQC-02 was not let in: it is locked in this plant.")
    finally:
        server.lock("IQC-02", locked=False)
    let_in(hand)


def test_the_fifth_connection_of_a_station_is_told_from_a_database_that_is_away(plant: Plant, open_station: Callable[..., Hand]) -> None:
    others = [StationLink(plant.server, "IQC-02", plant.secrets["IQC-02"]) for _ in range(4)]
    try:
        for one in others:
            one.where()
        hand = open_station("IQC-02")
        hand.until(lambda: hand.banner == "Station IQC-02 was not let in: other programs hold all of its connections to the database.")
        assert "Lineside is open here more than once" in line(hand)
        assert re.fullmatch(r"Database no entry since \d\d:\d\d", hand.window.chips.database.text)
        hand.press(Qt.Key.Key_F12)
        assert hand.banner == "工位 IQC-02 未获准连接：其全部数据库连接已被其他程序占用。"
        hand.press(Qt.Key.Key_F12)
    finally:
        for one in others:
            one.close()
    let_in(hand)


def test_while_the_server_says_no_word_the_window_answers_every_key_and_closes(deaf: Server, open_station: Callable[..., Hand]) -> None:
    hand = open_station("IQC-02", server=deaf)
    assert hand.bridge.here is None, "the server has said nothing yet"
    hand.press(Qt.Key.Key_F12)
    assert current_language() is Language.ZH
    hand.press(Qt.Key.Key_F12)
    hand.press(Qt.Key.Key_F1)
    assert isinstance(hand.window.frame.sheet, HelpSheet)
    hand.press(Qt.Key.Key_Escape)
    hand.type("abc")
    assert hand.window.gate.password.text == "abc"  # type: ignore[union-attr]
    assert hand.bridge.here is None, "and it still had not when all of this was done"
    assert hand.sentence == "The database is being asked who works here."
    hand.until(lambda: AWAY.fullmatch(hand.banner), timeout_ms=15000)


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("size", SIZES)
def test_everything_the_sign_in_says_then_is_readable(server: OwnServer, open_station: Callable[..., Hand], size: tuple[int, int]) -> None:
    hand = open_station("IQC-02", secret="a secret of long ago", size=size)
    hand.until(lambda: hand.banner.startswith("Station IQC-02 was not let in"))
    found = list(looks(hand, size))
    server.switch_off()
    try:
        hand.until(lambda: AWAY.fullmatch(hand.banner))
        found += looks(hand, size)
        hand.press(Qt.Key.Key_F9)
        hand.press(Qt.Key.Key_4)
        hand.until(lambda: hand.window.frame.sheet.told)  # type: ignore[union-attr]
        found += looks(hand, size)
        hand.press(Qt.Key.Key_F1)
        found += looks(hand, size)
    finally:
        server.switch_on()
    assert found == []
