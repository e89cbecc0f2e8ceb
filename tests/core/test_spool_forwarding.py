"""Entries reach the database in their order, once each, however often it breaks off; what it will never take is set aside."""

import random
import threading
from datetime import timedelta

import psycopg
import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.refusals import DatabaseAway, NotAllowed, RecordBusy
from app.core.spool.refusals import EntryRefused, OtherContent
from app.core.spool.standing import Fill, Room, Standing
from tests.core.spool_station import AT_ONCE, PATIENCE_S, Central, Station
from tests.devices.ear import TurnedClock

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R2")]


def numbered(first: int, last: int) -> list[bytes]:
    return [str(n).encode() for n in range(first, last + 1)]


def sqlstate(state: str) -> psycopg.Error:
    return psycopg.errors.lookup(state)()


def test_batches_go_in_order_and_are_no_larger_than_agreed(station):
    station.start().put("reading", numbered(1, 1_203))
    central = station.drain(Central())
    assert [len(batch) for batch in central.asked] == [500, 500, 203]
    assert central.payloads == numbered(1, 1_203)
    assert len(central.threads) == 1
    assert threading.get_ident() not in central.threads


def test_what_is_put_while_it_forwards_goes_at_once(station):
    spool, central = station.start(), Central()
    station.forward(central)
    for n in range(1, 30):
        spool.put("reading", numbered(n, n))
        station.until_nothing_waits()
        assert len(central.taken) == n
    assert central.payloads == numbered(1, 29)


def test_an_entry_on_its_way_still_waits_until_the_reply_comes(station):
    spool, central = station.start(), Central()
    with central.held():
        station.forward(central)
        spool.put("reading", numbered(1, 3))
        central.until_somebody_waits_inside()
        assert spool.state().waiting == 3
        assert central.taken == {}
    station.until_nothing_waits()
    assert central.payloads == numbered(1, 3)


def test_while_the_database_is_away_the_strip_says_since_when_and_how_many_wait(station):
    spool, central = station.start(), Central()
    central.away = True
    spool.put("reading", numbered(1, 5))
    station.forward(central)
    station.ear.until(lambda: spool.state().standing is Standing.AWAY)
    spool.put("reading", numbered(6, 7))
    state = spool.state()
    assert (state.waiting, state.quarantined) == (7, 0)
    assert isinstance(state.cause, DatabaseAway)
    assert str(state.words).startswith("Database away since ")
    assert str(state.words).endswith("Waiting here, all kept: 7.")
    assert "离线" in state.words.in_language(Language.ZH)
    station.ear.until(lambda: station.ear.states[-1].waiting == 7)
    central.away = False
    station.until_nothing_waits()
    assert spool.state().standing is Standing.HERE
    assert str(spool.state().words) == "Everything is in the database."
    assert central.payloads == numbered(1, 7)


def test_one_broken_connection_is_no_outage(station):
    central = Central()
    central.troubles = [sqlstate("40P01")]
    station.start().put("reading", numbered(1, 2))
    station.drain(central)
    assert Standing.AWAY not in [state.standing for state in station.ear.states]
    assert central.payloads == numbered(1, 2)


@pytest.mark.parametrize(
    "trouble",
    [
        *map(
            sqlstate, ["08006", "08003", "40001", "40P01", "57P01", "57P03", "53100", "53300", "57014", "55P03", "25006", "58030", "XX000"]
        ),
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.errors.ConnectionTimeout("connection timeout expired"),
        DatabaseAway(),
        RecordBusy(),
        TimeoutError("timed out"),
        ConnectionResetError("reset by peer"),
    ],
    ids=repr,
)
def test_what_is_nobodys_fault_is_tried_again_with_the_same_entries(station, trouble):
    central = Central()
    central.troubles = [trouble] * 3
    ids = station.start().put("reading", numbered(1, 4))
    station.drain(central)
    assert central.asked == [list(ids)] * 4
    assert station.ear.set_aside == []


@pytest.mark.parametrize("state", ["22003", "22P02", "23505", "23514", "42501", "21000", "44000", "54000", "P0001"])
def test_an_entry_the_database_will_never_take_is_found_and_set_aside_and_the_rest_goes_on(station, state):
    spool, central = station.start(), Central()
    central.refused[b"77"] = sqlstate(state)
    ids = spool.put("reading", numbered(1, 200))
    station.drain(central)
    assert central.payloads == [one for one in numbered(1, 200) if one != b"77"]
    (entry,) = spool.quarantined()
    assert (entry.id, entry.payload, entry.kind, entry.sound) == (str(ids[76]), b"77", "reading", True)
    assert entry.reason == state
    assert station.ear.set_aside == [entry]
    assert spool.state().quarantined == 1
    assert str(spool.state().quarantine_words) == "Set aside, somebody must look: 1."
    assert len(central.asked) <= 18
    assert Standing.AWAY not in [state.standing for state in station.ear.states]


def test_several_such_entries_cost_nobody_else_their_place(station):
    spool, central = station.start(), Central()
    poison = [b"1", b"2", b"250", b"500", b"501", b"900"]
    for payload in poison:
        central.refused[payload] = sqlstate("23514")
    spool.put("reading", numbered(1, 900))
    station.drain(central)
    assert central.payloads == [one for one in numbered(1, 900) if one not in poison]
    assert [entry.payload for entry in spool.quarantined()] == poison


def test_the_line_breaking_in_the_middle_of_the_search_loses_and_doubles_nothing(station):
    spool, central = station.start(), Central()
    central.refused[b"40"] = sqlstate("23514")
    spool.put("reading", numbered(1, 64))
    plain = central.deliver

    def shaky(rows):
        if len(central.asked) % 3 == 1:
            central.asked.append([])
            raise DatabaseAway()
        plain(rows)

    spool.forward(shaky, backoff=AT_ONCE)
    station.until_nothing_waits()
    assert central.payloads == [one for one in numbered(1, 64) if one != b"40"]
    assert [entry.payload for entry in spool.quarantined()] == [b"40"]


def test_a_refusal_in_our_own_words_counts_as_what_the_database_said_behind_it(station):
    spool, central = station.start(), Central()
    explained = NotAllowed()
    explained.__cause__ = sqlstate("42501")
    central.refused[b"2"] = explained
    central.refused[b"3"] = NotAllowed()
    spool.put("reading", numbered(1, 4))
    station.drain(central)
    assert [entry.payload for entry in spool.quarantined()] == [b"2", b"3"]
    assert spool.quarantined()[1].reason.startswith("LS010 Nothing was done")


def test_an_entry_that_is_named_is_set_aside_without_a_search(station):
    spool, central = station.start(), Central()
    ids = spool.put("reading", numbered(1, 100))
    central.refused[b"50"] = EntryRefused(id=ids[49], reason="no such channel")
    station.drain(central)
    assert len(central.asked) == 2
    assert central.payloads == [one for one in numbered(1, 100) if one != b"50"]
    assert spool.quarantined()[0].reason == "spool.entry_refused no such channel"


def test_naming_an_entry_that_was_not_sent_ends_in_a_search_and_not_in_a_loop(station):
    spool, central = station.start(), Central()
    spool.put("reading", numbered(1, 8))
    central.refused[b"5"] = EntryRefused(id=new_id(), reason="whoever")
    central.troubles = []
    station.forward(central)
    station.ear.until(lambda: spool.state().waiting == 0 or spool.state().standing is Standing.AWAY)
    assert spool.state().waiting == 8
    central.refused.clear()
    station.until_nothing_waits()
    assert central.payloads == numbered(1, 8)


@pytest.mark.capability("R2")
def test_another_content_under_a_known_identity_is_set_aside_and_the_first_one_stands(station):
    spool, central = station.start(), Central()
    ids = spool.put("reading", numbered(1, 3))
    other = Station(station.folder.with_name("other"))
    other.start().put("reading", [b"x"])
    (theirs,) = other.drain(Central()).taken.values()
    other.stop()
    central.taken[ids[1]] = theirs
    station.drain(central)
    assert central.taken[ids[1]].payload == b"x"
    (entry,) = spool.quarantined()
    assert (entry.id, entry.payload) == (str(ids[1]), b"2")
    assert entry.reason.startswith(OtherContent.code)
    assert list(central.taken) == [ids[1], ids[0], ids[2]]


def test_an_entry_set_aside_goes_again_once_its_cause_is_mended(station):
    spool, central = station.start(), Central()
    central.refused[b"2"] = sqlstate("23503")
    ids = spool.put("reading", numbered(1, 3))
    station.drain(central)
    assert spool.send_again([ids[0]]) == 0
    central.refused.clear()
    assert spool.send_again([ids[1]]) == 1
    station.ear.until(lambda: len(central.taken) == 3 and spool.state().waiting == 0)
    assert spool.quarantined() == ()
    assert (spool.state().quarantined, spool.state().quarantine_words) == (0, None)
    assert central.payloads == [b"1", b"3", b"2"]


def test_what_was_set_aside_is_still_so_after_a_restart(station):
    central = Central()
    central.refused[b"2"] = sqlstate("23503")
    station.start().put("reading", numbered(1, 3))
    station.drain(central)
    spool = station.restart()
    assert (spool.state().waiting, spool.state().quarantined) == (0, 1)
    assert spool.quarantined()[0].reason == "23503"


@pytest.mark.parametrize("seed", range(5))
def test_replies_lost_at_random_lose_nothing_and_double_nothing(station, seed):
    chance, central = random.Random(seed), Central()
    plain = central.deliver

    def lossy(rows):
        fate = chance.random()
        if fate < 0.3:
            raise DatabaseAway()
        plain(rows)
        if fate < 0.7:
            raise DatabaseAway()

    spool = station.start()
    spool.forward(lossy, backoff=AT_ONCE, batch=13)
    for n in range(40):
        spool.put("reading", numbered(5 * n, 5 * n + 4))
    station.until_nothing_waits()
    assert central.payloads == numbered(0, 199)
    assert sum(map(len, central.asked)) > 200


def test_a_whole_spool_replayed_twice_and_shuffled_is_stored_once_each(station, tmp_path):
    spool, central = station.start(), Central()
    ids = spool.put("reading", numbered(1, 300))
    copies = [station.crashed_copy(tmp_path / f"copy {n}") for n in range(2)]
    central.lost_replies = 3
    station.drain(central, batch=50)
    for n, copy in enumerate(copies):
        plain = central.deliver

        def shuffled(rows, plain=plain, n=n):
            mixed = list(rows)
            random.Random(n).shuffle(mixed)
            plain(mixed)

        central.lost_replies = 2
        copy.start().forward(shuffled, backoff=AT_ONCE, batch=77)
        copy.until_nothing_waits()
        assert copy.spool.state().quarantined == 0
        copy.stop()
    assert list(central.taken) == list(ids)
    assert central.payloads == numbered(1, 300)


def test_closing_ends_after_the_batch_on_its_way_and_the_rest_waits_for_the_next_start(station):
    spool, central = station.start(), Central()
    spool.put("reading", numbered(1, 10))
    with central.held():
        station.forward(central, batch=4)
        central.until_somebody_waits_inside()
        closing = threading.Thread(target=station.stop)
        closing.start()
    closing.join(PATIENCE_S)
    assert central.payloads in ([], numbered(1, 4))
    assert station.start().state().waiting == 10 - len(central.taken)
    station.drain(central)
    assert central.payloads == numbered(1, 10)


def test_a_database_that_never_replies_does_not_keep_the_program_from_ending(station):
    spool, central = station.start(), Central()
    ids = spool.put("reading", numbered(1, 3))
    with central.held():
        station.forward(central)
        central.until_somebody_waits_inside()
        assert spool.close(0.01) is False
        second = Station(station.folder)
        second.start()
        assert second.spool.state().waiting == 3
    second.drain(central)
    second.stop()
    assert list(central.taken) == list(ids)


def test_a_defect_in_the_delivery_stops_forwarding_is_reported_and_loses_nothing(station, monkeypatch):
    reported: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: reported.append(told.exc_type))
    spool = station.start()
    spool.put("reading", numbered(1, 3))

    def defective(rows):
        raise KeyError("channel")

    spool.forward(defective, backoff=AT_ONCE)
    station.ear.until(lambda: station.ear.states[-1].standing is Standing.STOPPED and len(station.ear.states) > 2)
    spool.put("reading", numbered(4, 4))
    assert str(spool.state().words) == "Nothing is being forwarded. Waiting here, all kept: 4."
    station.restart()
    assert reported == [KeyError]
    assert station.drain(Central()).payloads == numbered(1, 4)


def test_forwarded_entries_are_kept_for_seven_days_and_then_leave_without_breaking_the_chain(station):
    clock = TurnedClock()
    central = Central()
    central.refused[b"3"] = sqlstate("23514")
    station.start(clock=clock).put("reading", numbered(1, 5))
    station.drain(central)
    clock.turn(timedelta(days=6, hours=23).total_seconds())
    spool = station.restart(clock=clock)
    spool.put("reading", numbered(6, 8))
    station.drain(central)
    assert spool.check().entries == 8
    clock.turn(timedelta(hours=2).total_seconds())
    spool = station.restart(clock=clock)
    station.drain(central)
    spool.put("reading", numbered(9, 9))
    station.until_nothing_waits()
    station.ear.until(lambda: spool.check().entries == 5)
    assert spool.check().sound
    clock.turn(timedelta(days=8).total_seconds())
    station.restart(clock=clock).put("reading", numbered(10, 10))
    station.drain(central)
    station.ear.until(lambda: station.spool.check().entries == 2)
    assert station.spool.check().sound
    assert [entry.payload for entry in station.spool.quarantined()] == [b"3"]
    assert station.restart(clock=clock).check().sound
    station.stop()
    assert station.ask("SELECT first, last FROM gone ORDER BY first") == [(1, 2), (4, 9)]


def test_forwarded_entries_give_way_when_room_is_short_and_nobody_is_alarmed(station):
    room = Room(most_bytes=2_000_000, ballast_bytes=0)
    spool, central = station.start(room=room), Central()
    station.forward(central)
    for _ in range(60):
        spool.put("sample", [b"x" * 1_000] * 100)
        station.until_nothing_waits()
        assert spool.can_start()
    assert len(central.taken) == 6_000
    assert station.ear.troubles == []
    assert spool.state().fill in (Fill.ROOM, Fill.HALF)
    assert spool.check().sound
