"""Messages of MQTT machines: numbers as they are written, and every way in which there is none."""

import json
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.base.phrases import Language
from app.devices.machines.errors import PayloadUnreadable
from app.devices.machines.evidence import fits, source_time
from app.devices.machines.payloads import told_by
from app.devices.machines.samples import Quality
from app.devices.machines.tag_map import SourceTime, TimeForm
from tests.devices.machines.telling_bench import topic

TRANSCRIPT = tomllib.loads((Path(__file__).resolve().parents[2] / "transcripts" / "mqtt.toml").read_text("utf-8"))


def read(payload: bytes, pointer: str | None = None, source: SourceTime | None = None):
    return told_by([topic("plant/x", pointer)], payload, source)[0]


@pytest.mark.capability("E4")
@pytest.mark.parametrize("said", TRANSCRIPT["said"], ids=lambda said: f"{said['payload'][:30]} {said.get('pointer', '')}")
def test_numbers_are_read_as_the_transcript_says(said):
    told = read(said["payload"].encode(), said.get("pointer"))
    assert (str(told.number), told.quality) == (said["number"], Quality.GOOD)


@pytest.mark.capability("E7")
@pytest.mark.parametrize("said", TRANSCRIPT["unreadable"], ids=lambda said: f"{said['payload'][:30]} {said.get('pointer', '')}")
def test_a_payload_that_is_none_is_refused_in_both_languages(said):
    payload = bytes.fromhex(said["hex"]) if "hex" in said else said["payload"].encode()
    with pytest.raises(PayloadUnreadable) as caught:
        read(payload, said.get("pointer"))
    assert "plant/x" in str(caught.value)
    assert "plant/x" in caught.value.what.in_language(Language.ZH)


@pytest.mark.parametrize("said", TRANSCRIPT["missing"], ids=lambda said: f"{said['payload'][:30]} {said.get('pointer', '')}")
def test_a_message_without_the_number_makes_no_sample_and_says_what_stands_there(said):
    told = read(said["payload"].encode(), said["pointer"])
    assert (told.number, told.quality) == (None, None)
    complaint = told.complaint("temperature")
    assert "temperature" in str(complaint)
    assert said["found"] in str(complaint)


def test_all_numbers_of_one_topic_come_out_of_one_message():
    names = [topic("t", "/a"), topic("t", "/b/1"), topic("t", "/missing")]
    told = told_by(names, b'{"a": 1.50, "b": [0, -2]}', None)
    assert [(one.address, str(one.number)) for one in told] == [(names[0], "1.50"), (names[1], "-2"), (names[2], "None")]


@pytest.mark.parametrize(
    ("form", "said", "time"),
    [
        (TimeForm.UNIX_MS, "1764163200123", datetime(2025, 11, 26, 13, 20, 0, 123000, UTC)),
        (TimeForm.UNIX_S, "1764163200.5", datetime(2025, 11, 26, 13, 20, 0, 500000, UTC)),
        (TimeForm.ISO_8601, '"2025-11-26T21:20:00.25+08:00"', datetime(2025, 11, 26, 13, 20, 0, 250000, UTC)),
        (TimeForm.ISO_8601, '"2025-11-26T21:20:00"', None),
        (TimeForm.ISO_8601, '"yesterday"', None),
        (TimeForm.ISO_8601, "7", None),
        (TimeForm.UNIX_MS, '"1764163200123"', None),
        (TimeForm.UNIX_S, "1e30", None),
        (TimeForm.UNIX_MS, "NaN", None),
        (TimeForm.UNIX_MS, "-5", None),
        (TimeForm.UNIX_MS, "null", None),
    ],
)
def test_the_machines_own_time_is_kept_as_evidence_and_never_spoils_a_value(form, said, time):
    told = read(f'{{"v": 1, "ts": {said}}}'.encode(), "/v", SourceTime(pointer="/ts", form=form))
    assert (told.number, told.quality, source_time(told.raw)) == (Decimal(1), Quality.GOOD, time)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000000, max_value=1000000, places=6))
def test_every_number_in_json_comes_back_as_it_was_written(number):
    told = read(f'{{"v": {number}}}'.encode(), "/v")
    assert (told.number, told.quality) == (number, Quality.GOOD)


@given(st.binary(max_size=200), st.sampled_from([None, "/v", "/a/0/b"]))
@example(b"[" * 100_000, "/v")
@example(b'{"v": ' + b"9" * 5000 + b"}", "/v")
@example(b"\x00", None)
@example("１２".encode(), None)
def test_whatever_bytes_come_there_is_a_number_a_complaint_or_a_refusal(payload, pointer):
    try:
        told = read(payload, pointer)
    except PayloadUnreadable as refusal:
        str(refusal.what)  # a sentence that cannot be said is a crash
        return
    if told.number is None:
        assert str(told.complaint("x").what)
    else:
        assert not told.number.is_finite() or fits(told.number)


LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5)


@settings(max_examples=60)
@given(LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(max_size=3), LEAVES, max_size=3))
def test_only_a_number_is_a_number_wherever_the_pointer_points(tree):
    told = read(json.dumps({"v": tree}).encode(), "/v")
    if isinstance(tree, bool) or not isinstance(tree, int | float):
        assert told.number is None
    elif told.number is not None and told.number.is_finite():
        assert float(told.number) == float(tree)


def test_a_payload_beyond_64_kib_is_none():
    with pytest.raises(PayloadUnreadable, match="65537 bytes"):
        read(b"1" + b" " * 65536)
