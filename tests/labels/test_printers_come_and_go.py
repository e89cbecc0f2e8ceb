"""A printer is connected, moved and taken out while the queue runs: no label is lost, none comes out twice."""

from collections.abc import Iterator

import pytest

from app.core.devices_here import PrinterHere
from app.devices.events import Standing
from app.devices.settings import DeviceSettings
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.queue import PrintQueue
from tests.labels.queue_station import PrintStation, disturbing
from tests.plant import Plant

pytestmark = pytest.mark.capability("G2", "G8")


@pytest.fixture
def printer() -> Iterator[ZplPrinter]:
    with ZplPrinter() as running:
        yield running


@pytest.fixture
def station(plant: Plant, printer: ZplPrinter) -> Iterator[PrintStation]:
    here = PrintStation(plant, printer)
    yield here
    here.stop()


def at(url: str) -> PrinterHere:
    return PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url=url, unit=None))


def queue_of(station: PrintStation) -> PrintQueue:
    return station._queues[-1]


def test_a_label_that_waits_comes_out_as_soon_as_its_printer_is_connected(station: PrintStation, printer: ZplPrinter):
    station.receive()
    ear = station.queue(code="LP-09")
    ear.until(lambda ear: any(state.device == "LP-02" and state.standing is Standing.FAULT for state in ear.states))
    queue_of(station).add(at(printer.url))
    ear.until_status("sent", "printed")
    assert len(printer.printed) == 1


def test_a_printer_that_is_taken_out_while_it_prints_ends_its_label_first(station: PrintStation, printer: ZplPrinter):
    station.receive()
    going: list[PrintQueue] = []
    ear = station.queue(opened=disturbing(before=lambda: going[0].remove("LP-02")))
    going.append(queue_of(station))
    ear.until_status("sent", "printed")
    ear.until_standing(Standing.CLOSED)
    assert [row[:2] for row in station.labels()] == [(1, "printed")]
    station.receive(supplier_lot="NF26-0932")
    ear.until_standing(Standing.FAULT)
    assert [row[1] for row in station.labels()] == ["printed", "requested"]
    assert len(printer.printed) == 1


def test_a_printer_at_another_address_prints_what_waited_for_the_old_one(station: PrintStation, printer: ZplPrinter):
    printer.stop()
    station.receive()
    ear = station.queue()
    ear.until_standing(Standing.FAULT)
    with ZplPrinter() as other:
        queue = queue_of(station)
        queue.remove("LP-02")
        queue.add(at(other.url))
        ear.until_status("sent", "printed")
        assert (len(printer.printed), len(other.printed)) == (0, 1)
        assert queue.states()["LP-02"].standing is Standing.LIVE
