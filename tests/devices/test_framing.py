"""Where a frame ends: however the bytes are split, whatever noise stands between, nothing is lost, cut or glued."""

import random
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.errors import UnreadableFrame
from app.devices.framing import Frame, Lines, Noise
from app.devices.protocol import families

STX, ETX = b"\x02", b"\x03"
CHECKED = Lines(stx=STX, etx=ETX, bcc=True, bare=False, longest=64)
SCANNER = families()["line_scanner"].framing

contents = st.binary(min_size=1, max_size=40).map(lambda b: bytes(c for c in b if c not in (2, 3, 10, 13)) or b"x")


def with_check(content: bytes) -> bytes:
    return STX + content + ETX + bytes([reduce(xor, content + ETX)])


def in_pieces(stream: bytes, sizes: list[int]) -> list[bytes]:
    pieces, place = [], 0
    for size in sizes:
        pieces.append(stream[place : place + size])
        place += size
    return [*pieces, stream[place:]]


def cut(lines: Lines, pieces: list[bytes]) -> list[Frame | Noise]:
    framer = lines.framer()
    return [frame for piece in pieces for frame in framer.feed(piece)]


def frames(found: list[Frame | Noise]) -> list[bytes]:
    return [piece.content for piece in found if isinstance(piece, Frame)]


@given(st.lists(st.tuples(contents, st.sampled_from([b"\r", b"\n", b"\r\n", ETX])), max_size=8), st.lists(st.integers(1, 9), max_size=60))
def test_a_scan_arrives_whole_whatever_the_terminator_and_however_the_line_splits_it(scans, sizes):
    stream = b"".join(STX + text + end if end == ETX else text + end for text, end in scans)
    assert cut(SCANNER, in_pieces(stream, sizes)) == [Frame(text) for text, _ in scans]


@given(st.binary(max_size=300), st.lists(st.integers(1, 50), max_size=60))
@pytest.mark.parametrize("lines", [SCANNER, CHECKED, Lines(b"\r\n", longest=20), Lines(b"\r", stx=STX, etx=ETX, longest=5)])
def test_noise_is_cut_the_same_way_however_it_is_split(lines, noise, sizes):
    whole, split = cut(lines, [noise]), cut(lines, in_pieces(noise, sizes))
    assert whole == split


@given(st.binary(max_size=600), contents)
def test_after_any_noise_and_its_end_the_next_good_line_is_taken(noise, text):
    assert frames(cut(SCANNER, [noise, b"\r", STX + b"\x03", text + b"\r"]))[-1] == text


@given(st.binary(max_size=200).map(lambda noise: noise.replace(STX, b"")), contents)
def test_a_frame_with_header_is_taken_even_if_the_noise_before_it_never_ended(noise, text):
    assert frames(cut(CHECKED, [noise + with_check(text)])) == [text]


def test_half_a_frame_waits_and_can_be_given_up():
    framer = SCANNER.framer()
    assert framer.feed(b"HALF") == []
    assert framer.half == b"HALF"
    assert framer.give_up() == b"HALF"
    assert framer.feed(b"NEXT\r") == [Frame(b"NEXT")]


def test_a_line_that_never_ends_is_named_piece_by_piece_keeps_their_beginnings_and_takes_no_memory():
    framer = Lines(b"\r", longest=10).framer()
    told = [piece for _ in range(1000) for piece in framer.feed(b"abcdefghijklmnop")]
    assert told == [Noise(b"abcdefghij", 1024)] * 15
    assert len(framer.half) <= 10
    assert framer.feed(b"tail\rGOOD\r") == [Noise(b"abcdefghij", 16_000 - 15 * 1024 + 4), Frame(b"GOOD")]


def test_what_follows_a_piece_of_endless_noise_is_no_frame_before_its_end():
    framer = Lines(b"\r", longest=10).framer()
    assert framer.feed(b"x" * 2000) == [Noise(b"x" * 10, 2000)]
    assert framer.feed(b"12.50\r12.51\r") == [Noise(b"12.50", 5), Frame(b"12.51")]
    framer = Lines(b"\r", longest=10, stx=b"\x02", etx=b"\x03").framer()
    assert framer.feed(b"x" * 2000 + b"\x0212.50\x03") == [Noise(b"x" * 10, 2000), Frame(b"12.50")]


def test_a_lost_check_byte_does_not_cost_the_next_frame():
    assert frames(cut(CHECKED, [with_check(b"one")[:-1] + with_check(b"two")])) == [b"two"]


@pytest.mark.capability("E1")
def test_a_cable_pulled_mid_frame_twenty_thousand_times_brings_no_wrong_value_and_loses_no_good_frame():
    """Catalogue C1: 15 % cut or with a flipped bit, 5 % noise in front, seven bytes at a time."""
    dice = random.Random(1)
    stream, good = bytearray(), []
    for number in range(20_000):
        content = f"S S {number / 100:>10.2f} g".encode()
        frame = bytearray(with_check(content))
        if dice.random() < 0.05:
            stream += bytes(byte for byte in dice.randbytes(dice.randrange(1, 12)) if byte != STX[0])
        harm = dice.random()
        if harm < 0.075:
            del frame[dice.randrange(1, len(frame)) :]
        elif harm < 0.15:
            frame[dice.randrange(len(frame))] ^= 1 << dice.randrange(8)
        else:
            good.append(content)
        stream += frame
    assert frames(cut(CHECKED, [bytes(stream[place : place + 7]) for place in range(0, len(stream), 7)])) == good


@pytest.mark.parametrize("key", ["mt_sics", "mitutoyo"])
def test_a_cut_frame_glued_to_the_next_one_is_refused_at_every_place_it_can_be_cut(key):
    """Catalogue C2: no checksum, so only a complete line in the exact form counts. A digit flipped on the wire stays unseen."""
    family = families()[key]
    end, whole = {"mt_sics": (b"\r\n", b"S S     112.50 g"), "mitutoyo": (b"\r", b"01A+0012.500")}[key]
    parse = family.make(unit={"mt_sics": "g", "mitutoyo": "mm"}[key]).parse
    for place in range(1, len(whole)):
        (glued,) = frames(cut(family.framing, [whole[:place] + whole + end]))
        with pytest.raises(UnreadableFrame):
            parse(glued)


def test_ten_megabytes_of_noise_end_in_a_flat_framer():
    """Catalogue C3."""
    framer, dice = SCANNER.framer(), random.Random(2)
    for _ in range(2_500):
        framer.feed(dice.randbytes(4_096))
        assert len(framer.half) <= 4_200
    framer.give_up()
    assert framer.feed(b"GOOD\r") == [Frame(b"GOOD")]


@pytest.mark.parametrize("wrong", [{"stx": STX}, {"bcc": True}, {"bare": False}, {"stx": b"ab", "etx": ETX}, {}])
def test_a_framing_that_could_never_work_is_refused_when_it_is_written(wrong):
    with pytest.raises(ValueError, match=r"STX|header|terminator"):
        Lines(**wrong)
