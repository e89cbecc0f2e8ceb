"""The same label as a PDF page."""

import numpy as np
import pypdfium2
import pytest

from app.base.phrases import Language
from app.devices.simulators.zpl_drawing import scan
from app.labels.emit.container_label import CONTAINER_STOCK, LabelStock
from app.labels.emit.pdf_form import pdf_label
from app.labels.emit.pieces import DoesNotFitLabel
from app.reports.pictures import page_pictures
from tests.labels.conftest import label


@pytest.mark.capability("G2")
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_page_scans_back_as_the_container_at_every_printer_s_resolution(dpi):
    (picture,) = page_pictures(pdf_label(label(), CONTAINER_STOCK, Language.ZH), dpi=dpi)
    assert scan(np.asarray(picture.convert("L")) < 128) == ("]C0C26-00017",)


@pytest.mark.parametrize(("language", "name"), [(Language.EN, "PVC tubing 3.0 × 4.1 mm"), (Language.ZH, "医用 PVC 软管 3.0 × 4.1 mm")])
def test_the_page_says_what_the_label_says(language, name):
    page = pypdfium2.PdfDocument(pdf_label(label(supplier_lot="^XA~JA"), CONTAINER_STOCK, language))[0]
    text = page.get_textpage().get_text_range()
    assert all(fact in text for fact in (name, "^XA~JA", "C26-00017", "12.50 kg", "14:05 +0800"))
    assert page.get_size() == pytest.approx((100 / 25.4 * 72, 60 / 25.4 * 72), abs=0.1)


def test_the_same_label_gives_the_same_bytes():
    first, second = (pdf_label(label(), CONTAINER_STOCK, Language.ZH) for _ in range(2))
    assert first == second


def test_a_label_too_narrow_for_its_bars_is_refused():
    with pytest.raises(DoesNotFitLabel):
        pdf_label(label(code="C26-00017-0123456789"), LabelStock(width_mm=55, height_mm=60), Language.EN)
