"""What stands before the window opens: server, secret, devices and the print queue, or a sentence why not."""

import threading

import psycopg
import pytest

from app.cli.client import NotEnrolled, can_show_windows, station_here
from app.cli.demo_line import DemoLine
from app.core.database import Server
from app.core.devices_here import DevicesUnreadable, write_devices
from app.core.embedded_server import EmbeddedServer
from app.core.schema import HEAD
from app.core.settings import Settings, load, save
from app.core.station_files import StationSecretMissing, devices_file, secret_file, server_folder
from app.core.stations import StationLink
from app.devices.events import Standing
from tests.labels.queue_station import PrintEar


@pytest.mark.parametrize(
    ("environment", "platform", "shown"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_window_opens_only_where_one_can_be_seen(environment, platform, shown):
    assert can_show_windows(environment, platform) is shown


def test_this_computer_is_the_demonstration_station_with_its_own_server(own_server):
    with station_here(lambda _: None) as here:
        link = StationLink(here.server, here.station, here.secret)
        try:
            assert link.where().code == here.station == "IQC-02"
        finally:
            link.close()
        assert (here.devices.everything, here.printing.states(), here.recording.is_running) == ((), {}, False)
        assert "keeper" in {thread.name for thread in threading.enumerate()}, "a single station keeps itself"
    assert "keeper" not in {thread.name for thread in threading.enumerate()}
    assert EmbeddedServer(server_folder(own_server.parent / "data")).running(), "others use it still"


@pytest.mark.capability("R5")
def test_the_printer_of_the_station_is_asked_how_it_is_when_the_station_starts(own_server):
    file = devices_file(own_server, "IQC-02")
    with DemoLine(first_port=0) as line:
        write_devices(file, line.at("IQC-02"), heading="for this test")
        try:
            line.printer.run_out_of_paper()
            with station_here(lambda _: None) as here:
                ear = PrintEar()
                here.printing.subscribe(ear)
                ear.until(lambda _: here.printing.states()["LP-02"].standing is Standing.SILENT)
                line.printer.load_paper()
                here.printing.look_now()
                ear.until_standing(Standing.LIVE)
            assert here.printing.states()["LP-02"].standing is Standing.CLOSED
        finally:
            file.unlink()


def test_devices_that_cannot_be_read_open_no_window(own_server):
    file = devices_file(own_server, "IQC-02")
    file.write_text("[[devices]]\n", "utf-8")
    try:
        with pytest.raises(DevicesUnreadable, match="“code” is missing"), station_here(lambda _: None):
            pytest.fail("it opened")
    finally:
        file.unlink()


def test_a_computer_that_is_no_station_of_the_plant_opens_nothing(settings_file):
    save(Settings(server="postgresql://db.plant.example/lineside"), settings_file)
    with pytest.raises(NotEnrolled), station_here(lambda _: None):
        pytest.fail("it opened")


def test_a_station_that_was_enrolled_at_a_plants_server_opens_there(place, run_db, settings_file):
    assert run_db(*place.install("--station", place.station)).code == 0
    with station_here(lambda _: None) as here:
        assert (here.server, here.station) == (place.server, place.station)
    secret_file(settings_file, place.station).unlink()
    with pytest.raises(StationSecretMissing), station_here(lambda _: None):
        pytest.fail("it opened")
    assert load(settings_file, {}).station == place.station


@pytest.mark.capability("R1")
def test_a_station_whose_plant_server_cannot_be_reached_is_opened_with_everything_it_has(place, run_db, settings_file):
    assert run_db(*place.install("--station", place.station)).code == 0
    unreachable = load(settings_file, {}).model_copy(update={"server": "postgresql://127.0.0.1:1/lineside"})
    save(unreachable, settings_file)
    with DemoLine(first_port=0) as line:
        write_devices(devices_file(settings_file, place.station), line.at("IQC-02"), heading="for this test")
        with station_here(lambda _: None) as here:
            assert here.server == Server(host="127.0.0.1", port=1, dbname="lineside")
            assert here.printing.states()["LP-02"].standing is Standing.CONNECTING


@pytest.mark.capability("R5")
def test_the_window_of_a_station_with_its_own_server_opens_over_a_database_of_a_newer_version(own_server):
    embedded = EmbeddedServer(server_folder(own_server.parent / "data"))
    url, be_at = embedded.start().url("lineside"), "UPDATE lineside_meta.alembic_version SET version_num = %s"
    try:
        with psycopg.connect(url, autocommit=True) as superuser:
            superuser.execute(be_at, ["9001"])  # an older one is brought to this version: tests/demo
            try:
                with station_here(lambda _: None) as here:
                    assert (here.station, here.secret != "") == ("IQC-02", True)
            finally:
                superuser.execute(be_at, [HEAD])
    finally:
        embedded.stop()
