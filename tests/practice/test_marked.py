"""Whatever leaves a plant for practice says so: codes, labels, papers, files. Its database decides that, once and for good."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import psycopg
import pypdfium2
import pytest

from app.base.phrases import Language
from app.core.practice import declare_practice
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.emit.container_label import CONTAINER_STOCK
from app.labels.emit.layout import lay_out
from app.labels.emit.pdf_form import pdf_label
from app.labels.emit.pieces import Bars, Sign
from app.reports.bundle import bundle
from app.scanning.interpret import interpret
from app.tracing.export import lot_bundle
from app.tracing.queries import lot_history
from app.tracing.report import lot_paper
from tests.attack.target import sqlstate_of
from tests.labels.conftest import label
from tests.labels.queue_station import PrintStation
from tests.plant import Plant
from tests.practice.conftest import Built
from tests.reports.conftest import record
from tests.tracing.lots import Walked, rich_lot

pytestmark = pytest.mark.capability("J6")
TOOL = Path(__file__).parents[2] / "tools" / "verify_export.py"
NOT_A_RECORD = {Language.EN: "Practice – not a record", Language.ZH: "练习 – 非记录"}


@pytest.fixture(scope="module")
def lot(practice: Built) -> Walked:
    """A lot received, measured, decided and released by the very commands of the plant."""
    walked = rich_lot(practice.plant, supplier_lot="NF26-0940", released=True)
    practice.plant.close()
    return walked


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


def test_the_database_alone_says_that_it_is_for_practice_and_says_it_before_anybody_signs_in(practice: Built, plant: Plant) -> None:
    assert (practice.plant.link().where().practice, plant.link().where().practice) == (True, False)
    assert (practice.plant.sign_in("li.ming").where.practice, plant.sign_in("li.ming").where.practice) == (True, False)
    practice.plant.close()


def test_neither_becomes_the_other_by_anybodys_hand_the_superusers_included(practice: Built, plant: Plant) -> None:
    with pytest.raises(psycopg.Error, match="does not become one for practice"):
        declare_practice(plant.superuser())
    assert not plant.link().where().practice
    for undo in ("DELETE FROM lineside.practice", "UPDATE lineside.practice SET said_by = 'nobody'", "TRUNCATE lineside.practice"):
        assert sqlstate_of(practice.plant.superuser(), undo) == "LS013"
        for login in ("sun.wei", "li.ming"):
            assert sqlstate_of(practice.plant.shell(login, secret=practice.plant.secret), undo) == "42501"
            assert sqlstate_of(plant.shell(login), "INSERT INTO lineside.practice DEFAULT VALUES") == "42501"
    assert practice.plant.link().where().practice
    practice.plant.close()


def test_no_code_given_out_in_practice_can_be_taken_for_one_of_a_plant(practice: Built, lot: Walked, plant: Plant) -> None:
    asked = "SELECT code FROM lineside.{} ORDER BY code LIMIT 1"
    for table, mark in (("lot", "TL"), ("container", "TC"), ("inspection", "TIQC"), ("deviation", "TDEV")):
        assert str(practice.plant.rows(asked.format(table))[0][0]).startswith(mark)
    assert (interpret(lot.code).fields["what"], interpret(lot.code).fields["code"]) == ("lot", lot.code)
    plant.receive()
    assert str(plant.rows(asked.format("lot"))[0][0])[0] == "L"
    plain = f"SELECT lineside.demand_given_code('lot', '{lot.code.removeprefix('T')}')"
    assert sqlstate_of(practice.plant.superuser(), plain) == "LS065"
    assert sqlstate_of(plant.superuser(), f"SELECT lineside.demand_given_code('lot', '{lot.code}')") == "LS065"
    practice.plant.close()


def bar_of(dots: np.ndarray) -> float:
    """How black the bar of practice is on a 203-dpi label: 0 nothing, 1 all of it."""
    (bar,) = (piece for piece in lay_out(label(practice=True), CONTAINER_STOCK, Language.EN) if isinstance(piece, Sign))
    assert bar.filled
    assert bar.width >= 0.9 * CONTAINER_STOCK.width_mm
    return float(
        dots[round(bar.y * 8) + 2 : round((bar.y + bar.height) * 8) - 2, round(bar.x * 8) + 2 : round((bar.x + bar.width) * 7.9)].mean()
    )


@pytest.mark.parametrize("copy_no", [1, 2])
@pytest.mark.parametrize(("language", "word"), [(Language.EN, "PRACTICE"), (Language.ZH, "练习标签")])
def test_the_label_of_a_container_says_so_across_its_width_and_scans(language: Language, word: str, copy_no: int) -> None:
    marked, plain = (label(code="TC26-00017", practice=practice, copy_no=copy_no) for practice in (True, False))
    assert word in pages_of(pdf_label(marked, CONTAINER_STOCK, language))[0]
    assert word not in pages_of(pdf_label(plain, CONTAINER_STOCK, language))[0]
    pieces = lay_out(marked, CONTAINER_STOCK, language)
    (bars,) = (piece for piece in pieces if isinstance(piece, Bars))
    assert bars.height >= 6, "a hand scanner still catches it"


def test_every_label_the_queue_prints_in_practice_is_marked_by_what_the_database_says(practice: Built, plant: Plant) -> None:
    blackness: list[list[float]] = []
    for own in (practice.plant, plant):
        with ZplPrinter() as printer:
            station = PrintStation(own, printer)
            try:
                code = station.receive(supplier_lot="NF26-0955").container_code
                station.queue().until(lambda _, code=code: f"]C0{code}" in {scan for paper in printer.printed for scan in paper.scans})
                blackness.append([bar_of(paper.dots) for paper in printer.printed])
            finally:
                station.stop()
                own.close()
    marked, plain = blackness
    assert min(marked) > 0.8, "a black bar with white letters"
    assert max(plain) < 0.6, "in its place the bar code's lower end"


@pytest.mark.parametrize("language", Language)
def test_every_page_of_every_paper_says_that_it_is_no_record_at_its_head_and_across(
    practice: Built, lot: Walked, plant: Plant, language: Language
) -> None:
    def paper(own: Plant, one: Walked) -> list[str]:
        history = own.sign_in("ma.lin").ask(lambda session: lot_history(session, one.lot))
        own.close()
        return pages_of(lot_paper(history, language, printed=lot.code))

    assert all(page.count(NOT_A_RECORD[language]) == 2 for page in paper(practice.plant, lot))
    assert not any(NOT_A_RECORD[language] in page for page in paper(plant, rich_lot(plant)))
    draft = pages_of(record(language, draft=True, practice=True).to_bytes())
    assert all(page.count(NOT_A_RECORD[language]) == 2 for page in draft), "a draft in practice is practice first"


def test_an_exported_file_says_it_and_whoever_takes_it_off_the_manifest_is_found_out(practice: Built, lot: Walked, tmp_path: Path) -> None:
    content = practice.plant.sign_in("ma.lin").ask(lambda session: lot_bundle(session, lot.lot, Language.EN))
    practice.plant.close()
    assert checked(content, tmp_path) == (0, True, "PRACTICE – NOT A RECORD")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
    named = {"kind": "lot", "code": lot.code, "version": "2"}
    assert checked(bundle(parts, record=named, practice=False), tmp_path) == (1, None, "manifest.json: practice")


def checked(content: bytes, folder: Path) -> tuple[int, object, str]:
    """Exit code, what the tool says in JSON, and which of the two sentences it says to a person."""
    file = folder / "record.zip"
    file.write_bytes(content)
    told = [
        subprocess.run([sys.executable, "-I", "-S", str(TOOL), str(file), *how], capture_output=True, text=True, check=False)
        for how in (["--json"], [])
    ]
    words = next((one for one in ("PRACTICE – NOT A RECORD", "manifest.json: practice") if one in told[1].stdout), "")
    return told[0].returncode, json.loads(told[0].stdout).get("practice"), words
