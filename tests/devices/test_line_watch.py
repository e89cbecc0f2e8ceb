"""A line as an engineer sees it: bytes in both directions, what each frame means, how the line does."""

import pytest

from app.devices.frame_log import Piece
from app.devices.line_watch import MOST_BYTES, MOST_ENTRIES, LineWatch
from app.devices.meaning import Reader
from app.devices.protocol import families
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.devices.ear import TurnedClock

pytestmark = pytest.mark.capability("E1")


def heard(watch: LineWatch, *chunks: bytes, by_us: bool = False) -> None:
    for chunk in chunks:
        watch.take(Piece(at=TurnedClock().now(), heard=not by_us, content=chunk))


def test_a_split_frame_is_shown_as_it_came_and_its_meaning_once_when_it_is_whole():
    watch = LineWatch(Reader(families()["mt_sics"], unit="g"))
    heard(watch, b"SI\r\n", by_us=True)
    heard(watch, b"S S     10", b"5.00 g\r\n")
    said, half, whole = watch.entries()
    assert (said.heard, said.content, said.meaning) == (False, b"SI\r\n", None)
    assert (half.content, half.meaning) == (b"S S     10", None)
    assert whole.meaning is not None
    assert (whole.content, whole.meaning.kind, str(whole.meaning.value), whole.meaning.unit) == (
        b"S S     105.00 g",
        "weight",
        "105.00",
        "g",
    )


def test_the_figures_count_bytes_and_frames_by_what_they_were():
    watch = LineWatch(Reader(families()["mt_sics"], unit="g"))
    assert watch.figures().since is None
    heard(watch, b"I4\r\n", by_us=True)
    heard(watch, b'I4 A "B12"\r\nS S 1.00 g\r\nxyz\r\nES\r\n')
    figures = watch.figures()
    assert (figures.said_bytes, figures.heard_bytes) == (4, 33)
    assert figures.frames == {"info": 1, "weight": 1, "reject": 1, "error": 1}


def test_a_device_that_babbles_costs_no_more_than_its_bound():
    watch = LineWatch(Reader(families()["mitutoyo"], unit="mm"))
    for _ in range(3 * MOST_ENTRIES):
        heard(watch, b"\xff" * 500)
    entries = watch.entries()
    assert len(entries) == MOST_ENTRIES
    assert entries[-1].no > MOST_ENTRIES
    assert all(len(entry.content) <= MOST_BYTES for entry in entries)
    assert entries[-1].size >= MOST_BYTES


def test_a_line_of_nobody_known_shows_its_bytes():
    watch = LineWatch(None)
    heard(watch, b"abc")
    (entry,) = watch.entries()
    assert (entry.content, entry.meaning) == (b"abc", None)


def test_what_an_engineer_sends_goes_out_is_seen_and_waits_for_no_answer(station):
    with MtSicsSimulator() as scale:
        ear = station.connect(scale)
        watch = LineWatch(Reader(families()["mt_sics"], unit="g"))
        station.hub.wires.tap("DEV-1", watch.take)
        assert station.hub.send("DEV-1", b"I2\r\n")
        scale.until_received(b"I2\r\n", times=1, within_s=10)
        ear.until(lambda _: any(one.meaning is not None and one.meaning.kind == "info" for one in watch.entries()))
        station.hub.wires.untap("DEV-1", watch.take)
        seen = len(watch.entries())
        station.hub.ask("DEV-1")
        ear.until_words("reading 0.00 g stable")
        assert len(watch.entries()) == seen
        scale.unplug()
        ear.until(lambda _: not station.hub.send("DEV-1", b"I2\r\n"))
