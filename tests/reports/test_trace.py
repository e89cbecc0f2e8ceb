"""A machine's trace on paper: limits, stays outside them and silences are to be seen without colour."""

from decimal import Decimal

import pypdfium2
import pytest

from app.base.phrases import Phrase
from app.reports.page import Trace
from app.reports.trace import Stretch
from tests.reports.test_page import assert_inside_the_frame, bare_paper, pages_of

LIMITS = {"lower": Decimal("132.0"), "upper": Decimal("142.0")}


def drawn(*values: str, gaps=(), lower=None, upper=None) -> bytes:
    """A paper with one trace, a value each ten seconds."""
    stretches = [Stretch(first_s=10.0 * n, last_s=10.0 * n + 5, low=Decimal(v), high=Decimal(v)) for n, v in enumerate(values)]
    trace = Trace(lasts_s=100, stretches=stretches, gaps=gaps, lower=lower, upper=upper, begins=Phrase("Begun"), ends=Phrase("Completed"))
    return bare_paper().trace(trace, caption=Phrase("Value")).to_bytes()


def shapes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Bounds of everything drawn: left, bottom, right, top."""
    document = pypdfium2.PdfDocument(pdf)
    found = [item.get_bounds() for item in document[0].get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
    document.close()
    return found


def begins(pdf: bytes) -> int:
    """How often the curve, the last thing drawn, begins."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    curve = [item for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH][-1]
    segments = range(pypdfium2.raw.FPDFPath_CountSegments(curve.raw))
    kinds = [pypdfium2.raw.FPDFPathSegment_GetType(pypdfium2.raw.FPDFPath_GetPathSegment(curve.raw, n)) for n in segments]
    page.close()
    document.close()
    return kinds.count(pypdfium2.raw.FPDF_SEGMENT_MOVETO)


def test_a_stay_outside_the_limits_is_drawn_once_more_in_a_thick_stroke():
    quiet, loud = shapes(drawn("136.8", "137.4", **LIMITS)), shapes(drawn("136.8", "143.5", "130.9", **LIMITS))
    assert len(loud) - len(quiet) == 2
    thick = [top - bottom for left, bottom, right, top in loud if right - left < 6]
    assert [height > 6 for height in thick] == [True, True]


def test_a_silence_is_a_darker_ground_and_the_curve_does_not_cross_it():
    values = ("136.8", "137.4", "137.0", "136.9")
    whole, broken = shapes(drawn(*values, **LIMITS)), shapes(drawn(*values, gaps=[(15.0, 20.0)], **LIMITS))
    assert len(broken) - len(whole) == 1
    assert any(20 < right - left < 24 for left, _, right, _ in broken)  # 5 of 100 seconds
    assert (begins(drawn(*values, **LIMITS)), begins(drawn(*values, gaps=[(15.0, 20.0)], **LIMITS))) == (1, 2)


@pytest.mark.parametrize("values", [(), ("0",), ("5", "5", "5"), ("-1e9", "1e9")])
def test_a_trace_of_anything_stays_inside_the_page(values):
    for limits in ({}, LIMITS, {"upper": Decimal("5")}):
        pdf = drawn(*values, **limits)
        assert_inside_the_frame(pdf)
        assert all(left > 40 and right < 560 for left, _, right, _ in shapes(pdf))
        assert "Begun" in pages_of(pdf)[0]


def test_the_figures_of_the_limits_stand_beside_it():
    text = pages_of(drawn("136.8", **LIMITS))[0]
    assert ("132.0" in text, "142.0" in text) == (True, True)
