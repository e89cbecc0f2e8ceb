"""The log can be read by a machine, and no secret can be read in it."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.embedded_server import ServerAddress
from app.core.logs import FILE, hide_in_text, log, start_logging, stop_logging

SECRET = "Hush-4711"  # the word that must never be found


@pytest.fixture
def log_folder(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    start_logging(tmp_path)
    yield tmp_path
    stop_logging()
    logging.getLogger().setLevel(level)


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / FILE).read_text("utf-8").splitlines()]


def test_a_line_says_what_when_and_where_in_any_language(log_folder: Path) -> None:
    log("receiving").info("receipt posted", lot="批号-1", quantity="12.50")
    (line,) = lines(log_folder)
    assert (line["event"], line["lot"], line["quantity"], line["level"], line["logger"]) == (
        "receipt posted",
        "批号-1",
        "12.50",
        "info",
        "receiving",
    )
    assert str(line["at"]).endswith("Z")


@pytest.mark.parametrize(
    "facts",
    [
        {"password": SECRET},
        {"new_password": SECRET, "person": "wang"},
        {"station_secret": SECRET},
        {"pin": SECRET},
        {"login": {"user": "wang", "Password": SECRET}},
        {"tries": [{"token": SECRET}, ("a", {"pwd": SECRET})]},
        {"url": f"postgresql://postgres:{SECRET}@/lineside?host=/run"},
        {"conninfo": f"host=db user=wang password={SECRET} dbname=x"},
        {"conninfo": f"host=db password='{SECRET} with space' dbname=x"},
        {"statement": f"ALTER ROLE wang PASSWORD '{SECRET}'"},
        {"verifier": SECRET},
        {"raw": f"SCRAM-SHA-256$4096:{SECRET}"},
        {"address": ServerAddress(host="/run", port=5432, superuser="postgres", secret=SECRET)},
    ],
)
def test_no_secret_reaches_the_log(log_folder: Path, facts: dict[str, object]) -> None:
    log("core").warning("sign-in refused", **facts)
    text = (log_folder / FILE).read_text("utf-8")
    assert SECRET not in text
    assert "sign-in refused" in text


def test_a_secret_in_an_exception_does_not_reach_the_log_and_neither_do_the_values_around_it(log_folder: Path) -> None:
    password = SECRET
    try:
        raise ConnectionError(f"could not reach postgresql://wang:{password}@db/lineside")
    except ConnectionError:
        log("core").exception("connection lost")
    (line,) = lines(log_folder)
    assert SECRET not in json.dumps(line)
    assert "could not reach" in json.dumps(line)


def test_a_library_writes_into_the_same_log_under_the_same_rule(log_folder: Path) -> None:
    logging.getLogger("alembic").warning("connecting to %s", f"postgresql://a:{SECRET}@db/x")
    (line,) = lines(log_folder)
    assert line["logger"] == "alembic"
    assert SECRET not in json.dumps(line)


def test_what_is_no_secret_stays_readable() -> None:
    said = "The password was refused. 12:30 at https://help.plant/a?b=c, wang@plant"
    assert hide_in_text(said) == said


def test_the_log_rolls_over_instead_of_filling_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.logs.BYTES_EACH", 2_000)
    monkeypatch.setattr("app.core.logs.FILES_KEPT", 2)
    start_logging(tmp_path)
    for number in range(100):
        log("devices").warning("frame", number=number)
    stop_logging()
    assert len(list(tmp_path.iterdir())) == 3
    assert all(file.stat().st_size <= 2_000 for file in tmp_path.iterdir())
