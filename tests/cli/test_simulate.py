"""`simulate`: a hand at the simulated devices, and a station that hears exactly what the hand did."""

import io
import socket

import pytest

from app.base.phrases import Language
from app.cli import simulate
from app.cli.demo_line import DemoLine, NotAValue
from app.cli.gestures import GESTURES, SpokenDifferently, help_text, obey
from app.core.devices_here import read_devices, write_devices
from app.core.station_files import devices_file
from app.devices.events import Standing
from app.devices.hub import Hub
from app.devices.settings import MQTT, OPCUA, Backoff, Patience
from app.scanning.interpret import interpret
from app.scanning.result import Status
from tests.devices.ear import Ear


@pytest.fixture
def line():
    with DemoLine(first_port=0) as running:
        yield running


@pytest.fixture
def station(line, tmp_path):
    """The inspection station, connected to its instruments."""
    hub, ear = Hub(frame_logs=tmp_path / "frames", patience=Patience(heartbeat_s=0.2), backoff=Backoff(first_s=0.01, longest_s=0.05)), Ear()
    hub.subscribe(ear)
    devices = line.at("IQC-02").instruments
    hub.start(*devices)
    ear.until(lambda heard: {state.device for state in heard.states if state.standing is Standing.LIVE} == {one.code for one in devices})
    yield ear
    assert hub.stop() == []


def test_a_press_of_the_caliper_is_a_reading_of_exactly_that_value(line, station):
    obey(line, "press caliper 25.04")
    station.until_words("reading 25.04 mm unknown")
    assert station.readings[0].device == "DC-014"
    obey(line, "press micrometer 0.860")
    station.until_words("reading 0.860 mm unknown")


def test_the_supplier_code_on_the_pack_arrives_with_its_separator(line, station):
    obey(line, "scan pack")
    station.until(lambda ear: bool(ear.scans))
    scanned = interpret(station.scans[0].text)
    assert scanned.status is Status.VALID
    assert scanned.fields["lot"] == "NF26-0931"
    assert station.scans[0].device == "SC-12"


def test_house_codes_are_scanned_as_they_are_printed(line, station):
    for typed in ("scan po", "scan loc", "scan loc Q-A-04", "scan badge T-0117"):
        obey(line, typed)
    station.until(lambda ear: len(ear.scans) == 4)
    assert [scan.text for scan in station.scans] == ["PO26-0417", "LOC:Q-A-03", "LOC:Q-A-04", "BDG:T-0117"]


@pytest.mark.capability("E7")
def test_a_pulled_plug_is_a_fault_and_plugged_in_again_it_is_live(line, station):
    obey(line, "unplug caliper")
    station.until(lambda ear: any(state.device == "DC-014" and state.standing is Standing.FAULT for state in ear.states))
    obey(line, "plug caliper")
    station.until(lambda ear: [state.standing for state in ear.states if state.device == "DC-014"][-1] is Standing.LIVE)


def test_noise_is_no_value(line, station):
    obey(line, "garbage")
    station.until(lambda ear: bool(ear.troubles))
    assert station.readings == []
    assert station.troubles[0].device == "DC-014"


@pytest.fixture
def packing(line):
    """The packing station, connected to its sealer, with its first sign of life behind it."""
    hub, ear = Hub(frame_logs=None, backoff=Backoff(first_s=0.01, longest_s=0.05)), Ear()
    hub.subscribe(ear)
    hub.start(*line.at("PK-03").instruments)
    ear.until(
        lambda heard: {state.device for state in heard.states if state.standing is Standing.LIVE} == {"SC-13", "SL-03", "DC-014", "WB-04"}
    )
    yield ear
    assert hub.stop() == []


@pytest.mark.capability("E4")
def test_the_sealer_is_read_at_the_packing_station_and_a_hand_can_break_its_sensor(line, packing):
    obey(line, "sealer sensor broken")
    fault = packing.until_standing(Standing.FAULT)
    assert fault.device == "SL-03"
    assert "temperature_actual" in str(fault.words)
    obey(line, "sealer sensor mended")
    packing.until_standing(Standing.LIVE)


@pytest.mark.capability("E7")
def test_a_hand_drives_the_sealer_out_of_its_limits_and_silences_it_at_the_packing_station(line, packing):
    obey(line, "sealer heater 9 60")
    packing.until(lambda ear: any(s.value is not None and s.value > 142 for s in ear.samples_of("temperature_actual")))
    obey(line, "silent sealer")
    silent = packing.until(lambda ear: ear.states[-1].standing is Standing.SILENT).states[-1]
    assert silent.device == "SL-03"
    obey(line, "speak sealer")
    packing.until(lambda ear: [state.standing for state in ear.states if state.device == "SL-03"][-1] is Standing.LIVE)


def test_a_label_that_came_out_is_scanned_again_and_where_none_did_nothing_is_read(line, packing):
    obey(line, "scan label")
    packing.until_words("trouble device.nothing_read")
    host, port = line.printer.url.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as plug:
        for code in (b"C26-00017", b"C26-00018"):
            plug.sendall(b"^XA^PW800^LL300^FO60,40^BY2^BCN,80,N,N,N^FD" + code + b"^FS^XZ")
        line.printer.wait_until_printed(2, timeout_s=5)
    for typed in ("scan label", "scan label 1", "scan label 3"):
        obey(line, typed)
    packing.until_words("scan ]C0C26-00018", "scan ]C0C26-00017", "trouble device.nothing_read")
    with pytest.raises(NotAValue):
        obey(line, "scan label last")


@pytest.mark.parametrize(
    "typed", ["sealer heater 8", "sealer heater hot 30", "sealer heater NaN 3", "sealer heater 1e400 3", "sealer heater 8 -1"]
)
def test_a_heater_goes_astray_by_numbers_alone(line, typed):
    with pytest.raises(NotAValue):
        obey(line, typed)


@pytest.mark.parametrize("gesture", GESTURES, ids=lambda gesture: gesture.typed)
def test_every_gesture_of_the_help_can_be_done(line, gesture):
    then = {"GRAMS": " 412.5", "DEVICE": " scale", "CODE": " T-0117", "TEXT": " L26-0001", "DEGREES SECONDS": " 8 30"}.get(gesture.then, "")
    assert obey(line, gesture.typed + then) is gesture.words


def test_help_lists_everything_in_both_languages():
    listed = help_text()
    for gesture in GESTURES:
        assert gesture.words.in_language(Language.EN) in listed
        assert gesture.words.in_language(Language.ZH) in listed
        assert gesture.words.in_language(Language.ZH) != gesture.words.in_language(Language.EN)


@pytest.mark.parametrize(
    "typed", ["dance", "scan", "unplug", "unplug kettle", "press scale", "scan pack sideways", "half printer", "garbage sealer"]
)
def test_what_is_not_understood_does_nothing(line, typed):
    with pytest.raises(SpokenDifferently):
        obey(line, typed)


@pytest.fixture
def typed(monkeypatch, tmp_path, capsys):
    """Run the whole tool over lines on standard input."""
    monkeypatch.setenv("LINESIDE_SETTINGS", str(tmp_path / "settings.toml"))

    def run(lines: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        code = simulate.main(["--first-port", "0", *arguments])
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return run


def test_without_a_terminal_lines_are_obeyed_one_by_one_until_the_end(typed, tmp_path):
    code, out, told = typed("scan po\n\ndance\npress caliper long\npaper out\n")
    assert code == 0
    assert out.splitlines() == ["The order on the delivery note is scanned.", "The roll of labels is empty."]
    assert "“dance” is not understood" in told
    assert "“long” cannot be shown" in told
    assert "simulate>" not in told


def test_the_devices_of_every_station_are_written_down_where_the_window_looks_for_them(typed, tmp_path):
    typed("quit\npaper out\n")
    inspection = read_devices(devices_file(tmp_path / "settings.toml", "IQC-02"))
    goods_in = read_devices(devices_file(tmp_path / "settings.toml", "REC-01"))
    assert [one.code for one in inspection.everything] == ["SC-12", "DC-014", "DC-009", "LM-07", "WB-04", "LP-02"]
    assert [one.code for one in goods_in.everything] == ["SC-11", "WB-04", "LP-02"]
    packing = read_devices(devices_file(tmp_path / "settings.toml", "PK-03"))
    assert [one.code for one in packing.everything] == ["SC-13", "SL-03", "DC-014", "WB-04", "LP-02"]
    assert {one.url.partition(":")[0] for one in goods_in.instruments} == {"rfc2217"}, (
        "scanner and scale hang on a line with speed and parity"
    )


def test_devices_somebody_wrote_down_for_real_are_not_replaced(typed, tmp_path):
    own = devices_file(tmp_path / "settings.toml", "REC-01")
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n", "utf-8")
    code, _, told = typed("quit\n")
    assert code == 0
    assert "REC-01 were not replaced" in told
    assert own.read_text("utf-8") == "# mine\n"


def test_what_would_be_written_can_be_looked_at_first(typed, tmp_path):
    code, out, _ = typed("", "--show")
    assert code == 0
    assert "IQC-02 DC-014 mitutoyo socket://127.0.0.1:" in out
    assert not (tmp_path / "stations").exists()


def test_a_second_line_on_the_same_ports_is_refused_in_a_sentence(line, typed, capsys):
    port = line.urls["SC-11"].rpartition(":")[2]
    assert simulate.main(["--first-port", port]) == 2
    assert f"port {port} of this computer is taken" in capsys.readouterr().err


@pytest.mark.capability("E4", "E7")
@pytest.mark.parametrize("speaks", [OPCUA, MQTT])
def test_a_sealer_that_tells_by_itself_is_written_down_heard_and_obeys_the_same_hands(speaks, tmp_path):
    with DemoLine(first_port=0, sealer=speaks) as line:
        file = tmp_path / "devices.toml"
        write_devices(file, line.at("PK-03"), heading="packing")
        hub, ear = Hub(frame_logs=None, patience=Patience(machine_answer_s=3), backoff=Backoff(first_s=0.01, longest_s=0.05)), Ear()
        hub.subscribe(ear)
        (sealer,) = (one for one in read_devices(file).instruments if one.code == "SL-03")
        hub.start(sealer)
        ear.until_standing(Standing.LIVE)
        for spoil, mend, standing in (
            ("sealer sensor broken", "sealer sensor mended", Standing.FAULT),
            ("sealer freezes", "sealer thaws", Standing.STALE),
            ("unplug sealer", "plug sealer", Standing.FAULT),
            ("sealer refuses", "sealer obeys", None),
            ("silent sealer", "speak sealer", None),
        ):
            obey(line, spoil)
            ear.until(lambda heard, standing=standing: heard.states[-1].standing in ((standing,) if standing else NOT_WELL))
            obey(line, mend)
            ear.until_standing(Standing.LIVE)
        assert hub.stop() == []
        assert line.sealer.server.writes == 0


NOT_WELL = (Standing.FAULT, Standing.SILENT, Standing.STALE)
