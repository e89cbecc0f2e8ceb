"""The lot's history as a paper that stands for itself."""

from datetime import UTC, datetime

import pypdfium2
import pytest

from app.base.phrases import THIN_SPACE, Language, Name
from app.tracing.queries import lot_history
from app.tracing.report import lot_paper, printed_words
from tests.plant import PACK, Plant
from tests.reports.test_page import strokes_inside_text
from tests.tracing.lots import Walked, clean_lot, rich_lot, without_triggers

AT = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)


def printed():
    return printed_words(at=AT, person=Name("Wang Haiyan", "王海燕"), station="QA-01")


def paper(plant: Plant, walked: Walked, language: Language = Language.EN) -> bytes:
    history = plant.sign_in("wang.haiyan").ask(lambda session: lot_history(session, walked.lot))
    return lot_paper(history, language, printed=printed())


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


@pytest.mark.capability("F10")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            Language.EN,
            [
                "Lot history",
                "Catheter-hub assembly 22G × 25 mm",
                "Nordfil Medical GmbH",
                "NF26-0931",
                "30 Sep 2029",
                PACK.replace("\x1d", "<GS>"),
                f"1{THIN_SPACE}250.40 g WB-04, B825410067 01A+01250.40 Zhou Min",
                "24.50 – 25.50 mm",
                "25.62 mm too high DC-014 01A+00025.62 Li Ming IQC-02",
                "Effective length, sample 3: 25.62 mm (24.50 – 25.50), DC-014",
                "Xu Lan 许岚",
                "Released: L26-0001, version 1",
                "Stands: the content is what was signed.",
                "Printed 24 Nov 2026 15:12 +08:00 by Wang Haiyan at QA-01",
            ],
        ),
        (
            Language.ZH,
            ["批次履历", "导管座组件 22G × 25 mm", "诺德菲尔医疗", "2029-09-30", "周敏", "25.62 mm 偏高 DC-014", "让步使用", "Xu Lan 许岚"],
        ),
    ],
)
def test_the_paper_says_the_facts_of_its_lot_in_the_reader_s_language(plant: Plant, language: Language, said: list[str]):
    text = words(paper(plant, rich_lot(plant, released=True), language))
    assert [fact for fact in said if " ".join(fact.split()) not in text] == []


@pytest.mark.parametrize("language", Language)
def test_of_two_lots_of_one_item_each_paper_names_only_its_own(plant: Plant, language: Language):
    rich, clean = rich_lot(plant, supplier_lot="NF26-0931"), clean_lot(plant, supplier_lot="NF26-0932")
    of_rich, of_clean = words(paper(plant, rich, language)), words(paper(plant, clean, language))
    for text, own, other in ((of_rich, rich, clean), (of_clean, clean, rich)):
        assert own.code in text
        assert own.container in text
        assert other.code not in text
        assert other.container not in text
    assert ("NF26-0932" in of_rich, "DEV26-0001" in of_clean, "IQC26-0002" in of_clean) == (False, False, True)


@pytest.mark.parametrize("language", Language)
def test_the_same_history_printed_twice_is_the_same_file(plant: Plant, language: Language):
    walked = rich_lot(plant, released=True)
    assert paper(plant, walked, language) == paper(plant, walked, language)


def test_an_undone_receipt_is_struck_through_with_who_undid_it_and_why(plant: Plant):
    pdf = paper(plant, rich_lot(plant))
    container = plant.rows("SELECT c.code FROM container c JOIN receipt_undo u ON u.receipt = c.receipt")[0][0]
    assert strokes_inside_text(pdf, container) == 1
    assert f"Receipt of container {container} undone by Zhou Min" in words(pdf)
    assert "pack is torn" in words(pdf)


@pytest.mark.capability("K1")
def test_a_signature_on_paper_has_name_meaning_time_with_zone_and_station(plant: Plant):
    walked = rich_lot(plant, released=True)
    text = words(paper(plant, walked))
    signed = plant.rows("SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI:SS') FROM signature WHERE meaning = 'released'")[0][0]
    assert f"{signed} +08:00 Stands" in text
    assert "Station IQC-02, Asia/Shanghai" in text


@pytest.mark.capability("K2")
@pytest.mark.parametrize(
    ("language", "told"), [(Language.EN, "is broken: the content was changed after it was signed"), (Language.ZH, "签名失效")]
)
def test_a_broken_signature_stands_at_the_head_of_the_paper(plant: Plant, language: Language, told: str):
    walked = rich_lot(plant, released=True)
    assert told not in words(paper(plant, walked, language))
    without_triggers(plant, "UPDATE lineside.measurement SET value = 25.05 WHERE sample_no = 2 AND value = 25.04")
    first_page = words(paper(plant, walked, language))[:600]
    assert told in first_page
    assert ("Wang Haiyan" if language is Language.EN else "王海燕") in first_page


def test_a_lot_nobody_inspected_has_a_paper_too(plant: Plant):
    received = plant.receive()
    plant.close()
    walked = Walked(lot=received.lot, code=received.lot_code, container=received.container_code, deviation=None)
    text = words(paper(plant, walked))
    assert "Nobody began an inspection of this lot." in text
    assert "No deviation was opened." in text
    assert "Nobody has signed anything of this lot." in text
