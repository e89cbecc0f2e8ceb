"""The record of a batch on paper says what was done, never what was planned."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from app.base.ids import new_id
from app.base.phrases import Language, Name
from app.core.subject import Subject
from app.deviations.commands import OpenDeviation
from app.reports import fonts
from app.reports.fonts import Weight
from app.tracing.batch_export import batch_bundle
from app.tracing.batch_queries import batch_history
from app.tracing.batch_report import batch_paper
from app.tracing.filing import file_batch_paper
from app.tracing.history import Standing
from app.tracing.report import printed_words
from tests.batches.runs import Run
from tests.batches.stories import CLIPS, HUBS, OTHER_HUBS, UNTOUCHED, Told
from tests.plant import Plant
from tests.reports.test_page import assert_inside_the_frame, pages_of, strokes_inside_text
from tests.tracing.test_export import parts
from tests.tracing.test_history import questions

AT = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)
BOTH = pytest.mark.parametrize("language", Language)


def history(plant: Plant, batch):
    found = plant.sign_in("wang.haiyan").ask(lambda session: batch_history(session, batch))
    plant.close()
    return found


def paper(plant: Plant, batch, language: Language = Language.EN) -> bytes:
    printed = printed_words(at=AT, person=Name("Wang Haiyan", "王海燕"), station="QA-01")
    return batch_paper(history(plant, batch), language, printed=printed)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(pages_of(pdf)).split())


def between(text: str, begin: str, end: str) -> str:
    """What stands between two headings."""
    return text[text.index(begin) : text.index(end, text.index(begin))]


def page_with(pdf: bytes, word: str) -> int:
    return next(number for number, text in enumerate(pages_of(pdf), 1) if word in text)


def behind_the_gates(plant: Plant, *statements: str) -> None:
    """What an administrator of the database can do."""
    shell = plant.superuser()
    shell.execute("SET session_replication_role = replica")
    for table in ("batch", "batch_step", "step_entry", "consumption", "consumption_undo", "item", "person"):
        shell.execute(f"ALTER TABLE lineside.{table} DISABLE TRIGGER ALL")
    for statement in statements:
        assert shell.execute(statement).rowcount > 0  # type: ignore[arg-type]
    plant.close()


@pytest.mark.capability("F10", "G2")
def test_of_two_lots_of_one_material_the_right_one_stands_everywhere(told_floor: Told):
    """On paper in both languages, in the rows with what they cite, in the ledger, and on the labels of what was taken."""
    told, ours = told_floor, told_floor.lots
    hubs, other, clips, untouched = (ours[theirs] for theirs in (HUBS, OTHER_HUBS, CLIPS, UNTOUCHED))
    for language, begin, end in ((Language.EN, "2. Catheter-hub", "3. Safety clips"), (Language.ZH, "2. 导管座组件", "3. 安全夹")):
        text = words(paper(told.plant, told.batch, language))
        step = between(text, begin, end)
        assert (step.count(hubs), step.count(other), clips in step) == (3, 2, False)
        assert f"({HUBS})" in step or f"（{HUBS}）" in step
        assert (untouched in text, UNTOUCHED in text) == (False, False)
        units = text[text.index("Units and labels" if language is Language.EN else "单件与标签") :]
        units = between(units, told.serials[0], told.serials[1])
        assert (clips in units, hubs in units) == (True, False)
    inside = parts(told.ask(lambda session: batch_bundle(session, told.batch, Language.EN), "ma.lin"))
    cited = [json.loads(json.loads(line)["payload"]) for line in inside["cited.jsonl"].splitlines()]
    code_of = {entry["new"]["id"]: (entry["new"]["code"], entry["new"]["supplier_lot"]) for entry in cited if entry["tab"] == "lot"}
    lines = [json.loads(line) for line in inside["rows.jsonl"].splitlines()]
    undone = {line["row"]["consumption"] for line in lines if line["table"] == "consumption_undo"}
    taken = [line["row"] for line in lines if line["table"] == "consumption"]
    stays = sorted((*code_of[row["lot"]], row["quantity"], row["unit_serial"]) for row in taken if row["id"] not in undone)
    units_of_clips = [(clips, CLIPS, 1, serial) for serial in told.serials]
    assert stays == [(hubs, HUBS, 1, None), (other, OTHER_HUBS, 1, None), *units_of_clips]
    ledger = told.plant.rows(
        "SELECT l.code, sum(g.quantity)::int FROM ledger g JOIN lot l ON l.id = g.lot WHERE g.kind <> 'receipt' GROUP BY 1"
    )
    assert sorted(ledger) == [(hubs, -1), (other, -1), (clips, -2)]
    for row in taken:
        labels = told.plant.rows("SELECT content ->> 'lot' FROM label WHERE subject_id = %s", row["container"])
        assert {lot for (lot,) in labels} <= {code_of[row["lot"]][0]}
    labels_of_units = told.plant.rows("SELECT DISTINCT content ->> 'lot' FROM label WHERE kind = 'unit'")
    assert labels_of_units == [(told.code,)]


@pytest.mark.capability("F10")
def test_a_corrected_value_is_struck_through_with_who_when_and_why(told_floor: Told):
    pdf = paper(told_floor.plant, told_floor.batch)
    page = page_with(pdf, "7. Pouch sealing")
    assert strokes_inside_text(pdf, "1.12 s", page_no=page) == 1
    assert strokes_inside_text(pdf, "1.21 s", page_no=page) == 0
    text = words(pdf)
    assert "1.12 s by Chen Jing," in text
    assert "corrected to 1.21 s by Chen Jing," in text
    assert "misread the display" in text
    assert strokes_inside_text(pdf, "2 pcs", page_no=page_with(pdf, "2. Catheter-hub"), nth=2) == 1  # the first is the tolerance
    assert "Taken back by Chen Jing" in text
    assert "wrong tray" in text


@pytest.mark.capability("F10", "F9")
def test_draft_stands_across_every_page_until_quality_has_released(told: Told):
    for language, draft in ((Language.EN, "Draft"), (Language.ZH, "草稿")):
        assert all(draft in text for text in pages_of(paper(told.plant, told.batch, language)))
    told.run.review()
    told.run.release()
    told.run.home()
    for language, draft in ((Language.EN, "Draft"), (Language.ZH, "草稿")):
        assert draft not in words(paper(told.plant, told.batch, language))
    told.run.release_to_market()
    text = words(paper(told.plant, told.batch))
    assert "Released to market: " + told.code in text
    assert "He Qing 何青" in text


@pytest.mark.capability("K2")
def test_a_deviation_opened_after_the_release_is_told_and_breaks_no_signature(told: Told):
    told.run.review()
    told.run.release()
    subject, words_said = Subject(kind="batch", id=told.batch, version=1), "A customer found a burr."
    told.run.at.give(
        OpenDeviation(
            command_id=new_id(),
            id=new_id(),
            subject=subject,
            cause_kind="other",
            cause_id=told.batch,
            kind="discrepancy",
            class_="minor",
            what_happened=words_said,
            facts={"found": "burr at the hub"},
        )
    )
    told.run.home()
    released = [given.standing for given in history(told.plant, told.batch).signatures if given.meaning == "released for production"]
    assert released == [Standing.LATER]
    text = words(paper(told.plant, told.batch))
    assert ("ATTENTION" in text, text.count(words_said), "found: burr at the hub" in text) == (False, 2, True)
    behind_the_gates(told.plant, "UPDATE lineside.batch SET made_on = made_on - 1")
    assert "ATTENTION. The signature of Wang Haiyan on" in words(paper(told.plant, told.batch))


@pytest.mark.capability("F10")
@BOTH
def test_every_step_has_its_bookmark_and_every_page_its_number(told_floor: Told, language: Language):
    pdf = paper(told_floor.plant, told_floor.batch, language)
    document = pypdfium2.PdfDocument(pdf)
    marks = [(mark.get_title(), mark.level) for mark in document.get_toc()]
    document.close()
    found = history(told_floor.plant, told_floor.batch)
    assert [title for title, level in marks if level == 1] == [f"{step.no}. {step.name.in_language(language)}" for step in found.steps]
    pages = pages_of(pdf)
    said = "Page {} of {}" if language is Language.EN else "第 {} 页，共 {} 页"
    assert all(said.format(number, len(pages)) in text for number, text in enumerate(pages, 1))


def test_what_a_machine_said_is_drawn_and_told_in_figures(told_floor: Told):
    found = history(told_floor.plant, told_floor.batch)
    ((trace,),) = (step.traces for step in found.steps if step.traces)
    assert (trace.machine, trace.statistics.samples, len(trace.excursions), trace.gaps) == ("SL-03", 6, 1, ())
    pdf = paper(told_floor.plant, told_floor.batch)
    assert "Seal temperature, SL-03: 6 samples, 0 of them without a value; lowest 136.8, highest 143.9, mean 139.28 °C" in words(pdf)
    assert "step 7, Pouch sealing: Seal temperature, 143.9 °C (limits 132.0 – 142.0)" in words(pdf), "what its deviation was opened for"
    page = pypdfium2.PdfDocument(pdf)[page_with(pdf, "7. Pouch sealing") - 1]
    paths = [item.get_bounds() for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
    assert [1 for left, bottom, right, top in paths if right - left > 2 and 30 < top - bottom < 90 and right - left < 450]  # the curve


@pytest.mark.capability("F10")
def test_what_nobody_entered_is_said_to_be_so_and_no_planned_value_stands_in_for_it(run: Run):
    """The sealer runs; dwell and pressure were not entered. Nothing depends on the clock: the trace ends with its last sample."""
    run.clear()
    run.load()
    run.assemble()
    run.start("sealing")
    run.says("136.8", "137.4")
    run.home()
    for language in Language:
        assert paper(run.plant, run.batch, language) == paper(run.plant, run.batch, language)
    sealing = between(words(paper(run.plant, run.batch)), "7. Pouch sealing", "8. Seal width")
    assert sealing.count("not entered") == 5  # dwell, pressure, lowest, highest, longest silence
    assert ("1.20" in sealing, "137.0" in sealing) == (False, False)
    assert "Dwell 1.00 – 1.40 s not entered" in sealing


def test_a_plan_that_is_changed_behind_the_record_changes_no_value_on_paper(told: Told):
    """The fault of papers that print the plan: other nominals, other quantities and counts must not appear as facts."""
    before = words(paper(told.plant, told.batch))
    behind_the_gates(
        told.plant,
        "UPDATE lineside.batch SET planned = 17",
        """UPDATE lineside.batch_step SET spec = jsonb_set(jsonb_set(jsonb_set(spec, '{parameters,0,nominal}', '"133.3"'),
            '{parameters,1,nominal}', '"1.33"'), '{parameters,2,nominal}', '"433"') WHERE key = 'sealing'""",
        """UPDATE lineside.batch_step SET spec = jsonb_set(spec, '{quantity}', '"13"') WHERE key IN ('hubs', 'clips')""",
        """UPDATE lineside.batch_step SET spec = jsonb_set(spec, '{count}', '19') WHERE key = 'unit_labels'""",
    )
    text = words(paper(told.plant, told.batch))
    planted = ("133.3", "1.33 s", "433", "19")
    assert [value for value in planted if f" {value} " in text] == []
    assert (text.count("17 pcs"), text.count("13 pcs")) == (1, 2)  # beside "Planned", and twice beside "Demanded"
    for fact in ("1.21 s conforms", "415 kPa conforms", "143.9 °C too high", "In the batch: 2 pcs of lot", "Labels issued 3"):
        assert (text.count(fact), fact) == (before.count(fact), fact)
        assert fact in text


@pytest.mark.capability("K2")
def test_a_signature_that_fell_says_so_and_counts_again_when_given_anew(told_floor: Told):
    found = history(told_floor.plant, told_floor.batch)
    steps = [(given.meaning, given.standing) for given in found.signatures if given.subject_kind == "batch_step"]
    assert steps == [(m, s) for s in (Standing.FELL, Standing.STANDS) for m in ("performed", "verified")]
    assert found.unsound == ()
    assert words(paper(told_floor.plant, told_floor.batch)).count("Counts no longer: ") == 4  # at their steps and at the end


@pytest.mark.capability("K2")
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE lineside.step_entry SET value = 1.20 WHERE value = 1.21",
        "UPDATE lineside.consumption SET lot = (SELECT id FROM lineside.lot WHERE supplier_lot = 'NF26-0933') WHERE unit_serial IS NULL",
    ],
)
def test_a_record_changed_behind_its_signatures_says_so_on_its_first_page(told: Told, harm: str):
    behind_the_gates(told.plant, harm)
    assert "ATTENTION. The signature of Chen Jing on" in pages_of(paper(told.plant, told.batch))[0].replace("\n", " ")


def test_long_names_and_rare_characters_come_out_whole_and_inside_the_frame(told: Told):
    """A sentence of 400 characters in every name, and a character the font has no picture for."""
    long_zh, long_en = "封口温度监控" * 60, "Sealing of the pouch under watch " * 12
    behind_the_gates(
        told.plant,
        f'UPDATE lineside.batch_step SET spec = jsonb_set(spec, \'{{name}}\', \'{{"en": "{long_en}", "zh": "{long_zh}"}}\')',
        f"UPDATE lineside.item SET name_en = '{long_en[:200]}', name_zh = '{long_zh[:200]}'",
        "UPDATE lineside.step_entry SET reason = 'read by 𠮷 twice 😀' WHERE reason = 'misread the display'",
        "UPDATE lineside.person SET name_zh = '陈静陈静陈静陈静陈静陈静陈静陈静陈静陈静'",
    )
    for language, said in ((Language.EN, long_en), (Language.ZH, long_zh)):
        pdf = paper(told.plant, told.batch, language)
        assert_inside_the_frame(pdf)
        text = words(pdf)
        assert "read by [U+20BB7] twice [U+1F600]" in text
        assert fonts.missing(text, Weight.REGULAR) == []
        assert "".join(said.split()) in "".join(text.split())


def test_the_record_is_filed_in_the_folder_of_the_person_who_asked_for_it(told_floor: Told, tmp_path: Path):
    who = {"language": Language.ZH, "person": Name("Wang Haiyan", "王海燕"), "station": "QA-01", "folder": tmp_path / "papers"}
    filed = told_floor.ask(lambda session: file_batch_paper(session, told_floor.batch, **who))
    assert [filed.file] == [*(tmp_path / "papers").iterdir()]
    assert filed.file.name.startswith(told_floor.code)
    pages = pages_of(filed.file.read_bytes())
    assert (len(pages), filed.first_page[:4]) == (filed.pages, b"\x89PNG")
    assert all("由 王海燕 在 QA-01 打印" in text for text in pages)


def test_a_record_is_read_in_a_number_of_questions_that_does_not_grow(told_floor: Told, floor: Run):
    """Twelve more entries, signatures and corrections cost none; a machine's channel that was read costs four."""

    def asked(plant: Plant, batch) -> int:
        here = plant.sign_in("wang.haiyan")
        with questions() as found:
            here.ask(lambda session: batch_history(session, batch))
        plant.close()
        return len(found)

    bare, rich = asked(floor.plant, floor.batch), asked(told_floor.plant, told_floor.batch)
    assert (bare, rich - bare) == (17, 5)
