"""The record of a batch as one file that proves itself without our software, and names the record of the first wrong byte."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.cli import export
from app.core.settings import Settings, save
from app.demo.people import SECRET
from app.reports.bundle import bundle
from app.tracing.batch_export import batch_bundle
from tests.batches.masters import PICTURES, revised, signed
from tests.batches.runs import Run
from tests.batches.stories import Told
from tests.plant import Plant
from tests.tracing.test_export import checked, loaded_tool, parts


def exported(plant: Plant, batch, language: Language = Language.EN) -> bytes:
    content = plant.sign_in("ma.lin").ask(lambda session: batch_bundle(session, batch, language))
    plant.close()
    assert isinstance(content, bytes)
    return content


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :]


@pytest.fixture(scope="module")
def whole(told_floor: Told) -> bytes:
    return exported(told_floor.plant, told_floor.batch)


@pytest.mark.capability("F10", "R11-05")
def test_a_batch_s_record_holds_and_every_row_of_it_is_inside(told_floor: Told, whole: bytes, tmp_path: Path):
    code, said = checked(whole, tmp_path)
    assert (code, said["holds"], said["signatures"]) == (0, True, 5)
    assert said["record"] == {"kind": "batch", "code": told_floor.code, "version": "1"}
    tables = [json.loads(line)["table"] for line in parts(whole)["rows.jsonl"].splitlines()]
    counted = {table: tables.count(table) for table in sorted(set(tables))}
    for table in ("batch", "batch_step", "step_entry", "consumption", "consumption_undo", "unit", "sample_batch"):
        assert [(counted[table],)] == told_floor.plant.rows(f"SELECT count(*) FROM lineside.{table}")
    of_batch = {"label": "kind = 'unit'", "deviation": "subject_kind = 'batch'", "ledger": "kind IN ('consumption', 'return')"}
    for table, mine in of_batch.items():
        assert [(counted[table],)] == told_floor.plant.rows(f"SELECT count(*) FROM lineside.{table} WHERE {mine}")
    pictures = sorted(f"attachment.{hashlib.sha256(picture.content).hexdigest()}" for picture in PICTURES)
    assert [*parts(whole)] == [*pictures, "cited.jsonl", "record.en.pdf", "rows.jsonl", "samples.jsonl", "signatures.jsonl", "trail.jsonl"]


@pytest.mark.capability("F10")
def test_the_same_version_in_the_same_language_is_the_same_file(told_floor: Told, whole: bytes):
    assert exported(told_floor.plant, told_floor.batch) == whole
    in_chinese = parts(exported(told_floor.plant, told_floor.batch, Language.ZH))
    paper, other = in_chinese.pop("record.zh_CN.pdf"), parts(whole)
    assert paper != other.pop("record.en.pdf")
    assert in_chinese == other


@pytest.mark.capability("F10", "K5")
def test_a_flipped_byte_in_each_part_is_named_by_the_record_it_belongs_to(told_floor: Told, whole: bytes, tmp_path: Path):
    tool, file = loaded_tool(), tmp_path / "record.zip"
    for name, inside in parts(whole).items():
        begin = whole.index(inside)
        for at in [0, len(inside) - 1, *random.sample(range(len(inside)), 25)]:
            file.write_bytes(flipped(whole, begin + at, random.randrange(8)))
            with pytest.raises(tool.Wrong) as found:
                tool.check(file)
            assert found.value.part == name
            if name.endswith(".pdf"):
                assert found.value.record == f"batch {told_floor.code}"
    rows = parts(whole)["rows.jsonl"]
    at = whole.index(rows) + rows.index(b'"reason":"misread the display"') + 12
    entry = json.loads(
        rows[: rows.index(b"misread the display")].rsplit(b"\n", 1)[-1].split(b',"batch_step"')[0].split(b'"row":')[1] + b"}"
    )
    assert checked(flipped(whole, at), tmp_path)[1]["record"] == f"step_entry {entry['id']}"


@pytest.mark.capability("F10", "K5")
def test_the_pictures_an_instruction_names_are_inside_and_proven(plant: Plant, tmp_path: Path):
    source = revised(2)
    pictures = {picture.file_name: picture.content for picture in PICTURES}
    content = pictures["sealing-jaw.png"]
    fingerprint = hashlib.sha256(content).hexdigest()
    batch = plant.start_batch(master=signed(plant, source))
    whole = exported(plant, batch)
    attached = {name: content for name, content in parts(whole).items() if name.startswith("attachment.")}
    assert attached == {f"attachment.{hashlib.sha256(one).hexdigest()}": one for one in pictures.values()}
    assert checked(whole, tmp_path)[0] == 0
    said = checked(flipped(whole, whole.index(content) + 20), tmp_path)[1]
    assert str(said["record"]).startswith("attachment ")
    forged = parts(whole) | {f"attachment.{fingerprint}": b"another picture"}
    said = checked(bundle(forged, record={"kind": "batch", "code": "B26-0001", "version": "1"}, practice=False), tmp_path)[1]
    assert (said["holds"], said["part"]) == (False, f"attachment.{fingerprint}")


@pytest.mark.capability("K5", "R11-05")
def test_a_row_or_a_sample_changed_past_the_trail_is_named(told: Told, tmp_path: Path):
    """One after the other, each found before those of tables that come later."""
    shell = told.plant.superuser()
    shell.execute("SET session_replication_role = replica")
    for table in ("sample", "step_entry", "consumption"):
        shell.execute(f"ALTER TABLE lineside.{table} DISABLE TRIGGER ALL")
    for harm, part, record in (
        ("UPDATE lineside.sample SET value = 141.9 WHERE value > 142", "samples.jsonl", "sample_batch "),
        ("UPDATE lineside.step_entry SET value = 141.9 WHERE value > 142 AND field LIKE 'temperature%'", "rows.jsonl", "step_entry "),
        ("UPDATE lineside.consumption SET quantity = 3 WHERE unit_serial IS NULL", "rows.jsonl", "consumption "),
    ):
        assert shell.execute(harm).rowcount > 0  # type: ignore[arg-type]
        code, said = checked(exported(told.plant, told.batch), tmp_path)
        assert (code, said["part"], str(said["record"]).startswith(record)) == (1, part, True), said
        shell = told.plant.superuser()
        shell.execute("SET session_replication_role = replica")


def _without_first(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(own: dict[str, bytes]) -> None:
        own[name] = own[name].split(b"\n", 1)[1]

    return change


def _with_a_column(own: dict[str, bytes]) -> None:
    """A consumption says of itself what its entry in the trail does not."""
    lines = [json.loads(line) for line in own["rows.jsonl"].splitlines()]
    next(line for line in lines if line["table"] == "consumption")["row"]["tray"] = 3
    own["rows.jsonl"] = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("change", "part", "code"),
    [
        (_with_a_column, "rows.jsonl", "B26-0001"),
        (_without_first("cited.jsonl"), "cited.jsonl", "B26-0001"),
        (_without_first("samples.jsonl"), "samples.jsonl", "B26-0001"),
        (_without_first("trail.jsonl"), "rows.jsonl", "B26-0001"),
        (lambda own: own.pop("cited.jsonl"), "cited.jsonl", "B26-0001"),
        (lambda own: own.update({"attachment.00": b"more"}), "attachment.00", "B26-0001"),
        (lambda _: None, "manifest.json", "B26-0002"),
    ],
    ids=[
        "a column nobody wrote",
        "a lot not told",
        "samples left out",
        "an entry left out",
        "nothing told",
        "a file nobody named",
        "another batch's name",
    ],
)
def test_who_writes_a_fitting_manifest_is_found_all_the_same(
    whole: bytes, tmp_path: Path, change: Callable[[dict[str, bytes]], None], part: str, code: str
):
    own = parts(whole)
    change(own)
    found, said = checked(bundle(own, record={"kind": "batch", "code": code, "version": "1"}, practice=False), tmp_path)
    assert (found, said["part"]) == (1, part), said


@pytest.mark.capability("F10")
def test_quality_writes_a_batch_s_record_from_the_command_line(
    told_floor: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    server, settings, file = told_floor.plant.server, tmp_path / "settings.toml", tmp_path / "record.zip"
    save(Settings(server=f"postgresql://localhost:{server.port}/{server.dbname}?host={server.host}"), settings)
    monkeypatch.setenv("LINESIDE_SETTINGS", str(settings))
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert export.main([told_floor.code, "--person", "xu.lan", "--out", str(file), "--language", "en"]) == 0
    assert f"The record of {told_floor.code} is in" in capsys.readouterr().err
    assert checked(file.read_bytes(), tmp_path)[0] == 0


@pytest.mark.capability("F10", "K3")
def test_a_released_batch_carries_the_seal_that_its_paper_shows(made: Run, tmp_path: Path):
    made.review()
    made.release()
    made.home()
    code, said = checked(exported(made.plant, made.batch), tmp_path)
    assert (code, [(seal,) for seal in said["seals"]]) == (0, made.plant.rows("SELECT lineside.seal_of(%s)", made.batch))  # type: ignore[union-attr]
