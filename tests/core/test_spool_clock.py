"""A workstation's clock that is set back, or forward and back: order, identities and the chain do not hang on it."""

from datetime import timedelta

import pytest

from tests.core.spool_station import Central, Station
from tests.devices.ear import TurnedClock

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R2")]

YEAR_S = timedelta(days=365).total_seconds()
DAY_S = timedelta(days=1).total_seconds()


def numbered(first: int, last: int) -> list[bytes]:
    return [b"%d" % n for n in range(first, last + 1)]


def test_entries_arrive_in_the_order_they_came_whatever_the_clock_said(station):
    clock, central = TurnedClock(), Central()
    spool = station.start(clock=clock)
    ids = list(spool.put("reading", numbered(1, 3)))
    clock.turn(-YEAR_S)
    ids += spool.put("reading", numbered(4, 6))
    clock.turn(3 * YEAR_S)
    ids += spool.put("reading", numbered(7, 9))
    clock.turn(-2 * YEAR_S)
    spool = station.restart(clock=clock)
    ids += spool.put("reading", numbered(10, 12))
    station.drain(central, batch=5)
    assert central.payloads == numbered(1, 12)
    assert list(central.taken) == ids
    assert len(set(ids)) == 12
    assert [row.seq for row in central.taken.values()] == list(range(1, 13))
    years = [row.wall.year for row in central.taken.values()]
    assert years == [2026] * 3 + [2025] * 3 + [2028] * 3 + [2026] * 3, "what the clock said is kept as it said it"
    assert spool.check().sound


def test_a_clock_set_back_lets_nothing_leave_the_file_too_early_and_lets_it_leave_in_the_end(station):
    clock, central = TurnedClock(), Central()
    station.start(clock=clock).put("reading", numbered(1, 4))
    station.drain(central)
    clock.turn(-30 * DAY_S)
    station.restart(clock=clock).put("reading", numbered(5, 6))
    station.drain(central)
    assert station.spool.check().entries == 6
    clock.turn(8 * DAY_S)
    station.restart(clock=clock)
    station.forward(central)
    station.ear.until(lambda: station.spool.check().entries == 4)
    assert [row[0] for row in asked_after_the_end(station, "SELECT seq FROM outbox ORDER BY seq")] == [1, 2, 3, 4]
    clock.turn(30 * DAY_S)
    station.start(clock=clock)
    station.forward(central)
    station.ear.until(lambda: station.spool.check().entries == 0)
    assert station.spool.check().sound
    assert central.payloads == numbered(1, 6)


def asked_after_the_end(station: Station, question: str) -> list[tuple]:
    station.stop()
    return station.ask(question)


def test_what_waits_is_never_too_old(station):
    clock, central = TurnedClock(), Central()
    central.away = True
    station.start(clock=clock).put("reading", numbered(1, 3))
    clock.turn(5 * YEAR_S)
    station.restart(clock=clock)
    station.forward(central)
    clock.turn(-9 * YEAR_S)
    spool = station.restart(clock=clock)
    assert spool.state().waiting == 3
    central.away = False
    assert station.drain(central).payloads == numbered(1, 3)
