"""Values of an OPC UA server: only a good status and the type of the map make a number."""

import struct
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from asyncua import ua
from hypothesis import given
from hypothesis import strategies as st

from app.base.phrases import Language
from app.devices.machines.evidence import source_time
from app.devices.machines.opcua_values import in_words, is_overflown, told_of
from app.devices.machines.samples import Quality
from app.devices.machines.tag_map import ValueType
from tests.devices.machines.telling_bench import node

TRANSCRIPT = tomllib.loads((Path(__file__).resolve().parents[2] / "transcripts" / "opcua.toml").read_text("utf-8"))["said"]
SAID = datetime(2026, 11, 24, 12, 0, 0, 123456)  # noqa: DTZ001 - asyncua hands UTC over without a zone


def value(kind: str, content: object, status: int = 0) -> ua.DataValue:
    return ua.DataValue(ua.Variant(content, ua.VariantType[kind]), ua.StatusCode(status), SourceTimestamp=SAID, ServerTimestamp=SAID)


@pytest.mark.capability("E4")
@pytest.mark.parametrize("said", TRANSCRIPT, ids=lambda said: f"{said['type']} as {said['map']} 0x{said['status']:08X}")
def test_values_are_worth_what_the_transcript_says(said):
    told = told_of(node("x", said["map"]), value(said["type"], said["value"], said["status"]))
    assert told.quality == said["quality"]
    assert (None if told.number is None else str(told.number)) == said.get("number")
    assert told.raw[0] == said["status"] >> 16
    assert source_time(told.raw) == SAID.replace(tzinfo=UTC, microsecond=123000)
    if told.number is None:
        complaint = told.complaint("temperature")
        assert "temperature" in str(complaint)
        assert "temperature" in complaint.what.in_language(Language.ZH)


def test_the_codes_that_are_told_apart_are_those_the_standard_names():
    codes = (0x808C0000, 0x40900000, 0x408F0000, 0x40920000, 0x40940000)
    assert [ua.StatusCode(code).name for code in codes] == [
        "BadSensorFailure",
        "UncertainLastUsableValue",
        "UncertainNoCommunicationLastUsableValue",
        "UncertainInitialValue",
        "UncertainEngineeringUnitsExceeded",
    ]


def test_the_code_of_a_status_is_said_by_name_and_number():
    told = told_of(node("x"), value("Float", 1.0, 0x80310000))
    assert "BadNoCommunication (0x80310000)" in str(told.complaint("temperature"))


@pytest.mark.parametrize(
    "nothing", [ua.DataValue(), ua.DataValue(ua.Variant([1.0, 2.0], ua.VariantType.Float)), ua.DataValue(ua.Variant())]
)
def test_no_value_and_an_array_are_no_number(nothing):
    told = told_of(node("x"), nothing)
    assert (told.number, told.quality) == (None, Quality.IMPLAUSIBLE)


def test_a_float_that_is_none_stays_what_it_is_for_the_map_to_judge():
    for content in (float("nan"), float("inf"), float("-inf")):
        told = told_of(node("x"), value("Float", content))
        assert str(told.number) == str(Decimal(content))


def test_an_overflown_queue_is_noticed():
    assert is_overflown(value("Float", 1.0, 0x00000480))
    assert not is_overflown(value("Float", 1.0, 0x00000400))
    assert not is_overflown(ua.DataValue())


def test_the_frame_log_keeps_status_and_both_times():
    said = in_words([(node("jaw"), value("Float", 1.5, 0x80310000))]).decode()
    assert said == "s=jaw=1.5 0x80310000 source 2026-11-24 12:00:00.123456 server 2026-11-24 12:00:00.123456"


@given(st.integers(0, 2**32 - 1), st.sampled_from(ValueType), st.floats(width=32))
def test_whatever_the_status_only_a_good_one_of_the_right_type_brings_a_number(status, kind, content):
    told = told_of(node("x", kind), value("Float", content, status))
    assert (told.number is not None) == (status >> 30 == 0 and kind is ValueType.F32)
    assert (told.quality is Quality.GOOD) == (told.number is not None)
    assert told.raw[0] == status >> 16
    assert struct.pack(">4H", *told.raw[4:]) == struct.pack(">d", content)
