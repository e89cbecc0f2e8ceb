"""A protocol that the plant defined itself: read, tried against its cases, spoken at a station, found by listening."""

import json
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.base.phrases import Language
from app.core.own_protocols import SignedText, families_of, keep_protocols, kept_protocols
from app.devices.conversation import Conversation
from app.devices.errors import InstrumentTrouble, NotSettled, OutOfRange, UnreadableFrame
from app.devices.meaning import meanings
from app.devices.patterns.cases import demand_proven, hold_cases
from app.devices.patterns.definition import DefinitionRefused, read_definition
from app.devices.protocol import Parsed, Status, families, speak_own
from app.devices.recognition.evidence import Strength
from app.devices.recognition.kinds import kinds
from app.devices.settings import DeviceSettings, Patience
from tests.devices.ear import Ear, TurnedClock
from tests.devices.patterns.own import TORQUE, changed

pytestmark = pytest.mark.capability("E1")

DOCUMENT = UUID("01990000-0000-7000-8000-000000000001")


@pytest.fixture
def spoken():
    """The torque tester is one of this station's families for the time of a test."""
    speak_own([read_definition(TORQUE).family(DOCUMENT)])
    yield families()["TORQUE-X"]
    speak_own([])


def torque_tester():
    return read_definition(TORQUE).speaker(unit="Nm")


def test_a_frame_becomes_a_value_with_the_digits_the_unit_and_the_judgement_that_were_sent():
    said = torque_tester().parse(b"-  12.50 Nm S NG")
    assert isinstance(said, Parsed)
    assert (str(said.quantity.value), said.quantity.unit, said.stable, said.judged) == ("-12.50", "Nm", True, "NG")


def test_what_is_no_value_is_said_as_what_it_is():
    for frame, trouble in ((b"OL+", OutOfRange), (b"E07", InstrumentTrouble), (b"BUSY", NotSettled), (b"+ 1.2", UnreadableFrame)):
        with pytest.raises(trouble):
            torque_tester().parse(frame)
    said = torque_tester().parse(b"ID 4711X")
    assert isinstance(said, Status)
    assert said.serial_number == "4711X"


def test_a_word_for_stable_that_stands_in_no_list_is_an_error_and_never_a_number():
    wider = changed("(?P<stable>[SU])", "(?P<stable>[A-Z])")
    with pytest.raises(UnreadableFrame):
        read_definition(wider).speaker(unit="Nm").parse(b"+ 1.25 Nm X")


def test_a_comma_is_the_decimal_mark_where_the_definition_says_so():
    german = changed('decimal = "."', 'decimal = ","').replace(r"\d+\.\d+", r"\d+,\d+").replace("1.25 Nm S OK", "1,25 Nm S OK")
    said = read_definition(german).speaker(unit="Nm").parse(b"+1,250 Nm U")
    assert isinstance(said, Parsed)
    assert said.quantity.value.as_tuple() == Decimal("1.250").as_tuple()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("revision = 1\n", "", "“revision” is missing"),
        ("revision = 1\n", "# first\nrevision = 1\n", "begins with key and revision"),
        ('gives = "measurement"', 'gives = "length"', "“gives” cannot be"),
        ("stopbits = 1, ", "", "“stopbits” is missing"),
        ('ask = "?\\r\\n"', 'asks = "?"', "“asks” is not known here"),
        ("longest = 40", "longest = 4000", "cannot be 4000"),
        ('ends = ["\\r\\n"]', "ends = []", "cannot be []"),
        (r"\d+\.\d+", r"[\d.]+", "pattern no. 1: the group value also fits “.”"),
        ('key = "TORQUE-X"', 'key = "torque"', "cannot be"),
        ('means = "value"', 'means = "weight"', "cannot be"),
        ('frame = "OL+"', 'frame = "OL+喆"', "case no. 3"),
        ("[[patterns]]", "[[pattern]]", "“pattern” is not known here"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_with_place_and_reason(old: str, new: str, reason: str):
    with pytest.raises(DefinitionRefused) as refused:
        read_definition(changed(old, new))
    assert reason in str(refused.value.what)
    assert refused.value.what.in_language(Language.ZH) != str(refused.value.what)


def test_every_case_is_held_against_the_patterns():
    assert all(one.fits for one in hold_cases(read_definition(TORQUE)))
    demand_proven(read_definition(TORQUE))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('value = "1.25"', 'value = "1.250"', "case no. 1"),
        ('unit = "Nm"', 'unit = "N.m"', "case no. 1"),
        ('stable = "stable"', 'stable = "unknown"', "case no. 1"),
        ('text = "OK"', 'text = "NG"', "case no. 1"),
        ('frame = "BUSY"\nmeans = "no_value"', 'frame = "BUSY"\nmeans = "status"', "case no. 6"),
        ('frame = "+  1.2"\nmeans = "unreadable"', 'frame = "+  1.2"\nmeans = "value"', "case no. 8"),
        ('[[cases]]\nframe = "OL-"\nmeans = "underload"\n', "", "pattern no. 3"),
        ('[[cases]]\nframe = "+  1.2"\nmeans = "unreadable"\n', "", "must not be read"),
    ],
)
def test_what_its_cases_do_not_prove_is_proven_by_nobody(old: str, new: str, reason: str):
    with pytest.raises(DefinitionRefused) as refused:
        demand_proven(read_definition(changed(old, new)))
    assert reason in str(refused.value.what)


def test_its_reading_names_the_document_that_made_it(spoken):
    ear, clock = Ear(), TurnedClock()
    settings = DeviceSettings(code="TQ-01", protocol="TORQUE-X", url="/dev/null", unit="Nm", expected_serial="4711X")
    talk = Conversation(settings, spoken, ear, clock=clock, patience=Patience())
    assert talk.opened() == [b"ID\r\n"]
    talk.heard(b"+  1.25 Nm S OK\r\n")
    assert ear.readings == []  # who it is we do not know yet
    talk.heard(b"ID 4711X\r\n+  1.25 Nm S OK\r\n+ 1.2\r\nOL+\r\n")
    (reading,) = ear.readings
    assert (str(reading.quantity.value), reading.quantity.unit, reading.stable) == ("1.25", "Nm", True)
    assert reading.read_by == DOCUMENT
    assert [one.error.code for one in ear.troubles][1:] == ["device.unreadable", "device.out_of_range"]


BURST = changed('framing = { ends = ["\\r\\n"], longest = 40 }', "framing = { length = 16, quiet_s = 0.1 }")
BURST = BURST[: BURST.index("[[cases]]")] + '[[cases]]\nframe = "+    12.50 Nm S "\nmeans = "unreadable"\n'


def test_bursts_between_silences_are_taken_whole_or_not_at_all():
    ear, clock = Ear(), TurnedClock()
    family = read_definition(BURST).family(DOCUMENT)
    talk = Conversation(
        DeviceSettings(code="TQ-01", protocol="TORQUE-X", url="x", unit="Nm"), family, ear, clock=clock, patience=Patience(heartbeat_s=99)
    )
    talk.opened()

    def bursts(*chunks: bytes) -> list[str]:
        before = len(ear.readings)
        for chunk in chunks:
            talk.heard(chunk)
        clock.turn(0.15)
        talk.time_passes()
        return [str(one.quantity.value) for one in ear.readings[before:]]

    frame = b"+    12.500 Nm S"
    assert bursts(frame) == ["12.500"]
    assert bursts(frame[:5], frame[5:]) == ["12.500"]
    assert bursts(frame[:-1]) == []
    assert bursts(frame, frame) == []
    assert bursts(frame * 200) == []
    assert bursts(frame) == ["12.500"]


def test_by_listening_alone_it_is_one_of_those_it_could_be_and_nothing_is_asked(spoken):
    (kind,) = [one for one in kinds() if one.key == "TORQUE-X"]
    assert kind.question is None  # “ID” may be a command to another device
    found = kind.judge(b"+  1.25 Nm S OK\r\n- 0.50 Nm U\r\n")
    assert found is not None
    assert (found.strength, found.times) == (Strength.LIKE, 2)


def test_a_draft_and_a_key_of_this_program_are_spoken_by_no_station():
    for family in (read_definition(TORQUE).family(None), families()["mt_sics"]):
        with pytest.raises(TypeError):
            speak_own([family])


def _signed(source: str = TORQUE, **other: object) -> SignedText:
    given = {"id": uuid4(), "code": "TORQUE-X", "revision": 1, "source": source, "sha256": read_definition(source).sha256, **other}
    return SignedText(**given)  # type: ignore[arg-type]


def test_what_the_window_wrote_down_is_what_the_tools_speak(tmp_path: Path):
    file = tmp_path / "stations" / "IQC-02" / "protocols.json"
    kept = [_signed()]
    keep_protocols(file, kept)
    assert kept_protocols(file) == kept
    (family,) = families_of(kept)
    assert family.own is not None
    assert (family.own.id, family.own.revision, family.own.sha256) == (kept[0].id, 1, kept[0].sha256)
    assert meanings(family, b"+  1.25 Nm S OK\r\n")[0].value == Decimal("1.25")


@pytest.mark.parametrize(
    "wrong",
    [{"sha256": "00" * 32}, {"revision": 2}, {"code": "TORQUE-Y"}, {"source": "key = 1"}, {"source": changed("Nm S OK", "Nm S  OK")}],
)
def test_a_text_that_is_not_what_was_signed_is_not_spoken(wrong: dict[str, object]):
    whole = _signed()
    given = {"id": whole.id, "code": whole.code, "revision": whole.revision, "source": whole.source, "sha256": whole.sha256, **wrong}
    assert families_of([SignedText(**given)]) == []  # type: ignore[arg-type]


def test_a_file_that_cannot_be_read_holds_no_protocol(tmp_path: Path):
    file = tmp_path / "protocols.json"
    assert kept_protocols(file) == []
    for content in ("{", "[1]", '[{"id": "x"}]', json.dumps([{"id": str(DOCUMENT)}])):
        file.write_text(content, "utf-8")
        assert kept_protocols(file) == []
