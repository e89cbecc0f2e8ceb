"""A protocol of the plant's own at a terminal: tried before it is signed, spoken afterwards."""

import io
import json
from pathlib import Path
from uuid import uuid4

import pytest

from app.cli import device
from app.core.own_protocols import SignedText, keep_protocols, protocols_file
from app.core.station_files import devices_file
from app.devices.patterns.definition import read_definition
from app.devices.protocol import speak_own
from tests.devices.patterns.own import TORQUE, changed

pytestmark = pytest.mark.capability("E1")

ASKED = json.dumps({"id": 1, "input": "+  1.25 Nm S OK\r\n"}) + "\n"
WHAT_IT_SAYS = {"kind": "measurement", "value": "1.25", "unit": "Nm", "stable": True, "text": "OK"}


def decoded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ASKED.encode())))
    assert device.main(["decode", "--jsonl", *arguments]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)["result"]
    return {name: answer[name] for name in WHAT_IT_SAYS}


def test_a_protocol_that_is_only_written_is_tried(
    tmp_path: Path, settings_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "torque.toml"
    file.write_text(TORQUE, "utf-8")
    assert decoded(monkeypatch, capsys, "--definition", str(file)) == WHAT_IT_SAYS
    file.write_text(changed(r"\d+\.\d+", ".*"), "utf-8")
    assert device.main(["decode", "--jsonl", "--definition", str(file)]) != 0
    assert "no number" in capsys.readouterr().err


def test_what_is_in_effect_at_the_station_is_spoken_by_its_key(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    settings_file.parent.mkdir()
    settings_file.write_text('station = "IQC-02"\n', "utf-8")
    signed = SignedText(id=uuid4(), code="TORQUE-X", revision=1, source=TORQUE, sha256=read_definition(TORQUE).sha256)
    keep_protocols(protocols_file(devices_file(settings_file, "IQC-02")), [signed])
    try:
        assert decoded(monkeypatch, capsys, "--protocol", "TORQUE-X") == WHAT_IT_SAYS
        assert device.main(["list"]) == 0
        assert "TORQUE-X          9600 8N1  " in capsys.readouterr().out
    finally:
        speak_own([])
