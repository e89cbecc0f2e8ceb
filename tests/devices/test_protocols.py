"""Every device family proves itself with a transcript, a simulator and noise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.conversation import Conversation
from app.devices.errors import ConnectionLost, InstrumentTrouble, MinusZero, NothingRead, OutOfRange, UnreadableFrame
from app.devices.protocol import Scanned, SerialLine, families, protocol
from app.devices.settings import DeviceSettings, Patience
from app.devices.simulators.simulator import simulators
from tests.devices.ear import Ear, TurnedClock
from tests.devices.transcripts import transcript, unit_of

KEYS = sorted(families())


def talk(key: str, unit: str | None) -> tuple[Conversation, Ear]:
    ear = Ear()
    settings = DeviceSettings(code="DEV-1", protocol=key, url="none", unit=unit)
    conversation = Conversation(settings, families()[key], ear, clock=TurnedClock(), patience=Patience())
    conversation.opened()
    return conversation, ear


@pytest.mark.capability("E1")
@pytest.mark.parametrize("piece", [1, 3, 10_000])
@pytest.mark.parametrize("key", KEYS)
def test_every_protocol_reads_its_recorded_transcript(key, piece):
    for said in transcript(key)["said"]:
        conversation, ear = talk(key, unit_of(key))
        heard = said["heard"].encode("latin-1")
        for place in range(0, len(heard), piece):
            conversation.heard(heard[place : place + piece])
        assert ear.words == said["means"], said["heard"]


@pytest.mark.parametrize("key", KEYS)
def test_every_protocol_has_a_simulator_whose_typical_frame_it_reads(key):
    conversation, ear = talk(key, unit_of(key))
    conversation.heard(simulators()[key](line=None).typical_frame())
    assert len(ear.readings) + len(ear.scans) == 1
    assert ear.troubles == []


@pytest.mark.parametrize("key", KEYS)
@given(noise=st.binary(max_size=60))
def test_random_bytes_bring_no_value_a_named_trouble_and_never_a_crash(key, noise):
    conversation, ear = talk(key, unit_of(key))
    conversation.heard(noise)
    conversation.lost(ConnectionLost(reason="unplugged"))
    assert ear.readings == []
    assert all(str(trouble.error.what) and str(trouble.error.next) for trouble in ear.troubles)
    assert all(bytes(scan.text, "latin-1") in noise for scan in ear.scans)


@given(value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-9999, max_value=9999, places=3), noise=st.binary(max_size=8))
@pytest.mark.parametrize("key", ["mt_sics", "mitutoyo"])
def test_a_good_value_after_noise_keeps_every_digit_it_was_sent_with(key, value, noise):
    value = abs(value) if value.is_zero() else value
    conversation, ear = talk(key, unit_of(key))
    conversation.heard(noise + b"\r\n")
    if key == "mt_sics":
        conversation.heard(f"S S {value:>10} g\r\n".encode())
    else:
        conversation.heard(b"01A" + (b"-" if value < 0 else b"+") + f"{abs(value):08.3f}".encode() + b"\r")
    (reading,) = ear.readings
    assert str(reading.quantity.value) == str(value)


@given(
    text=st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0xFF, blacklist_characters="\x7f" + "".join(map(chr, range(0x80, 0xA0)))),
        min_size=1,
    )
)
def test_a_scan_keeps_every_character(text):
    try:
        assert families()["line_scanner"].make(unit=None).parse(text.encode("latin-1")) == Scanned(text=text)
    except NothingRead:
        assert text in ("NR", "NOREAD", "NO READ", "ERROR")


@pytest.mark.parametrize(
    ("key", "frame", "error"),
    [
        ("mt_sics", b"S S     12,50 g", UnreadableFrame),
        ("mt_sics", b"S S     1e400 g", UnreadableFrame),
        ("mt_sics", b"S S  Infinity g", UnreadableFrame),
        ("mt_sics", b"S S     -0.00 g", MinusZero),
        ("mt_sics", b"S +", OutOfRange),
        ("mt_sics", "S S     １2.50 g".encode(), UnreadableFrame),
        ("mitutoyo", b"01A-0000.000", MinusZero),
        ("mitutoyo", b"01A+0000.12", UnreadableFrame),
        ("mitutoyo", b"01A+.0000000", UnreadableFrame),
        ("mitutoyo", b"911", InstrumentTrouble),
    ],
)
def test_a_value_nobody_can_be_sure_of_is_refused_with_its_bytes_kept(key, frame, error):
    """Catalogue C4."""
    conversation, ear = talk(key, unit_of(key))
    conversation.heard(frame + (b"\r\n"))
    (trouble,) = ear.troubles
    assert type(trouble.error) is error
    assert trouble.raw == frame
    assert ear.readings == []


def test_a_gauge_without_a_unit_in_its_record_cannot_be_connected():
    with pytest.raises(ValueError, match="unit"):
        families()["mitutoyo"].make(unit=None)


def test_a_scanner_with_a_unit_is_somebody_elses_record():
    with pytest.raises(ValueError, match="unit"):
        families()["line_scanner"].make(unit="mm")


def test_two_families_cannot_share_a_key():
    with pytest.raises(TypeError, match="mt_sics"):
        protocol(
            key="mt_sics",
            label="Another",
            line=SerialLine(baud=9600),
            framing=families()["mt_sics"].framing,
            gives="weight",
            known=families()["mt_sics"].known,
        )(type(families()["mt_sics"].make(unit=None)))
