"""What goes over a printer's and a machine's line, read for the console: whole answers to the question that was asked, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.frame_log import Piece, read_log
from app.devices.machines.reader import ModbusReader
from app.devices.machines.rtu_frames import sealed
from app.devices.printer_language import LANGUAGES
from app.devices.printer_reader import PrinterReader
from app.devices.protocols import zpl
from app.devices.wires import Wires

READY = b"\x02030,0,0,0480,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,1,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
ASKED, ANSWERED = bytes.fromhex("000100000006010400080002"), bytes.fromhex("0001000000070104040000002a")


def read(reader: PrinterReader | ModbusReader, *pieces: bytes) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for piece in pieces for one in reader.feed(piece)]


@pytest.mark.capability("G2")
def test_an_answer_that_comes_in_pieces_is_read_once_and_what_nobody_asked_for_is_none():
    reader = PrinterReader(LANGUAGES["zpl"])
    assert read(reader, READY) == [("reject", "")]
    reader.said(zpl.ASK_STATUS)
    assert read(reader, READY[:20], READY[20:50], READY[50:]) == [("ready", "")]
    reader.said(b"^XA^XZ")
    assert read(reader, READY) == [("reject", "")]


@pytest.mark.capability("G2")
def test_every_language_is_read_by_its_own_rules():
    for key, answer in (("tspl", b"\x00"), ("sbpl", b"\x0200A000000\x03")):
        reader = PrinterReader(LANGUAGES[key])
        reader.said(LANGUAGES[key].ask)
        assert read(reader, answer) == [("ready", "")]


@pytest.mark.capability("E4")
@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (ANSWERED, ("registers", "input 8: 0 42")),
        (bytes.fromhex("000100000003018402"), ("error", "exception 2")),
        (ANSWERED[:-1], ("reject", "")),
        (bytes.fromhex("0001000000070103040000002a"), ("reject", "")),
        (b"", ("reject", "")),
    ],
    ids=["answered", "refused", "cut", "of another function", "nothing"],
)
def test_an_answer_over_tcp_says_its_registers_or_why_there_are_none(answer: bytes, meaning: tuple[str, str]):
    reader = ModbusReader(over_tcp=True)
    assert read(reader, answer) == [("reject", "")], "nobody had asked"
    reader.said(ASKED)
    assert read(reader, answer) == [meaning]


@pytest.mark.capability("E4")
def test_an_answer_on_a_serial_line_counts_with_its_check_alone():
    reader = ModbusReader(over_tcp=False)
    reader.said(sealed(ASKED[6:]))
    whole = sealed(ANSWERED[6:])
    assert read(reader, whole) == [("registers", "input 8: 0 42")]
    assert read(reader, whole[:-1] + bytes([whole[-1] ^ 1])) == [("reject", "")]


@pytest.mark.capability("E4", "G2")
@given(said=st.binary(max_size=40), heard=st.lists(st.binary(max_size=300), max_size=4))
def test_no_bytes_crash_a_reader(said: bytes, heard: list[bytes]):
    readers = [ModbusReader(over_tcp=True), ModbusReader(over_tcp=False), *map(PrinterReader, LANGUAGES.values())]
    for reader in readers:
        reader.said(said)
        for piece in heard:
            for one in reader.feed(piece):
                assert one.kind in {"registers", "error", "reject", "ready", "busy"}


@pytest.mark.capability("E1")
def test_a_label_picture_is_shown_whole_and_logged_by_its_beginning(tmp_path: Path):
    wires, seen = Wires(tmp_path), []
    wires.tap("LP-02", seen.append)
    picture = Piece(at=datetime.now(UTC), heard=False, content=b"x" * 500_000)
    wires.of("LP-02")(picture)
    wires.show("LP-02", picture)
    assert [len(piece.content) for piece in seen] == [500_000, 500_000]
    wires.close()
    log = wires.frame_log("LP-02")
    assert log is not None
    assert [len(piece.content) for piece in read_log(log)] == [4_096]


@pytest.mark.capability("E1")
def test_only_who_looks_at_a_device_sees_it(tmp_path: Path):
    wires, seen = Wires(None), []
    wires.tap("LP-02", seen.append)
    assert (wires.is_tapped("LP-02"), wires.is_tapped("SL-03")) == (True, False)
    wires.show("SL-03", Piece(at=datetime.now(UTC), heard=True, content=b"1"))
    wires.untap("LP-02", seen.append)
    assert (wires.is_tapped("LP-02"), seen) == (False, [])
    assert wires.frame_log("LP-02") is None
