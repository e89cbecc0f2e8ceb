"""A scale at a station, over a real socket: asked, answered, silent, swapped."""

import pytest

from app.devices.events import Standing
from app.devices.settings import DeviceSettings, Patience
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.devices.ear import PATIENCE_S, TurnedClock


@pytest.fixture
def scale():
    with MtSicsSimulator() as scale:
        yield scale


@pytest.mark.capability("E3")
def test_a_weight_comes_with_its_digits_its_unit_and_whether_the_pan_stood_still(station, scale):
    ear = station.connect(scale)
    scale.put("105", settle=1)
    assert station.hub.ask("DEV-1")
    ear.until_words("reading 105.00 g moving")
    assert station.hub.ask("DEV-1")
    ear.until_words("reading 105.00 g stable")


@pytest.mark.capability("E5")
def test_a_reading_carries_its_raw_frame_its_device_and_its_time_and_the_scale_says_who_it_is(station, scale):
    ear = station.connect(scale, code="SC-003")
    scale.put("12.50")
    station.hub.ask("SC-003")
    reading = ear.until(lambda ear: bool(ear.readings)).readings[0]
    assert (reading.raw, reading.device) == (b"S S      12.50 g", "SC-003")
    assert reading.at.tzinfo is not None
    assert station.hub.states()["SC-003"].serial_number == "B123456789"


@pytest.mark.parametrize(("weight", "side"), [("5000", "above"), ("-200", "below")])
def test_an_overloaded_or_lifted_pan_is_no_weight(station, scale, weight, side):
    ear = station.connect(scale)
    scale.put(weight)
    station.hub.ask("DEV-1")
    ear.until_words("trouble device.out_of_range")
    assert str(ear.troubles[0].error.facts["side"]) == side
    assert station.standing() is Standing.LIVE


@pytest.mark.capability("E3")
def test_a_scale_switched_to_another_unit_is_refused(station, scale):
    ear = station.connect(scale)
    scale.switch_unit("oz")
    station.hub.ask("DEV-1")
    ear.until_words("trouble device.wrong_unit")


@pytest.mark.capability("E3")
def test_taring_happens_only_when_a_person_wishes_it(station, scale):
    ear = station.connect(scale)
    scale.put("20.00")
    station.hub.ask("DEV-1")
    ear.until_words("reading 20.00 g stable")
    assert scale.changing_bytes == 0
    assert station.hub.wish("DEV-1", "tare")
    station.hub.ask("DEV-1")
    ear.until_words("reading 0.00 g stable")
    assert scale.changing_bytes == len(b"T")


def test_a_watched_scale_keeps_sending_until_nobody_watches(station, scale):
    ear = station.connect(scale)
    scale.put("7.77")
    assert station.hub.watch("DEV-1", 0.01)
    ear.until(lambda ear: len(ear.readings) >= 3)
    station.hub.watch("DEV-1", None)
    assert {str(reading.quantity.value) for reading in ear.readings} == {"7.77"}
    assert scale.changing_bytes == 0


@pytest.mark.capability("E7")
def test_a_scale_switched_off_is_silent_since_it_was_last_heard_and_gives_no_value(new_station, scale):
    """Catalogue C12."""
    clock = TurnedClock()
    station = new_station(clock=clock)
    ear = station.connect(scale)
    scale.put("105")
    station.hub.ask("DEV-1")
    last = ear.until(lambda ear: bool(ear.readings)).readings[0]
    clock.turn(3)
    scale.switch_off()
    assert station.hub.ask("DEV-1")
    scale.until_received(b"SI\r\n", times=2, within_s=PATIENCE_S)
    clock.turn(2.5)
    silent = ear.until_standing(Standing.SILENT)
    assert silent.since == last.at
    ear.until(lambda ear: bool(ear.troubles))
    assert ear.words == ["reading 105.00 g stable", "trouble device.no_answer"]
    assert len(ear.readings) == 1

    scale.switch_on()
    station.hub.ask("DEV-1")
    ear.until_standing(Standing.LIVE)
    assert ear.until(lambda ear: len(ear.readings) == 2).readings[1].at > last.at


@pytest.mark.capability("E7")
def test_a_scale_nobody_asks_is_asked_whether_it_is_there(new_station, scale):
    clock = TurnedClock()
    station = new_station(clock=clock)
    ear = station.connect(scale)
    scale.switch_off()
    clock.turn(Patience().heartbeat_s + 0.1)
    scale.until_received(b"I4\r\n", times=2, within_s=PATIENCE_S)
    clock.turn(Patience().answer_s + 0.1)
    ear.until_standing(Standing.SILENT)
    assert scale.changing_bytes == 0


def test_a_question_asked_while_the_plug_was_out_is_not_answered_later(station, scale):
    ear = station.connect(scale)
    scale.unplug()
    ear.until_standing(Standing.FAULT)
    assert station.hub.ask("DEV-1") is False
    scale.plug()
    ear.until_standing(Standing.LIVE)
    assert ear.readings == []


@pytest.mark.capability("E3")
def test_another_scale_on_the_same_cable_is_a_fault_and_its_weights_are_refused(station):
    """Catalogue C18 and C6."""
    with MtSicsSimulator(serial_number="OTHER-1") as other:
        ear = station.connect(other, expected_serial="B123456789", live=False)
        fault = ear.until_standing(Standing.FAULT)
        assert fault.cause.code == "device.wrong_device"
        other.put("10")
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.wrong_device")
        assert ear.readings == []


def test_a_weight_before_the_scale_said_who_it_is_is_refused(station):
    with MtSicsSimulator() as scale:
        scale.switch_off()
        ear = station.connect(scale, expected_serial="B123456789", live=False)
        scale.until_received(b"I4\r\n", times=1, within_s=PATIENCE_S)
        scale.switch_on()
        scale.print_key()
        ear.until_words("trouble device.not_identified")
        scale.power_cycle()
        ear.until_standing(Standing.LIVE)
        scale.print_key()
        ear.until_words("reading 0.00 g stable")


def test_a_scanner_cannot_be_told_to_prove_a_serial_number(station):
    with pytest.raises(ValueError, match="serial number"):
        station.hub.start(
            DeviceSettings(code="SCAN-1", protocol="line_scanner", url="socket://127.0.0.1:1", unit=None, expected_serial="1")
        )
