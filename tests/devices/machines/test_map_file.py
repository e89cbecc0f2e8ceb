"""Register maps: what is shipped can be used, and what is wrong in a plant's own is named with its place."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.devices.machines.blocks import MOST_REGISTERS, Block, block_of, blocks_of
from app.devices.machines.errors import MapMissing, MapTwice, MapUnreadable
from app.devices.machines.map_file import SHIPPED, read_map
from app.devices.machines.register_map import NumberType, Place, RegisterKind, WordOrder

GOOD = """
[cycle_counter]
kind = "input"
address = 10
type = "u32"
word_order = "big"
plausible = [0, 1000]

[heartbeat]
kind = "input"
address = 12
type = "u16"
within_s = 2.5

[[channels]]
name = "temperature"
kind = "input"
address = 0
type = "i16"
scale = 0.1
unit = "°C"
decimals = 1
sensor_break = -32768
plausible = [-20, 300]
of_cycle = false

[[channels]]
name = "dwell"
kind = "holding"
address = 0
type = "f32"
word_order = "little"
scale = 1
unit = "s"
decimals = 2
plausible = [0, 30]
of_cycle = true
"""


@pytest.fixture
def own(tmp_path: Path):
    def read(text: str):
        (tmp_path / "mine.toml").write_text(text, "utf-8")
        return read_map("mine", own=tmp_path)

    return read


def test_the_shipped_sealer_reports_what_a_validated_sealing_process_needs():
    """ISO 11607-2, 5.2: temperature, pressure and dwell are the critical parameters of heat sealing."""
    sealer = read_map("sealer", own=None)
    names = {channel.name for channel in sealer.channels}
    assert names >= {"temperature_actual", "temperature_set", "pressure", "dwell", "alarm_word", "recipe_id"}
    assert sealer.cycle_counter is not None
    assert (sealer.cycle_counter.place.type, sealer.cycle_counter.place.word_order) == (NumberType.U32, WordOrder.BIG)
    assert sealer.heartbeat is not None
    (temperature,) = [channel for channel in sealer.channels if channel.name == "temperature_actual"]
    assert (temperature.scale, temperature.sensor_break, temperature.place.type) == (Decimal("0.1"), Decimal(-32768), NumberType.I16)
    assert "This map is ours" in (SHIPPED / "sealer.toml").read_text("utf-8")


def test_every_shipped_map_can_be_read():
    for file in SHIPPED.glob("*.toml"):
        assert read_map(file.stem, own=None).model == file.stem


def test_decimals_are_read_exactly_as_they_are_written(own):
    read = own(GOOD)
    assert str(read.channels[0].scale) == "0.1"
    assert read.heartbeat is not None
    assert str(read.heartbeat.within_s) == "2.5"
    assert len(read.sha256) == 64


def swap(old: str, new: str, *, nth: int = 1) -> str:
    """GOOD with the ``nth`` ``old`` replaced."""
    parts = GOOD.split(old)
    assert len(parts) > nth, old
    return old.join(parts[:nth]) + new + old.join(parts[nth:])


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (swap("scale = 0.1\n", ""), "“temperature”: “scale” is missing.", "缺少“scale”"),
        (swap('word_order = "little"\n', ""), "“dwell”: a number of 32 bits needs its word_order", "word_order"),
        (swap('word_order = "big"\n', ""), "“cycle_counter”: a number of 32 bits needs its word_order", "word_order"),
        (swap('type = "i16"', 'type = "i16"\nword_order = "big"'), "“temperature”: a number of one register has no", "单个寄存器"),
        (swap('word_order = "little"', 'word_order = "middle"'), '“word_order” cannot be "middle"', "word_order"),
        (swap("plausible = [-20, 300]\n", ""), "“plausible” is missing", "plausible"),
        (swap("plausible = [-20, 300]", "plausible = [300, -20]"), "the lower end of “plausible” lies above", "下限高于上限"),
        (swap("plausible = [0, 1000]", "plausible = [1000, 0]"), "“cycle_counter”: the lower end of “plausible”", "下限高于上限"),
        (swap("plausible = [-20, 300]", "plausible = [-20, inf]"), "“temperature”: “plausible” cannot be", "不能是"),
        (swap("of_cycle = false\n", ""), "“of_cycle” is missing", "of_cycle"),
        (swap("of_cycle = false", 'of_cycle = "no"'), '“of_cycle” cannot be "no"', "of_cycle"),
        (swap("scale = 0.1", "scale = 0"), "“scale” cannot be 0", "scale"),
        (swap("scale = 0.1", "scale = 0.01"), "with scale 0.01 more than 1 decimals are needed", "小数位数 1 不够"),
        (swap("sensor_break = -32768", "sensor_break = 40000"), "a i16 never holds 40000", "i16 不可能为 40000"),
        (swap("sensor_break = -32768", "sensor_break = nan"), "a i16 never holds NaN", "NaN"),
        (swap("sensor_break = -32768", "sensor_break = 0.5"), "a i16 never holds 0.5", "0.5"),
        (swap('name = "dwell"', 'name = "temperature"'), "“temperature”: it is written down twice", "重复"),
        (swap('name = "dwell"', 'name = "heartbeat"'), "“heartbeat”: it is written down twice", "重复"),
        (swap('name = "dwell"', 'name = "Dwell time"'), '“name” cannot be "Dwell time"', "name"),
        (swap('name = "dwell"\n', ""), "channel no. 2: “name” is missing", "第 2 个通道"),
        (swap("address = 12", "address = 11"), "it stands in the registers of cycle_counter", "cycle_counter"),
        (swap("address = 0", "address = 65535", nth=2), "“dwell”: its second register would lie beyond", "最后一个地址"),
        (swap("address = 0", "address = 65536"), "“address” cannot be 65536", "65536"),
        (swap("address = 0", 'address = "40001"'), "“address” cannot be", "address"),
        (swap("address = 0", "address = true"), "“address” cannot be true", "address"),
        (swap('kind = "holding"', 'kind = "coil"'), '“kind” cannot be "coil"', "coil"),
        (swap('type = "u32"', 'type = "f32"'), "“cycle_counter”: a count that only grows is u16 or u32", "u16 或 u32"),
        (GOOD[GOOD.index("[heartbeat]") :], "“dwell”: a result of a cycle needs a cycle_counter", "cycle_counter"),
        (swap("within_s = 2.5", "within_s = 0"), "“heartbeat”: “within_s” cannot be 0", "within_s"),
        (GOOD.replace("[[channels]]", "[[values]]"), "as a whole: “channels” is missing", "整个文件"),
        ("channels = []", "as a whole: “channels” cannot be []", "整个文件"),
        ("[[channels]", "as a whole", "整个文件"),
        ("channels = [3]", "channel no. 1: “channels” cannot be 3", "第 1 个通道"),
    ],
)  # fmt: skip
def test_a_map_that_cannot_be_is_refused_with_its_place(own, text, english, chinese):
    with pytest.raises(MapUnreadable) as caught:
        own(text)
    assert english in str(caught.value)
    assert chinese in caught.value.what.in_language(Language.ZH)
    assert "mine.toml" in str(caught.value)


def test_a_float_that_marks_its_broken_sensor_by_nan_may_say_so(own):
    read = own(swap("plausible = [0, 30]", "sensor_break = nan\nplausible = [0, 30]"))
    assert read.channels[1].sensor_break is not None
    assert read.channels[1].sensor_break.is_nan()


def test_a_missing_map_names_those_there_are_and_a_double_one_is_not_guessed(tmp_path: Path):
    (tmp_path / "tray.toml").write_text(GOOD, "utf-8")
    with pytest.raises(MapMissing, match=r"There is no map \.\./tray\. Known are: sealer, sealer_mqtt, sealer_opcua, tray\."):
        read_map("../tray", own=tmp_path)
    shutil.copy(SHIPPED / "sealer.toml", tmp_path)
    with pytest.raises(MapTwice, match="exists twice"):
        read_map("sealer", own=tmp_path)


def at(address: int, type: str = "u16", kind: str = "input") -> Place:
    wide = NumberType(type).words > 1
    return Place(kind=RegisterKind(kind), address=address, type=NumberType(type), word_order=WordOrder.BIG if wide else None)


def block(address: int, count: int, kind: str = "input") -> Block:
    return Block(kind=RegisterKind(kind), address=address, count=count)


def test_neighbours_are_read_in_one_request_and_a_gap_is_never_bridged():
    places = [at(2, "f32"), at(0), at(1), at(5), at(0, kind="holding")]
    assert blocks_of(places) == (block(0, 1, "holding"), block(0, 4), block(5, 1))


def test_no_request_is_longer_than_the_standard_allows_and_no_number_is_split():
    """Modbus Application Protocol V1.1b3, 6.3: 125 registers."""
    blocks = blocks_of([at(2 * n, "u32") for n in range(100)])
    assert [(one.address, one.count) for one in blocks] == [(0, 124), (124, 76)]
    assert max(one.count for one in blocks) <= MOST_REGISTERS


def test_each_place_is_cut_out_of_the_block_that_holds_it():
    whole = block(10, 4)
    assert whole.cut(at(11, "u32"), [1, 2, 3, 4]) == (2, 3)
    assert [whole.holds(at(address, "u32")) for address in (9, 10, 12, 13)] == [False, True, True, False]
    assert not whole.holds(at(10, kind="holding"))
    assert block_of(at(7, "f32")) == block(7, 2)
