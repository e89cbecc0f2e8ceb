"""A lot's record as one file that proves itself without our software; the proof names what was changed, and can fail."""

import importlib.util
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from app.base.phrases import Language
from app.cli import export
from app.core.database import Server
from app.core.refusals import NotAllowed
from app.core.settings import Settings, save
from app.demo.people import SECRET
from app.reports.bundle import bundle
from app.tracing.export import lot_bundle
from tests.plant import Plant
from tests.tracing.lots import Walked, rich_lot

TOOL = Path(__file__).parents[2] / "tools" / "verify_export.py"


@pytest.fixture
def lot(plant: Plant) -> Walked:
    """Two packs, one undone, readings, a deviation signed by two, released."""
    return rich_lot(plant, released=True)


def exported(plant: Plant, lot: Walked, language: Language = Language.EN) -> bytes:
    content = plant.sign_in("ma.lin").ask(lambda session: lot_bundle(session, lot.lot, language))
    assert isinstance(content, bytes)
    return content


def checked(content: bytes, folder: Path) -> tuple[int, dict[str, object]]:
    """What the tool says in a Python that knows nothing of ours."""
    file = folder / "record.zip"
    file.write_bytes(content)
    done = subprocess.run([sys.executable, "-I", "-S", str(TOOL), str(file), "--json"], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def loaded_tool() -> ModuleType:
    """The tool in this process, where many checks are to be quick."""
    spec = importlib.util.spec_from_file_location("verify_export", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def forged(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """As somebody makes it who writes a fitting manifest too."""
    own = parts(content)
    change(own)
    return bundle(own, record={"kind": "lot", "code": "L26-0001", "version": "2"}, practice=False)


@pytest.mark.capability("F10")
def test_a_lots_record_holds_and_counts_what_is_in_it(plant: Plant, lot: Walked, tmp_path: Path) -> None:
    code, said = checked(exported(plant, lot), tmp_path)
    assert (code, said["holds"], said["signatures"]) == (0, True, 3)
    assert said["record"] == {"kind": "lot", "code": lot.code, "version": "2"}
    counted = plant.rows(
        """SELECT 1 + (SELECT count(*) FROM lineside.receipt) + (SELECT count(*) FROM lineside.receipt_undo) + (SELECT count(*) FROM
            lineside.container) + (SELECT count(*) FROM lineside.weighing) + (SELECT count(*) FROM lineside.label) + (SELECT count(*) FROM
            lineside.ledger) + 1 + (SELECT count(*) FROM lineside.measurement) + 1 + 3"""
    )
    assert [(said["rows"],)] == counted


@pytest.mark.capability("F10")
def test_the_same_version_in_the_same_language_is_the_same_file(plant: Plant, lot: Walked) -> None:
    assert exported(plant, lot) == exported(plant, lot)
    assert exported(plant, lot, Language.ZH) != exported(plant, lot)


@pytest.mark.capability("F10", "K5")
def test_a_flipped_byte_anywhere_is_found_and_named_by_the_record_it_belongs_to(plant: Plant, lot: Walked, tmp_path: Path) -> None:
    content = exported(plant, lot)
    for name, inside in parts(content).items():
        begin = content.index(inside)
        at = begin + random.randrange(len(inside))
        code, said = checked(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :], tmp_path)
        assert (code, said["holds"], said["part"]) == (1, False, name), said
        line = inside[: at - begin].count(b"\n")
        if name == "trail.jsonl":
            entry = json.loads(inside.split(b"\n")[line])
            assert str(said["record"]).startswith((f"chain {entry['chain']} entry {entry['seq']}", f"line {line + 1}", "chain ")), said
        if name == "signatures.jsonl":
            assert str(said["record"]).startswith(("signature", f"line {line + 1}")), said


def test_a_thousand_flipped_bits_are_all_found_and_none_stops_the_tool(plant: Plant, lot: Walked, tmp_path: Path) -> None:
    tool = loaded_tool()
    content, file = exported(plant, lot), tmp_path / "record.zip"
    inside = [(content.index(part), len(part)) for part in parts(content).values()]
    for _ in range(1000):
        begin, size = random.choice(inside)
        at = begin + random.randrange(size)
        file.write_bytes(content[:at] + bytes([content[at] ^ (1 << random.randrange(8))]) + content[at + 1 :])
        with pytest.raises(tool.Wrong):
            tool.check(file)


@pytest.mark.capability("K5", "R11-05")
@pytest.mark.parametrize(
    ("harm", "record"),
    [
        ("UPDATE lineside.measurement SET value = value - 0.5 WHERE verdict <> 'conforms'", "measurement"),
        ("UPDATE lineside.receipt SET scanner = 'SC-12'", "receipt"),
        ("UPDATE lineside.deviation SET class = 'minor'", "deviation"),
        ("UPDATE lineside.weighing SET weighed_by = 'li.ming'", "weighing"),
        ("UPDATE lineside.signature SET signer_name_en = 'Tom Baker' WHERE signer = 'tom.becker'", "signature"),
    ],
)
def test_a_row_changed_past_the_trail_is_named(plant: Plant, lot: Walked, tmp_path: Path, harm: str, record: str) -> None:
    superuser = plant.superuser()
    superuser.execute(f"ALTER TABLE lineside.{record} DISABLE TRIGGER USER")
    assert superuser.execute(harm).rowcount > 0  # type: ignore[arg-type]
    code, said = checked(exported(plant, lot), tmp_path)
    assert (code, said["part"]) == (1, "rows.jsonl"), said
    assert str(said["record"]).startswith(f"{record} "), said


def _without_first(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(own: dict[str, bytes]) -> None:
        own[name] = own[name].split(b"\n", 1)[1]

    return change


def _other_signer(own: dict[str, bytes]) -> None:
    own["signatures.jsonl"] = own["signatures.jsonl"].replace(b"deviation|1|", b"deviation|2|", 1)


def _repeated(own: dict[str, bytes]) -> None:
    own["rows.jsonl"] += own["rows.jsonl"].split(b"\n", 1)[0] + b"\n"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (_without_first("rows.jsonl"), "rows.jsonl"),
        (_without_first("signatures.jsonl"), "signatures.jsonl"),
        (_other_signer, "signatures.jsonl"),
        (_repeated, "rows.jsonl"),
        (lambda own: own.pop("trail.jsonl"), "trail.jsonl"),
    ],
    ids=["a row left out", "a signature left out", "another text signed", "a row twice", "no trail"],
)
def test_who_writes_a_fitting_manifest_is_found_all_the_same(
    plant: Plant, lot: Walked, tmp_path: Path, change: Callable[[dict[str, bytes]], None], part: str
) -> None:
    code, said = checked(forged(exported(plant, lot), change), tmp_path)
    assert (code, said["part"]) == (1, part), said


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"not a zip at all", bundle({"rows.jsonl": b""}, record={}, practice=False).replace(b'"form":1', b'"form":9')],
    ids=["empty", "cut", "text", "another form"],
)
def test_what_is_no_bundle_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    code, said = checked(content, tmp_path)
    assert (code, said["holds"]) == (2, None)


def test_who_may_not_read_the_trail_exports_nothing(plant: Plant, lot: Walked) -> None:
    with pytest.raises(NotAllowed):
        plant.sign_in("li.ming").ask(lambda session: lot_bundle(session, lot.lot, Language.EN))


@pytest.fixture
def here(plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A workstation whose settings name the plant's own server."""
    file = tmp_path / "settings.toml"
    server = plant.server
    save(Settings(server=f"postgresql://localhost:{server.port}/{server.dbname}?host={server.host}"), file)
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    monkeypatch.setenv("PGPASSWORD", SECRET)
    return server


@pytest.mark.capability("F10")
def test_quality_writes_the_record_from_the_command_line(
    here: Server, lot: Walked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record of the lot.zip"
    assert export.main([lot.code, "--person", "xu.lan", "--out", str(file), "--language", "zh_CN"]) == 0
    assert str(file) in capsys.readouterr().err
    assert checked(file.read_bytes(), tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["L99-9999", "--person", "xu.lan", "--out", "x.zip"], "no lot and no batch L99-9999"),
        (["{lot}", "--person", "nobody", "--out", "x.zip"], "do not belong together"),
        (["{lot}", "--person", "xu.lan", "--out", "no/such/folder/x.zip"], "cannot be written"),
        (["{lot}", "--person", "li.ming", "--out", "x.zip"], "do not have the right"),
    ],
    ids=["unknown lot", "unknown person", "no folder", "no right"],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(
    here: Server,
    lot: Walked,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert export.main([word.format(lot=lot.code) for word in words]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x.zip").exists()
