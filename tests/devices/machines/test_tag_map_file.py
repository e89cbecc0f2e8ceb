"""Maps of machines that tell by themselves: what is shipped can be used, and what is wrong in a plant's own is named with its place."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.devices.machines.errors import MapUnreadable
from app.devices.machines.map_file import SHIPPED, read_map, read_registers, read_tags
from app.devices.machines.tag_map import Node, TimeForm, Topic, ValueType

SERVER = (SHIPPED / "sealer_opcua.toml").read_text("utf-8")
BROKER = (SHIPPED / "sealer_mqtt.toml").read_text("utf-8")


@pytest.fixture
def own(tmp_path: Path):
    def read(text: str):
        (tmp_path / "mine.toml").write_text(text, "utf-8")
        return read_map("mine", own=tmp_path)

    return read


def swap(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.capability("E4")
def test_the_shipped_maps_say_the_same_channels_for_every_transport():
    registers, server, broker = read_registers("sealer", own=None), read_tags("sealer_opcua", own=None), read_tags("sealer_mqtt", own=None)
    assert [one.name for one in server.channels] == [one.name for one in registers.channels]
    assert {one.name for one in broker.channels} == {one.name for one in registers.channels} - {"recipe_id"}
    for other in (server, broker):
        for channel in other.channels:
            same = next(one for one in registers.channels if one.name == channel.name)
            assert (channel.unit, channel.of_cycle, channel.decimals) == (same.unit, same.of_cycle, same.decimals)


def test_a_map_is_read_as_it_is_written():
    server, broker = read_tags("sealer_opcua", own=None), read_tags("sealer_mqtt", own=None)
    pressure = next(one for one in server.channels if one.name == "pressure")
    assert pressure.address == Node(namespace="urn:lineside:sealer", identifier="s=Sealer.Jaw.Pressure", type=ValueType.U16)
    assert pressure.dead_band == Decimal(2)
    assert server.cycle_counter is not None
    assert server.cycle_counter.size == 2**32
    assert broker.cycle_counter is not None
    assert broker.cycle_counter.size is None
    jaw = broker.channels[0]
    assert (jaw.address, jaw.within_s) == (Topic(topic="plant/sl-03/now", pointer="/jaw/temperature"), Decimal(2))
    assert broker.source_time is not None
    assert broker.source_time.form is TimeForm.UNIX_MS
    assert broker.presence is not None
    assert broker.presence.offline == "offline"
    assert len(broker.sha256) == 64


def test_a_register_map_may_have_a_dead_band_too(own):
    text = (SHIPPED / "sealer.toml").read_text("utf-8")
    assert own(swap(text, "scale = 0.1\n", "scale = 0.1\ndead_band = 0.5\n")).channels[0].dead_band == Decimal("0.5")


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (swap(SERVER, '"opcua"', '"profinet"'), "“speaks” cannot be", "speaks"),
        (swap(SERVER, 'type = "u32"', 'type = "i32"'), "a count that only grows is u8, u16, u32 or u64", "只增不减"),
        (swap(SERVER, 'type = "u16"\nscale = 1', 'type = "word"\nscale = 1'), "“pressure”: “type” cannot be", "type"),
        (swap(SERVER, "s=Sealer.Jaw.Pressure", "ns=2;s=Pressure"), "“node” cannot be", "node"),
        (swap(SERVER, "s=Sealer.Jaw.Pressure", "s=Sealer.Jaw.Temperature"), "the address of temperature_", "地址"),
        (swap(SERVER, "dead_band = 2", "dead_band = 0"), "“dead_band” cannot be", "dead_band"),
        (swap(SERVER, "scale = 0.01\n", "scale = 0.001\n"), "more than 2 decimals are needed", "小数位数"),
        (swap(SERVER, "plausible = [0, 1000]\n", "sensor_break = -1\nplausible = [0, 1000]\n"), "never holds -1", "不可能为 -1"),
        (swap(SERVER, "plausible = [0, 1000]\n", "plausible = [1000, 0]\n"), "lies above the upper one", "下限高于上限"),
        (swap(SERVER, 'name = "pressure"', 'name = "temperature_actual"'), "it is written down twice", ""),
        (
            swap(SERVER, 'namespace = "urn:lineside:sealer"\nnode = "s=Sealer.Jaw.Pressure"', 'node = "s=x"'),
            "“namespace” is missing",
            "缺少",
        ),
        (swap(SERVER, "[heartbeat]", '[presence]\ntopic = "x"\noffline = "y"\n\n[heartbeat]'), "“presence” is not known here", "presence"),
        (swap(BROKER, 'topic = "plant/sl-03/set"', 'topic = "plant/+/set"'), "“topic” cannot be", "topic"),
        (swap(BROKER, 'topic = "plant/sl-03/set"', 'topic = "plant/#"'), "“topic” cannot be", "topic"),
        (swap(BROKER, 'pointer = "/alarms"', 'pointer = "alarms"'), "“pointer” cannot be", "pointer"),
        (swap(BROKER, 'pointer = "/alarms"', 'pointer = "/jaw/pressure"'), "it has the address of pressure", "地址相同"),
        (swap(BROKER, 'pointer = "/beat"', 'pointer = "/alarms"'), "it has the address of alarm_word", "地址相同"),
        (swap(BROKER, 'form = "unix_ms"', 'form = "ticks"'), "“source_time”: “form” cannot be", "form"),
        (
            swap(BROKER, 'topic = "plant/sl-03/cycle"\npointer = "/count"', 'topic = "plant/other"\npointer = "/count"'),
            "same message",
            "同一条消息",
        ),
        (swap(BROKER, "within_s = 2\n", "within_s = 0\n"), "“heartbeat”: “within_s” cannot be", "within_s"),
    ],
)
def test_a_map_that_cannot_be_is_refused_with_its_place(own, text, english, chinese):
    with pytest.raises(MapUnreadable) as caught:
        own(text)
    assert english in str(caught.value)
    assert chinese in caught.value.what.in_language(Language.ZH)


def test_a_map_of_a_broker_in_which_nobody_would_notice_silence_is_refused(own):
    quiet = BROKER.replace("within_s = 2\nscale", "scale")
    begin, end = quiet.index("[heartbeat]"), quiet.index("[[channels]]")
    with pytest.raises(MapUnreadable, match="nobody would notice that the machine is silent"):
        own(quiet[:begin] + quiet[end:])
    assert own(quiet).heartbeat is not None


def test_one_map_is_not_taken_for_another():
    with pytest.raises(ValueError, match="speaks no Modbus"):
        read_registers("sealer_mqtt", own=None)
    with pytest.raises(ValueError, match="tells nothing by itself"):
        read_tags("sealer", own=None)
