"""A drill at the command line: on record by an administrator, signed by quality, on paper; whether it holds is the database's to say."""

import json
from pathlib import Path
from uuid import UUID

import psycopg
import pypdfium2
import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.cli import db
from app.cli.superuser import address_without_user
from app.core.settings import Settings, load, save, settings_file
from app.demo.people import SECRET
from tests.attack.target import sign, sqlstate_of
from tests.backup.conftest import Kept
from tests.plant import Plant

pytestmark = pytest.mark.capability("K11")

WHOLE = ("parts", "key", "files", "start", "origin", "counts", "heads", "chains", "seals", "rows", "schema", "witness", "pages")
GOOD = {"not_done": [], "checks": [{"check": check, "compared": 1, "later": 0, "wrong": []} for check in WHOLE]}


@pytest.fixture
def here(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A computer that holds backups and the key, and knows the plant's database."""
    server, file = kept.plant.server, tmp_path / "settings.toml"
    url = f"postgresql://localhost:{server.port}/{server.dbname}?host={server.host}"
    places = {"backup_folder": kept.folder / "backups", "backup_key": kept.key, "backup_recipients": kept.folder / "recipients.txt"}
    save(Settings(server=url, data_folder=kept.folder, backup_scratch=kept.folder, **places), file)
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    monkeypatch.setenv("PGPASSWORD", SECRET)
    return kept


def test_a_drill_is_recorded_signed_by_quality_and_printed_with_its_signature(
    here: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert db.main(["restore-drill", "--person", "sun.wei", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["backup"]) == (True, here.second.name)
    living = next(one for one in told["checks"] if one["check"] == "living")
    assert living["compared"] > 3
    number = told["number"]
    stands = "SELECT holds, drilled_by, backup FROM restore_drill WHERE id = %s"
    assert here.plant.rows(stands, number) == [(True, "sun.wei", here.second.name)]
    assert db.main(["sign-drill", number, "--person", "sun.wei"]) == 2, "who drilled does not sign"
    assert db.main(["sign-drill", number, "--person", "chen.jing"]) == 2
    capsys.readouterr()
    assert db.main(["sign-drill", number, "--person", "wang.haiyan"]) == 0
    assert capsys.readouterr().out.startswith("restore_drill|1|")
    assert here.plant.rows("SELECT signer, meaning FROM signature WHERE subject_id = %s", number) == [("wang.haiyan", "reviewed")]
    assert here.plant.rows("SELECT status, for_job FROM task WHERE subject_id = %s", number) == [("done", "quality")]
    printed = {
        Language.EN: ("Restore report", "everything holds", "Wang Haiyan", "Report reviewed"),
        Language.ZH: ("恢复演练报告", "全部相符", "王海燕", "报告已审核"),
    }
    for language, words in printed.items():
        speak(language)
        out = tmp_path / f"report-{language.value}.pdf"
        assert db.main(["drill-report", number, "--person", "wang.haiyan", "--out", str(out)]) == 0
        paper = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(out))
        assert [said for said in (*words, here.second.name) if said not in paper] == []
    here.plant.close()


def speak(language: Language) -> None:
    """The station's language is another from now on."""
    file = settings_file()
    save(load(file, {}).model_copy(update={"language": language}), file)


def test_a_failed_drill_says_each_difference_and_ends_with_one(here: Kept, capsys: pytest.CaptureFixture[str]):
    backup = here.copy(here.first, "wrong-part")
    (backup / "base.tar.gz.age").write_bytes(b"age-encryption.org/v1\n")
    assert db.main(["restore-drill", str(backup)]) == 1
    said = capsys.readouterr()
    assert "is not what its manifest says" in said.out
    assert said.out.splitlines()[-1] == "DOES NOT HOLD"
    assert "does NOT hold" in said.err
    assert "Not on record" in said.err


@pytest.mark.parametrize(("missing", "option"), [("backup_folder", "BACKUP"), ("backup_key", "--key")])
def test_what_is_not_said_is_asked_for(here: Kept, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str, option: str, capsys):
    places = {"backup_folder": here.folder / "backups", "backup_key": here.key}
    save(Settings(data_folder=here.folder, **{**places, missing: None}), tmp_path / "settings.toml")
    assert db.main(["restore-drill"]) == 2
    assert option in capsys.readouterr().err


def test_a_backup_is_taken_at_the_command_line_and_says_where_it_lies(
    here: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    server = here.plant.server
    monkeypatch.setenv("PGPASSWORD", here.plant.address.secret)
    url = address_without_user(server, "postgres")
    assert db.main(["backup", "--url", url, "--out", str(tmp_path / "backups")]) == 0
    done = Path(capsys.readouterr().out.strip())
    assert sorted(file.name for file in done.iterdir()) == ["base.tar.gz.age", "manifest.json"]
    assert db.main(["backup-key", "--out", str(tmp_path / "key")]) == 0
    assert capsys.readouterr().out.startswith("age1")


INSERT = "INSERT INTO restore_drill (id, site, backup, manifest, taken_at, facts) SELECT %s, id, 'b', sha256('b'), now(), %s FROM site"


def recorded(plant: Plant, facts: dict[str, object], login: str = "sun.wei") -> UUID:
    number = new_id()
    plant.shell(login).execute(INSERT, [number, json.dumps(facts)])
    return number


def test_whether_a_drill_holds_is_read_from_its_facts_by_the_database(plant: Plant):
    failed = {**GOOD, "checks": [*GOOD["checks"][:-1], {"check": "pages", "compared": 0, "later": 0, "wrong": ["x"]}]}
    left_out = {**GOOD, "checks": GOOD["checks"][:-1]}
    undone = {**GOOD, "not_done": ["pages"]}
    told = {recorded(plant, facts): holds for facts, holds in ((GOOD, True), (failed, False), (left_out, False), (undone, False))}
    assert dict(plant.rows("SELECT id, holds FROM restore_drill")) == told


def test_who_may_not_manage_stations_records_no_drill_and_nobody_says_that_one_holds(plant: Plant):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        recorded(plant, GOOD, "wang.haiyan")
    forged = INSERT.replace("facts)", "facts, holds)").replace("%s FROM", "'{}', true FROM").replace("%s", "uuidv7()")
    assert sqlstate_of(plant.shell("sun.wei"), forged) == "42501"
    number = recorded(plant, GOOD)
    assert sqlstate_of(plant.superuser(), f"UPDATE lineside.restore_drill SET backup = 'x' WHERE id = '{number}'") == "LS013"


def test_the_signature_of_a_drill_is_qualitys_and_not_of_who_drilled(plant: Plant):
    number = recorded(plant, GOOD)
    signature = sign(kind="restore_drill", subject=number, version=1, meaning="reviewed")
    assert sqlstate_of(plant.shell("sun.wei", purpose="sign"), signature) == "LS022"
    assert sqlstate_of(plant.shell("gao.yun", purpose="sign"), signature) == "LS010"
    assert sqlstate_of(plant.shell("wang.haiyan", purpose="sign"), signature) == "done"
