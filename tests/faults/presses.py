"""What a hand and a bad line do: a button pressed twice, one order given twice at once, an answer or a question that is lost on its way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.base.ids import new_id
from app.core.database import Server
from app.core.devices_here import DevicesHere
from app.core.refusals import DatabaseAway
from app.core.session import SignedIn, sign_in
from app.core.settings import Settings
from app.devices.events import Standing
from app.devices.settings import DeviceSettings
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.receiving.commands import ReceiveLot
from tests.core.lossy_line import LossyLine
from tests.faults.counting import Count, Told, counted
from tests.faults.load import CODE, RECEIVER, at_station, furnish, lot_name, receipt
from tests.plant import Plant
from tests.receiving.conftest import Desk, pack
from ui.shell.start import open_window
from ui.shell.tones import Tones


def given_twice_at_once(plant: Plant, *, times: int) -> Count:
    """The same order by both connections of a station, and by two stations, at one moment: one receipt, one answer for both."""
    ground, told = furnish(plant), Told()
    with ExitStack() as stack:
        here, there = (stack.enter_context(_signed_in(plant, station)) for station in ("REC-01", "IQC-02"))
        for turn in range(times):
            order = receipt(ground, new_id())
            told.asked.add(order.supplier_lot)
            answers = _at_once([here, here] if turn % 2 else [here, there], lambda at, order=order: at.give(order))
            assert len(answers) == 2
            assert answers[0] == answers[1]
            told.acknowledged.add(order.supplier_lot)
    return counted(plant, told, fault="one order given twice at once", times=times)


@contextmanager
def _signed_in(plant: Plant, station: str) -> Iterator[SignedIn]:
    session = at_station(plant, station)
    try:
        yield session
    finally:
        session.close()


def _at_once(sessions: list[SignedIn], act: Callable[[SignedIn], Any]) -> list[Any]:
    ready, answers = threading.Barrier(len(sessions)), []

    def go(at: SignedIn) -> None:
        ready.wait(10)
        answers.append(act(at))

    threads = [threading.Thread(target=go, args=(at,)) for at in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def lost_on_the_line(plant: Plant, what: str, *, times: int) -> Count:
    """A COMMIT whose ``reply`` is lost, or that never arrives (``request``): the order is asked for on another line, and given again."""
    ground, told = furnish(plant), Told()
    with _signed_in(plant, "IQC-02") as elsewhere:
        for _ in range(times):
            order = receipt(ground, new_id())
            told.asked.add(order.supplier_lot)
            if _lost(plant, order, what):
                told.unknown.add(order.supplier_lot)
            told.found_done += elsewhere.outcome(order.command_id) is not None
            elsewhere.give(order)
            told.acknowledged.add(order.supplier_lot)
    assert len(told.unknown) == times, "an answer came over a line that loses it"
    assert told.found_done == (times if what == "reply" else 0)
    note = f"{told.found_done} of them were done when asked for"
    return counted(plant, told, fault=f"{what} of a COMMIT lost on the line", times=times, note=note)


def _lost(plant: Plant, order: ReceiveLot, what: str) -> bool:
    """Give an order over a line that loses this; whether the program was told that nobody knows."""
    link = plant.link("REC-01")
    with LossyLine(plant.server.host, plant.server.port) as line:
        bad = Server(host="127.0.0.1", port=line.port, dbname=plant.server.dbname)
        over = sign_in(bad, login=RECEIVER, password=plant.secret, tickets=link.ticket)
        line.lose_next_commit(what)
        try:
            over.give(order)
        except DatabaseAway:
            return True
        finally:
            over.close()
            link.close()
    return False


@contextmanager
def open_desk(plant: Plant, folder: Path, bot: Any) -> Iterator[Desk]:
    """The goods-in window with its scanner and a receiver in front; `bot` waits as pytest-qt does; XDG_STATE_HOME is the caller's."""
    with LineScannerSimulator() as scanner:
        shell = open_window(
            Settings(dpi_override=96, data_folder=folder),
            server=plant.server,
            station="REC-01",
            station_secret=plant.secrets["REC-01"],
            devices=DevicesHere(instruments=(DeviceSettings(code="SC-11", protocol="line_scanner", url=scanner.url, unit=None),)),
            development=False,
            tones=Tones(on=False),
            feed_every_s=(0.05, 0.1),
            catch_defects=False,
            screens=("ui.shell", "ui.receiving"),
        )
        try:
            shell.window.resize(1920, 1080)
            shell.window.show()
            shell.window.activateWindow()
            bot.waitExposed(shell.window)
            desk = Desk(shell, bot, scanner, None)
            desk.until(lambda: all(state.standing is Standing.LIVE for state in shell.hub.states().values()))
            desk.sign_in(RECEIVER)
            yield desk
        finally:
            shell.close()


def _enter_twice(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Return)


def _click_twice(desk: Desk) -> None:
    """Faster than the sheet can go: both presses are the button's."""
    sheet: Any = desk.window.frame.sheet
    sheet.act.click()
    sheet.act.click()


def _double_click(desk: Desk) -> None:
    sheet: Any = desk.window.frame.sheet
    QTest.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(sheet.act, Qt.MouseButton.LeftButton)


PRESSES = (_enter_twice, _click_twice, _double_click)


def pressed_twice(plant: Plant, folder: Path, bot: Any, *, times: int) -> Count:
    """The button that posts a receipt, pressed twice by key, finger and mouse in the real window: one receipt each."""
    told = Told()
    furnish(plant)
    with open_desk(plant, folder, bot) as desk:
        desk.window.open("receiving.receive")
        desk.open_order(CODE)
        for turn in range(times):
            lot = lot_name(new_id())
            desk.good_pack(pack(lot=lot, quantity="1"))
            desk.click("Type a location")
            desk.fill("q-a-03")
            told.asked.add(lot)
            PRESSES[turn % len(PRESSES)](desk)
            desk.until(lambda lot=lot: "Received" in desk.context and plant.rows("SELECT FROM lineside.lot WHERE supplier_lot = %s", lot))
            told.acknowledged.add(lot)
            desk.await_pack()
    return counted(plant, told, fault="button pressed twice in the window", times=times)
