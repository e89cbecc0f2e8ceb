"""Wrong passwords past the stations: the server's log says them, the keeper counts and calls a supervisor."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from app.core.embedded_server import EmbeddedServer
from app.core.keeper.server_log import LogInWatch, Refused, ServerLog
from app.core.keeper.thresholds import RefusedLogIns
from app.core.server_settings import AUTH_DELAY, WORKSTATION
from tests.core.cluster import CHEAP, short_folder
from tests.keeper.conftest import MakeKeeper, findings
from tests.plant import Plant

pytestmark = pytest.mark.capability("K7")
LIMITS = RefusedLogIns()


def line(login: str, at: datetime, said: str = "password authentication failed") -> str:
    return f'{at:%Y-%m-%d %H:%M:%S}.123 UTC [4711] {login}@lineside FATAL:  {said} for user "{login}"\n'


def now() -> datetime:
    return datetime.now(UTC)


def test_five_wrong_passwords_past_the_stations_call_a_supervisor_once(plant: Plant, make_keeper: MakeKeeper, tmp_path: Path):
    log = tmp_path / "postgresql-11-26.log"
    log.write_text(line("sun.wei", now()) * 50, "utf-8")
    keeper = make_keeper(server_log=tmp_path)
    assert keeper.round().found == (), "what stood there before the keeper came is not looked at"
    with log.open("a", encoding="utf-8") as more:
        more.write(line("wang.haiyan", now()) * 4 + line("wang.haiyan", now(), "no entry"))
    assert keeper.round().found == ()
    with log.open("a", encoding="utf-8") as more:
        more.write(line("wang.haiyan", now()))
    (one,) = keeper.round().found
    assert (one.facts["login"], one.facts["refused"]) == ("wang.haiyan", 5)
    assert keeper.round().found == ()
    assert [kind for kind, _ in findings(plant)] == ["refused log-ins"]
    called = "SELECT kind, for_job, facts ->> 'topic', facts -> 'facts' ->> 'login' FROM task WHERE subject_kind = 'finding'"
    assert plant.rows(called) == [("call", "supervisor", "log_in", "wang.haiyan")]


def test_what_a_station_reported_itself_is_not_counted_twice(plant: Plant, make_keeper: MakeKeeper, tmp_path: Path):
    log = tmp_path / "postgresql.log"
    log.touch()
    keeper, link = make_keeper(server_log=tmp_path), plant.link("IQC-02")
    keeper.round()
    for _ in range(5):
        link.report_failed_sign_in("wang.haiyan")
    log.write_text(line("wang.haiyan", now()) * 9, "utf-8")
    assert keeper.round().found == ()
    with log.open("a", encoding="utf-8") as more:
        more.write(line("wang.haiyan", now()))
    assert [one.facts["refused"] for one in keeper.round().found] == [5]


def test_many_names_tried_once_each_are_seen_together():
    watch, at = LogInWatch(), now()
    tried = [Refused(login=f"name.{n}", at=at + timedelta(seconds=n)) for n in range(30)]
    assert watch.look(tried[:29], {}, LIMITS) == []
    (one,) = watch.look(tried[29:], {}, LIMITS)
    assert (one.facts["login"], one.facts["refused"]) == ("*", 30)


def test_a_slow_hand_is_none():
    watch, at = LogInWatch(), now()
    slow = [Refused(login="li.ming", at=at + timedelta(minutes=4 * n)) for n in range(40)]
    assert [one for each in slow for one in watch.look([each], {}, LIMITS)] == []


def test_half_a_line_waits_for_its_end_and_a_log_begun_anew_is_read_from_its_beginning(tmp_path: Path):
    file = tmp_path / "postgresql.log"
    file.write_text("old\n" * 100, "utf-8")
    log, whole = ServerLog(tmp_path), line("li.ming", now())
    assert log.refused() == []
    with file.open("a", encoding="utf-8") as more:
        more.write(whole[:30])
    assert log.refused() == []
    with file.open("a", encoding="utf-8") as more:
        more.write(whole[30:])
    assert [one.login for one in log.refused()] == ["li.ming"]
    file.write_text(line("sun.wei", now()), "utf-8")
    assert [one.login for one in log.refused()] == ["sun.wei"]
    (tmp_path / "postgresql-2.log").write_text(line("xu.lan", now()), "utf-8")
    assert [one.login for one in log.refused()] == ["xu.lan"]


def written(log: ServerLog) -> list[Refused]:
    """The server's log is written by a process of its own, some milliseconds later."""
    end, moment = time.monotonic() + 5, threading.Event()
    while not (found := log.refused()) and time.monotonic() < end:
        moment.wait(0.02)
    return found


def test_the_embedded_servers_own_log_is_read_and_a_wrong_password_is_answered_late():
    """A server of its own: what it writes is what the keeper reads, and `auth_delay` is loaded."""
    kept = {name: WORKSTATION[name] for name in ("log_line_prefix", "logging_collector", "log_connections")}
    with short_folder() as folder:
        server = EmbeddedServer(folder / "data", settings={**CHEAP, **kept, "auth_delay.milliseconds": "200"})
        address = server.start()
        try:
            log = ServerLog(folder / "data" / "cluster" / "log")
            assert log.refused() == []
            begun = now()
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(address.url("postgres", user="sun.wei", secret="wrong"))
            assert now() - begun >= timedelta(milliseconds=200)
            assert [one.login for one in written(log)] == ["sun.wei"]
        finally:
            server.stop()
    assert AUTH_DELAY["auth_delay.milliseconds"] == "500"
