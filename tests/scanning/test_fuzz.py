"""Whatever arrives, the scan gets an answer; what was built by the rules comes back as it was."""

from datetime import date

from biip.checksums import gs1_standard_check_digit
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli.decode import answer, described
from app.scanning.gs1_checks import CSET82
from app.scanning.interpret import interpret
from app.scanning.result import Status
from tests.scanning.cases import TODAY

FRAMES = st.sampled_from(
    [
        "",
        "]d2",
        "]C1",
        "]Q3",
        "]e0",
        "]Q1",
        "]d1",
        "]E0",
        "]A0",
        "(",
        "(01)",
        "01",
        "+",
        "+$$",
        "MA.156.",
        "=/",
        "https://a/",
        "8110",
        "\x1d",
    ]
)
LETTERS = st.text(alphabet=CSET82 + "\x1d()[]{}^ ", max_size=60)
DIGITS = st.text(alphabet="0123456789", min_size=13, max_size=13)
VALUES = st.text(alphabet=CSET82, min_size=1, max_size=14)
DAYS = st.dates(min_value=date(1978, 1, 1), max_value=date(2076, 12, 31))


def with_check_digit(figures):
    return figures + str(gs1_standard_check_digit(figures))


@given(st.text())
def test_any_text_gets_an_answer(text):
    scanned = interpret(text, today=TODAY)
    assert (scanned.error is None) == (scanned.status is Status.VALID)
    assert scanned.raw == text.rstrip("\r\n")
    assert described(scanned)["status"] == scanned.status.value


@settings(max_examples=400)
@given(FRAMES, LETTERS)
def test_text_that_nearly_is_a_code_gets_an_answer(frame, text):
    scanned = interpret(frame + text, today=TODAY)
    assert (scanned.error is None) == (scanned.status is Status.VALID)


@given(st.binary(max_size=200))
def test_any_line_of_a_file_gets_an_answer(line):
    assert '"result"' in answer(line)


@given(figures=DIGITS, day=DAYS, lot=VALUES, serial=VALUES)
def test_what_was_encoded_comes_back_scanned_and_typed(figures, day, lot, serial):
    gtin = with_check_digit(figures)
    expected = [["01", gtin], ["17", f"{day:%y%m%d}"], ["10", lot], ["21", serial]]
    scanned = interpret("]d2" + f"01{gtin}17{day:%y%m%d}10{lot}\x1d21{serial}", today=TODAY)
    assert scanned.status is Status.VALID
    assert [[element.ai, element.raw] for element in scanned.elements] == expected
    assert (scanned.gtin, scanned.expires_on, scanned.lot, scanned.serial) == (gtin, day, lot, serial)
    typed = "".join(f"({ai})" + value.replace("(", "\\(") for ai, value in expected)
    again = interpret(typed, today=TODAY)
    assert [[element.ai, element.raw] for element in again.elements] == expected


@given(figures=DIGITS, position=st.integers(0, 13), shift=st.integers(1, 9))
def test_one_wrong_figure_in_a_product_number_is_always_noticed(figures, position, shift):
    gtin = with_check_digit(figures)
    wrong = gtin[:position] + str((int(gtin[position]) + shift) % 10) + gtin[position + 1 :]
    assert interpret(f"]d201{wrong}", today=TODAY).status is Status.INVALID
