"""`master check | import | diff`: an engineer's file from the command line."""

from pathlib import Path

import pytest

from app.cli import master
from app.cli.superuser import cluster_of
from app.demo.people import SECRET
from tests.batches.masters import PICTURES, SOURCE, revised


def written(tmp_path: Path, text: str) -> str:
    for picture in PICTURES:
        (tmp_path / picture.file_name).write_bytes(picture.content)
    file = tmp_path / "record.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def on_record(question: str) -> list[tuple[object, ...]]:
    with cluster_of(None) as cluster, cluster.connect(cluster.server.dbname) as superuser:
        return superuser.execute(question).fetchall()


def test_a_file_is_checked_without_any_database(tmp_path: Path, capsys: pytest.CaptureFixture[str], settings_file: Path):
    assert master.main(["check", written(tmp_path, SOURCE)]) == 0
    assert "12 steps" in capsys.readouterr().err
    assert master.main(["check", written(tmp_path, SOURCE.replace("by: count", "by: hand", 1))]) == 2
    told = capsys.readouterr().err
    assert "step hubs" in told
    assert "'count' or 'weigh'" in told
    assert master.main(["check", str(tmp_path / "nowhere.yaml")]) == 2


@pytest.mark.parametrize(
    ("named", "content", "told"),
    [
        ("jaw.png", None, "step sealing names the picture jaw.png"),
        ("../sealing-jaw.png", None, "was not brought"),
        ("jaw.png", b"<svg/>", "no whole picture in PNG or JPEG"),
        ("jaw.png", PICTURES[0].content[:900], "no whole picture in PNG or JPEG"),
        ("jaw.png", b"", "no whole picture in PNG or JPEG"),
    ],
    ids=["not there", "out of the folder", "no picture", "cut off", "empty"],
)
def test_a_picture_that_is_not_beside_the_file_or_cannot_be_shown_is_named(
    named: str, content: bytes | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings_file: Path
):
    folder = tmp_path / "records"
    folder.mkdir()
    file = written(folder, SOURCE.replace("sealing-jaw.png", named))
    (tmp_path / "sealing-jaw.png").write_bytes(PICTURES[0].content)
    if content is not None:
        (folder / named).write_bytes(content)
    assert master.main(["check", file]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.capability("F1")
def test_the_engineer_imports_a_revision_and_reads_what_changed(
    own_server: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGPASSWORD", SECRET)
    file = written(tmp_path, revised(2, ("upper: 142.0", "upper: 141.5")))
    day = ["--effective-from", "2026-12-01"]
    assert master.main(["import", file, *day, "--person", "chen.jing"]) == 2  # an operator drafts nothing
    assert master.main(["import", file, *day, "--person", "zhao.lei", "--site", "XX"]) == 2
    assert "SUZ" in capsys.readouterr().err
    assert master.main(["import", file, *day, "--person", "zhao.lei"]) == 0
    stored = "SELECT status, prepared_by FROM lineside.document WHERE code = 'MR-SIV-2225' AND revision > 1"
    assert on_record(stored) == [("draft", "zhao.lei")]
    capsys.readouterr()
    assert master.main(["diff", "MR-SIV-2225", "1", "2", "--person", "chen.jing"]) == 0
    assert capsys.readouterr().out == "step sealing, parameters.temperature.upper: 142.0 → 141.5\n"
    assert master.main(["diff", "MR-SIV-2225", "1", "7", "--person", "chen.jing"]) == 2


def test_nobody_is_signed_in_without_a_terminal_or_a_password(
    own_server: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    assert master.main(["diff", "MR-SIV-2225", "1", "2", "--person", "zhao.lei"]) == 2
    assert "no terminal" in capsys.readouterr().err
