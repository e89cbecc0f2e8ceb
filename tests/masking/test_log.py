"""The log and the crash report are read by whoever looks after the computer: no masked field is in them, whatever went wrong (K8)."""

import logging
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from app.core.logs import FILE, log, start_logging, stop_logging
from app.core.refusals import Unfit
from app.core.work import transaction
from tests.masking.canaries import CANARIES, Planted
from ui.shell.crash import write_report

pytestmark = pytest.mark.capability("K8")
EVERY = [word for words in CANARIES.values() for word in words]
NAME = CANARIES["supplier"][1]
GENERAL = {"code", "name_en", "name_zh", "content", "facts", "source"}
"""Names that say nothing of a class; what they carry is logged by no line of ours."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    start_logging(tmp_path)
    yield tmp_path
    stop_logging()
    logging.getLogger().setLevel(level)


def _told(folder: Path, defect: BaseException) -> str:
    """Everything that is written of a defect."""
    try:
        raise defect
    except type(defect):
        log("test").exception("not stored")
    report = write_report(defect, folder / "crash").read_text("utf-8")
    return (folder / FILE).read_text("utf-8") + report


def test_no_masked_field_reaches_the_log_or_a_crash_report(planted_once: Planted, folder: Path):
    columns = {str(col) for (col,) in planted_once.plant.rows("SELECT DISTINCT col FROM lineside.masked_columns()")}
    for column in columns - GENERAL:
        log("test").warning("refused", **{column: EVERY[0], "deeper": {column: [EVERY[3]]}})
    log("test").warning("a badge", scanned="]C0BDG:CNRY-BDG-7 at the door")
    told = (folder / FILE).read_text("utf-8")
    assert [word for word in EVERY if word in told] == []
    assert told.count("***") == 2 * len(columns - GENERAL) + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lineside.person SET badge = 'CNRY-BDG-7' WHERE login = 'li.ming'",
        "INSERT INTO lineside.supplier (id, code, name_en, name_zh) VALUES (uuidv7(), 'CNRYSUP', 'x', 'y')",
        "UPDATE lineside.order_line SET currency = NULL WHERE unit_price IS NOT NULL",
    ],
)
def test_what_the_server_says_of_a_refused_row_is_left_out(planted_once: Planted, folder: Path, statement: str):
    shell = planted_once.plant.superuser()
    with pytest.raises(psycopg.Error) as refused:
        shell.execute(statement)  # type: ignore[arg-type]
    assert any(word in str(refused.value) for word in EVERY), "the server does say it"
    told = _told(folder, refused.value)
    assert [word for word in EVERY if word in told] == []
    assert "DETAIL" in told
    planted_once.plant.close()


def test_an_error_of_a_statement_says_none_of_its_values(planted_once: Planted, folder: Path):
    planner = planted_once.plant.sign_in("gao.yun")
    with pytest.raises(Unfit) as refused, transaction(planner._engine) as connection:
        connection.execute(text("SELECT :name / 0"), {"name": NAME})
    assert NAME in str(refused.value.__cause__), "the server does say it"
    told = _told(folder, refused.value)
    assert [word for word in EVERY if word in told] == []
    assert "SELECT" in told
    planted_once.plant.close()
