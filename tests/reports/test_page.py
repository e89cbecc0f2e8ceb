"""What an auditor reads on a printed record."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from app.base.phrases import THIN_SPACE, Language, Phrase
from app.reports.facts import Corrected, Unprintable
from app.reports.fonts import CharacterNotInFont
from app.reports.page import Noted, Paper
from app.reports.pictures import page_count, page_pictures, page_png
from tests.reports.conftest import COLUMNS, FACTS, SHANGHAI, record, rows

NONE = Phrase("Nothing was measured.")


def pages_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    document.close()
    return texts


def bare_paper(zone=SHANGHAI):
    return Paper(
        Phrase("Inspection record"), Language.EN, zone, number="L26-0003", printed=Phrase("Received"), watermark=None, practice=False
    )


def assert_inside_the_frame(pdf):
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
        assert all(left > 40 and right < 555 and bottom > 20 and top < 815 for left, bottom, right, top in boxes)


@pytest.mark.capability("Q3")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            Language.EN,
            ["Supplier lot", "LOT-A123", "Expiry", "30 Sep 2029", f"4{THIN_SPACE}000 pcs", "30 Sep 2026 15:12 +08:00", "Page 1 of 1"],
        ),
        (
            Language.ZH,
            ["供应商批号", "LOT-A123", "有效期至", "2029-09-30", "2026-09-30 15:12 +08:00", "第 1 页，共 1 页", "外径", "尚未签名"],
        ),
    ],
)
def test_a_record_reads_in_its_reader_s_language(language, said):
    (text,) = pages_of(record(language).to_bytes())
    assert [fact for fact in said if fact not in text] == []


@pytest.mark.parametrize("language", Language)
def test_every_row_of_a_long_table_is_on_paper_once_and_in_order(language):
    texts = pages_of(record(language, count=150).to_bytes())
    numbers = [int(line.split()[0]) for text in texts for line in text.split("\n") if "DC-014" in line]
    assert numbers == list(range(1, 151))


@pytest.mark.capability("F10")
def test_every_page_says_what_it_belongs_to_and_which_of_how_many_it_is():
    texts = pages_of(record(count=150).to_bytes())
    assert len(texts) > 3
    for number, text in enumerate(texts, start=1):
        assert "Inspection record" in text
        assert "L26-0003" in text
        assert f"Page {number} of {len(texts)}" in text
        assert "Printed 30 Sep 2026 15:12 +08:00 by Wang Li at ST-03" in text


def test_the_heading_of_a_table_comes_again_on_its_next_page():
    first, second, *_ = pages_of(record(count=80).to_bytes())
    assert all("Characteristic" in text for text in (first, second))


@pytest.mark.parametrize("count", range(20, 32))
def test_nothing_stands_outside_the_frame_of_the_page(count):
    assert_inside_the_frame(record(count=count).to_bytes())


@pytest.mark.capability("F10")
@pytest.mark.parametrize("language", Language)
def test_a_record_printed_twice_is_the_same_file(language):
    paper = record(language)
    assert paper.to_bytes() == paper.to_bytes() == record(language).to_bytes()


@pytest.mark.capability("F10")
def test_the_file_carries_its_own_fonts():
    pdf = record(Language.ZH).to_bytes()
    assert pdf.count(b"/FontFile2") == 2
    assert b"STSong" not in pdf


def test_a_corrected_value_stays_readable_and_is_struck_through():
    facts = [(Phrase("Location"), Corrected(before=["A-01-01"], now="A-01-02"))]
    corrected = record(facts=facts).to_bytes()
    assert "A-01-01 A-01-02" in " ".join(pages_of(corrected)[0].split())
    assert strokes_inside_text(corrected, "A-01-01") == 1
    assert strokes_inside_text(corrected, "A-01-02") == 0


def strokes_inside_text(pdf, word, *, page_no=1, nth=1):
    """Horizontal lines that cross the middle of `word`, where it stands for the `nth` time on that page."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[page_no - 1]
    text = page.get_textpage()
    found = text.search(word)
    place, count = [found.get_next() for _ in range(nth)][-1]
    left, bottom, _, _ = text.get_charbox(place)
    _, _, right, top = text.get_charbox(place + count - 1)
    lines = [item.get_bounds() for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
    found = sum(1 for x0, y0, x1, y1 in lines if bottom < y0 and y1 < top and x0 < (left + right) / 2 < x1)
    document.close()
    return found


@pytest.mark.capability("F10")
def test_a_signature_shows_name_meaning_and_time_with_zone():
    (text,) = pages_of(record().to_bytes())
    signed = text[text.index("Measured and recorded") :]
    assert "Wang Li 王丽" in signed
    assert "30 Sep 2026 15:12:44 +08:00" in signed
    assert "Not signed yet" in signed


def test_a_draft_says_so_across_every_page():
    assert all("Draft" in text for text in pages_of(record(count=60, draft=True).to_bytes()))
    assert not any("Draft" in text for text in pages_of(record(count=60).to_bytes()))


def test_an_empty_table_says_that_there_is_nothing():
    assert "Nothing was measured." in pages_of(record(count=0).to_bytes())[0]


def test_a_character_the_font_cannot_draw_is_refused_by_name():
    with pytest.raises(CharacterNotInFont, match=r"U\+1F600"):
        record(facts=[(Phrase("Supplier lot"), "LOT😀")])


def test_a_finished_record_may_spell_such_a_character_out_instead():
    pdf = record(facts=[(Phrase("Supplier lot"), "LOT😀\x1d21")], unprintable=Unprintable.SPELL_OUT).to_bytes()
    assert "LOT[U+1F600][U+001D]21" in pages_of(pdf)[0]


@pytest.mark.parametrize("remark", ["观察" * 4000, "word " * 3000, "Z" * 9000])
def test_a_remark_longer_than_a_page_runs_on_and_loses_nothing(remark):
    pdf = bare_paper().text(remark).facts([(Phrase("Location"), remark)]).table(COLUMNS, [["1", remark, "", "", ""]], none=NONE).to_bytes()
    assert sum(text.count(remark[0]) for text in pages_of(pdf)) == 3 * remark.count(remark[0])
    assert_inside_the_frame(pdf)


def test_a_time_without_zone_never_reaches_paper():
    with pytest.raises(ValueError, match="no zone"):
        record(facts=[(Phrase("Received"), datetime(2026, 9, 30, 15, 12))])  # noqa: DTZ001  that is the point


def test_two_moments_of_the_hour_that_exists_twice_differ_on_paper():
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    paper = bare_paper(ZoneInfo("America/New_York"))
    (text,) = pages_of(paper.facts([(Phrase("Received"), first), (Phrase("Expiry"), first + timedelta(hours=1))]).to_bytes())
    assert "1 Nov 2026 01:30 -04:00" in text
    assert "1 Nov 2026 01:30 -05:00" in text


@pytest.mark.parametrize("count", range(18, 44, 2))
def test_the_last_row_of_a_table_never_stands_alone_on_a_page(count):
    last = pages_of(bare_paper().table(COLUMNS, rows(count), none=NONE).to_bytes())[-1]
    assert sum("DC-014" in line for line in last.split("\n")) >= 2


@pytest.mark.parametrize("count", range(20, 32))
def test_a_remark_stands_under_its_row_on_the_same_page(count):
    noted = [Noted(cells=cells, notes=[f"Remark {cells[0]}", f"Remark {cells[0]} once more"]) for cells in rows(count)]
    pages = pages_of(bare_paper().table(COLUMNS, noted, none=NONE).to_bytes())
    assert sum(text.count("Remark") for text in pages) == 2 * count
    for text in pages:
        numbers = [line.split()[0] for line in text.split("\n") if "DC-014" in line]
        assert [line.split()[1] for line in text.split("\n") if line.endswith("once more")] == numbers


def test_a_row_with_too_few_cells_is_a_bug_and_says_so():
    with pytest.raises(ValueError, match="4 cells for 5 columns"):
        record().table(COLUMNS, [rows(1)[0][:4]], none=NONE)


def test_pages_come_as_pictures_for_the_screen():
    pdf = record(count=80).to_bytes()
    assert page_count(pdf) == len(page_pictures(pdf, dpi=36)) == 3
    assert page_png(pdf, page=1, dpi=36).startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="page 4 of 3"):
        page_png(pdf, page=4, dpi=36)


def test_a_chart_stands_in_the_paper_with_its_words():
    (picture,) = page_pictures(record(facts=FACTS).to_bytes(), dpi=36)
    pdf = record(count=3).picture(picture, width_mm=60, caption=Phrase("Outer diameter")).to_bytes()
    document = pypdfium2.PdfDocument(pdf)
    images = [item for page in document for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert len(images) == 1
    document.close()
