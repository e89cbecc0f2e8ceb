"""Practice and the plant reach nothing of each other: other server, other people, other secrets, other folders."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from app.cli.practice import PracticeOpen, practice_here
from app.core import settings as workstation
from app.core.database import WrongNameOrPassword
from app.core.embedded_server import NO_SETTINGS
from app.core.file_locks import FileLock
from app.core.practice import NotForPractice
from app.core.session import sign_in
from app.core.settings import Settings
from app.core.station_files import devices_file, keep_secret, secret_file
from app.core.station_refusals import StationSecretRefused
from app.core.stations import StationLink
from app.demo.people import SECRET
from tests.plant import Plant
from tests.practice.conftest import Built
from tests.shell.conftest import HANDED_OUT, new_person

OWN_TRIGGERS = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'lineside.practice'::regclass AND NOT tgisinternal"
pytestmark = pytest.mark.capability("J6")


@pytest.fixture
def trap() -> Iterator[socket.socket]:
    """The plant's server, as the settings of this workstation name it: it hears whoever knocks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening


@pytest.fixture
def at_work(practice: Built, trap: socket.socket, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A station of a plant with a server of its own; practice lies in its data folder."""
    data, port = practice.folder.parent, trap.getsockname()[1]
    file = data / "settings.toml"
    keep_secret(secret_file(file, "REC-01"), "the secret of a real station")
    devices_file(file, "REC-01").write_text("this is no list of devices", "utf-8")
    mine = Settings(
        server=f"postgresql://127.0.0.1:{port}/lineside",
        station="REC-01",
        station_secret_file=secret_file(file, "REC-01"),
        data_folder=data,
        theme="dark",
        dpi_override=96,
    )
    workstation.save(mine, file)
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    for name, value in (("SERVER", mine.server), ("STATION", "REC-01"), ("STATION_SECRET_FILE", str(mine.station_secret_file))):
        monkeypatch.setenv(f"LINESIDE_{name}", value)
    return mine


def nobody_knocked(trap: socket.socket) -> bool:
    try:
        trap.accept()
    except BlockingIOError:
        return True
    return False


def test_the_first_start_says_each_step(practice: Built) -> None:
    assert [sentence.split(":")[0] for sentence in practice.heard] == [
        "The database is being started.",
        "The database is being made ready.",
        "The demonstration plant is being built",
        "This computer is being enrolled as station IQC-02.",
    ]


def test_practice_starts_again_on_its_own_server_and_never_asks_for_the_plants(practice: Built, at_work: Settings, trap) -> None:
    heard: list[str] = []
    before = at_work.model_dump()
    with practice_here(lambda told: heard.append(str(told)), server_settings=NO_SETTINGS) as here:
        station = here.station
        assert (station.server, station.station) == (practice.run.server, "IQC-02")
        assert station.secret == practice.run.secrets["IQC-02"]
        assert (station.settings.data_folder, station.settings.log_folder) == (practice.folder, practice.folder / "log")
        assert (station.settings.server, station.settings.theme) == ("embedded", "dark")
        assert {one.code for one in station.devices.everything} == {
            "SC-12",
            "SC-13",
            "DC-014",
            "DC-009",
            "LM-07",
            "WB-04",
            "LP-02",
            "SL-03",
        }
        assert all("://127.0.0.1:" in one.url for one in station.devices.everything)
        with pytest.raises(PracticeOpen), practice_here(lambda _: None):
            pytest.fail("it opened twice")
    assert heard == ["The database is being started."], "nothing is built twice"
    assert practice.run.embedded.running(), "another program uses it still"
    assert nobody_knocked(trap)
    assert workstation.load(practice.folder.parent / "settings.toml", {}).model_dump() == before
    place = FileLock(practice.folder / "window.lock")
    assert place.take(shared=False, wait_s=0), "it is free again"
    place.release()


def test_neither_lets_in_the_people_or_the_stations_of_the_other(practice: Built, plant: Plant) -> None:
    for server, login, password in (
        (practice.run.server, new_person(plant, "song.ya", name="Song Ya", job="operator"), HANDED_OUT),
        (practice.run.server, "li.ming", SECRET),
        (plant.server, "li.ming", practice.plant.secret),
    ):
        with pytest.raises(WrongNameOrPassword):
            sign_in(server, login=login, password=password, tickets=lambda: None)
    for server, secret in ((practice.run.server, plant.secrets["IQC-02"]), (plant.server, practice.run.secrets["IQC-02"])):
        link = StationLink(server, "IQC-02", secret)
        with pytest.raises(StationSecretRefused):
            link.where()
        link.close()
    assert practice.run.server.host != plant.server.host


def test_a_database_that_does_not_call_itself_one_for_practice_opens_no_window(at_work: Settings, practice: Built) -> None:
    with psycopg.connect(practice.run.address.url("lineside"), autocommit=True) as superuser:
        triggers = [name for (name,) in superuser.execute(OWN_TRIGGERS).fetchall()]
        for name in triggers:
            superuser.execute(sql.SQL("ALTER TABLE lineside.practice DISABLE TRIGGER {}").format(sql.Identifier(name)))
        kept = superuser.execute("DELETE FROM lineside.practice RETURNING id, said_by, said_at").fetchone()
        try:
            with pytest.raises(NotForPractice), practice_here(lambda _: None):
                pytest.fail("it opened")
        finally:
            superuser.execute("INSERT INTO lineside.practice (id, said_by, said_at) VALUES (%s, %s, %s)", kept)
            for name in triggers:
                superuser.execute(sql.SQL("ALTER TABLE lineside.practice ENABLE ALWAYS TRIGGER {}").format(sql.Identifier(name)))
