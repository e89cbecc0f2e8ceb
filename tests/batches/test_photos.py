"""Fields that are a picture or a time: taken where the work is done, named by fingerprint, shown on glass, on paper and in the bundle."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from app.base.ids import new_id
from app.base.phrases import Language
from app.batches.commands import EnterValue
from app.batches.master import Parameters
from app.batches.master_file import MasterNotReadable, parse
from app.batches.photos import TakePhoto
from app.batches.queries import exceptions_of
from app.batches.rules import FieldNotAsked, NotTheCurrentEntry, PictureUsed, StepLacks, TimeCannotBe, ValueCannotBe, WhyWanted
from app.core.pictures import NotAPicture, plain_name
from app.reports.bundle import bundle
from tests.attack.target import sqlstate_of
from tests.batches.masters import PICTURES, revised, signed
from tests.batches.refusals import current
from tests.batches.runs import Run
from tests.batches.test_record import between, paper, words
from tests.batches.test_record_bundle import exported
from tests.tracing.test_export import checked, parts

pytestmark = pytest.mark.capability("F4")

PRESSURE = "unit: kPa, decimals: 0, lower: 380, upper: 440, source: typed}\n"
FIELDS = """    times:
      - {key: heated, name: {en: Jaws at temperature, zh: 封口头到温}}
    photos:
      - {key: seal, name: {en: Photo of the first seal, zh: 首件封口照片}}
"""
SOURCE = revised(2, (PRESSURE, PRESSURE + FIELDS))


def picture(colour: str, *, kind: str = "JPEG", size: tuple[int, int] = (640, 480), turned: int = 1) -> bytes:
    """A picture as a camera writes it; `turned`: what its EXIF says of its orientation."""
    image, out = Image.new("RGB", size, colour), BytesIO()
    image.paste("white", (0, 0, size[0] // 2, size[1] // 4))
    exif = Image.Exif()
    exif[0x0112] = turned
    image.save(out, kind, exif=exif)
    return out.getvalue()


RED, BLUE, GREEN = picture("darkred"), picture("navy"), picture("darkgreen", kind="PNG")


@pytest.fixture
def sealing(run: Run) -> Run:
    """A batch by a record that asks for a time and a picture; its sealing step is under way and lacks nothing else."""
    own = Run(run.plant, run.plant.start_batch(master=signed(run.plant, SOURCE)), run.hubs, run.clips)
    own.clear()
    own.load()
    own.assemble()
    own.start("sealing")
    own.says("137.0", "137.2")
    own.enter("sealing", "dwell", "1.20", unit="s")
    own.enter("sealing", "pressure", "412", unit="kPa")
    return own


def take(
    run: Run,
    content: bytes = RED,
    *,
    field: str = "seal",
    name: str = "IMG_0012.JPG",
    corrects: UUID | None = None,
    reason: str | None = None,
    **ago: int,
) -> UUID:
    entry = new_id()
    order = TakePhoto(
        command_id=new_id(),
        id=entry,
        step=run.steps["sealing"],
        field=field,
        file_name=name,
        content=content,
        taken_at=datetime.now(UTC) - timedelta(**ago),
        corrects=corrects,
        reason=reason,
    )
    assert run.at.give(order) == "conforms"
    return entry


def saw(run: Run, at: datetime, *, corrects: UUID | None = None, reason: str | None = None) -> UUID:
    entry = new_id()
    nothing = {"value": None, "said": None, "unit": None, "device": None, "unit_serial": None}
    order = EnterValue(
        command_id=new_id(),
        id=entry,
        step=run.steps["sealing"],
        field="heated",
        sample_no=1,
        done_at=at,
        corrects=corrects,
        reason=reason,
        **nothing,
    )
    run.at.give(order)
    return entry


def ago(**passed: int) -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(**passed)


def test_the_record_is_read_as_it_is_written():
    step = parse(SOURCE).step("sealing")
    assert isinstance(step, Parameters)
    assert [(one.key, one.name.en) for one in (*step.times, *step.photos)] == [
        ("heated", "Jaws at temperature"),
        ("seal", "Photo of the first seal"),
    ]


@pytest.mark.parametrize("key", ["dwell", "heated", "minutes"])
def test_a_key_that_is_taken_is_refused_with_its_line(key: str):
    with pytest.raises(MasterNotReadable, match=f"the key {key}"):
        parse(SOURCE.replace("key: seal,", f"key: {key},"))


def test_the_database_refuses_a_record_whose_picture_has_no_key(run: Run):
    master = signed(run.plant, SOURCE)
    asked = (
        "SELECT lineside.step_is_whole(jsonb_set(content #> '{steps,6}', %s::text[], to_jsonb(%s::text))) FROM master_record WHERE id = %s"
    )
    for part in ("times", "photos"):
        for key, whole in (("own_name", True), ("minutes", False), ("", False), ("Über", False)):
            assert run.plant.rows(asked, [part, "0", "key"], key, master) == [(whole,)], (part, key)


def test_a_step_lacks_its_time_and_its_picture_until_both_are_there(sealing: Run):
    with pytest.raises(StepLacks):
        sealing.finish("sealing")
    saw(sealing, ago(minutes=40))
    with pytest.raises(StepLacks):
        sealing.finish("sealing")
    take(sealing)
    sealing.finish("sealing")
    assert sealing.state("sealing") == "done"


def test_a_picture_is_kept_whole_and_its_entry_names_it_by_fingerprint(sealing: Run):
    take(sealing, GREEN)
    told = "SELECT said, origin, value, verdict, station FROM step_entry WHERE field = 'seal'"
    assert sealing.plant.rows(told) == [(sha256(GREEN).hexdigest(), "imported", None, "conforms", "IQC-02")]
    kept = """SELECT c.bytes, a.mime, a.file_name FROM attachment a JOIN attachment_chunk c ON c.attachment = a.id
        WHERE a.file_name LIKE 'IMG%%'"""
    assert [(bytes(content), *told) for content, *told in sealing.plant.rows(kept)] == [(GREEN, "image/png", "IMG_0012.JPG")]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", RED[:200], b"GIF89a" + RED], ids=["nothing", "a PDF", "cut off", "a GIF"])
def test_what_is_no_whole_picture_is_refused_and_nothing_is_kept(sealing: Run, content: bytes):
    before = sealing.plant.rows("SELECT count(*) FROM attachment")
    with pytest.raises(NotAPicture):
        take(sealing, content)
    assert sealing.plant.rows("SELECT count(*) FROM attachment") == before


def damaged_exif() -> bytes:
    """Orientation 6, and one tag of a type that is none: as some cameras and editors leave it."""
    told = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x00\x01\x02\0\x04\0\0\0abc\0\0\0\0\0"
    return RED[:2] + b"\xff\xe1" + (len(told) + 2).to_bytes(2, "big") + told + RED[2:]


def of_a_telephone() -> bytes:
    """A JPEG with a second picture behind the first (MPO)."""
    first, second, out = Image.new("RGB", (64, 48), "darkred"), Image.new("RGB", (32, 24), "navy"), BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


ODD = [damaged_exif(), of_a_telephone(), picture("red", size=(2000, 1)), picture("red", kind="PNG", size=(1, 3000)), RED + b"rest"]


@pytest.mark.parametrize("content", ODD, ids=["damaged EXIF", "two in one", "flat", "thin", "something behind it"])
def test_an_odd_picture_that_is_kept_comes_out_on_paper_and_in_the_bundle(sealing: Run, content: bytes, tmp_path: Path):
    take(sealing, content)
    sealing.home()
    assert paper(sealing.plant, sealing.batch).count(b"/DCTDecode") == 1
    assert checked(exported(sealing.plant, sealing.batch), tmp_path)[0] == 0


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(sealing: Run):
    image, out = Image.new("1", (9000, 9000)), BytesIO()
    image.save(out, "PNG")
    with pytest.raises(NotAPicture):
        take(sealing, out.getvalue())


@pytest.mark.parametrize("content", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"], ids=["three bytes", "eight bytes"])
def test_what_the_database_could_not_see_through_makes_no_paper_impossible(sealing: Run, content: bytes, tmp_path: Path):
    """From a SQL shell: bytes that begin as a picture does."""
    told = {"id": new_id(), "bytes": "\\x" + content.hex(), "mime": "image/jpeg"}
    entry = ENTRY.format(
        step=sealing.steps["sealing"], field="seal", said=f"'{sha256(content).hexdigest()}'", origin="imported", at="now()"
    )
    assert sqlstate_of(sealing.shell("chen.jing"), FILE.format(**told), CHUNK.format(**told), entry) == "done"
    sealing.home()
    assert "This picture cannot be shown here" in words(paper(sealing.plant, sealing.batch))
    assert checked(exported(sealing.plant, sealing.batch), tmp_path)[0] == 0


def test_a_name_that_the_database_would_refuse_is_made_plain(sealing: Run):
    for name, kept in [("a" * 300 + ".jpg", "a" * 116 + ".jpg"), ("\u202eb\n\udcff.jpg", "b.jpg"), ("\n", "picture")]:
        assert plain_name(name) == kept
    take(sealing, RED, name="a" * 300 + ".jpg")
    assert sealing.plant.rows("SELECT file_name FROM attachment WHERE file_name LIKE 'aaa%%'") == [("a" * 116 + ".jpg",)]


def test_two_that_were_mixed_up_are_put_right(run: Run):
    """What was replaced proves nothing any more and is free again."""
    two = FIELDS + "      - {key: seal2, name: {en: Photo of the last seal, zh: 末件封口照片}}\n"
    own = Run(run.plant, run.plant.start_batch(master=signed(run.plant, revised(3, (PRESSURE, PRESSURE + two)))), run.hubs, run.clips)
    own.clear(), own.load(), own.assemble(), own.start("sealing")
    first, last = take(own, RED), take(own, BLUE, field="seal2")
    take(own, GREEN, corrects=first, reason="mixed up")
    last = take(own, RED, field="seal2", corrects=last, reason="mixed up")
    assert own.plant.rows("SELECT said FROM step_entry WHERE id = %s", last) == [(sha256(RED).hexdigest(),)]
    with pytest.raises(PictureUsed):
        take(own, PICTURES[0].content, field="seal", corrects=current(own, "sealing")["seal", 1][0], reason="the drawing")


def test_one_picture_proves_one_thing(sealing: Run):
    first = take(sealing, RED)
    code = str(sealing.plant.rows("SELECT max(code) FROM batch")[0][0])
    with pytest.raises(PictureUsed, match=f"step 7 of batch {code}"):
        take(sealing, RED, corrects=first, reason="the same once more")


def test_another_picture_replaces_the_first_with_a_reason_and_both_stay(sealing: Run):
    first = take(sealing, RED)
    with pytest.raises(WhyWanted):
        take(sealing, BLUE, corrects=first)
    second = take(sealing, BLUE, corrects=first, reason="the first was not sharp")
    with pytest.raises(NotTheCurrentEntry):
        take(sealing, GREEN, corrects=first, reason="once more")
    assert current(sealing, "sealing")["seal", 1][0] == second
    assert sealing.plant.rows("SELECT said FROM step_entry WHERE field = 'seal' ORDER BY entered_at") == [
        (sha256(RED).hexdigest(),),
        (sha256(BLUE).hexdigest(),),
    ]


FILE = """INSERT INTO lineside.attachment (id, sha256, mime, file_name, size_bytes)
    VALUES ('{id}', sha256('{bytes}'), '{mime}', 'x', length('{bytes}'::bytea))"""
CHUNK = "INSERT INTO lineside.attachment_chunk (attachment, no, bytes) VALUES ('{id}', 0, '{bytes}')"
ENTRY = """INSERT INTO lineside.step_entry (id, batch_step, field, said, origin, read_at)
    VALUES (uuidv7(), '{step}', '{field}', {said}, '{origin}', {at})"""


@pytest.mark.capability("K4")
def test_a_sql_shell_enters_no_picture_that_is_none(sealing: Run):
    shell, step = sealing.shell("chen.jing"), sealing.steps["sealing"]

    def tried(said: str, *files: str, field: str = "seal", origin: str = "imported", at: str = "clock_timestamp()") -> str:
        return sqlstate_of(shell, *files, ENTRY.format(step=step, field=field, said=said, origin=origin, at=at))

    text = {"id": new_id(), "bytes": "no picture at all", "mime": "image/png"}
    good = {"id": new_id(), "bytes": "\\x" + RED.hex(), "mime": "image/jpeg"}
    kept = f"'{sha256(RED).hexdigest()}'"
    files = FILE.format(**good), CHUNK.format(**good)
    assert tried("'" + "0" * 64 + "'") == ValueCannotBe.sqlstate, "nobody kept it"
    assert tried("'yes'") == ValueCannotBe.sqlstate
    assert tried("NULL") == ValueCannotBe.sqlstate
    told = f"'{sha256(b'no picture at all').hexdigest()}'"
    assert tried(told, FILE.format(**text), CHUNK.format(**text)) == ValueCannotBe.sqlstate, "text that says it is a picture"
    assert tried(kept, *files, origin="typed") == FieldNotAsked.sqlstate
    assert tried(kept, *files, origin="measured") == FieldNotAsked.sqlstate
    assert tried(kept, *files, field="heated") == FieldNotAsked.sqlstate
    assert tried(kept, *files, at="NULL") == ValueCannotBe.sqlstate, "nobody knows when"
    for at in (
        "clock_timestamp() + interval '1 h'",
        "'-infinity'",
        "'infinity'",
        "'4000-01-01 BC'",
        "clock_timestamp() - interval '40 days'",
    ):
        assert tried(kept, *files, at=at) == TimeCannotBe.sqlstate, at
        assert tried("NULL", field="heated", origin="typed", at=at) == TimeCannotBe.sqlstate, at
    assert tried("NULL", field="heated", origin="typed", at="NULL") == ValueCannotBe.sqlstate
    assert tried(kept, *files) == "done", "and the right one goes in"


def test_an_old_picture_is_told_to_the_reviewer_and_a_time_that_was_seen_is_not(sealing: Run):
    heated = saw(sealing, ago(minutes=40))
    saw(sealing, ago(minutes=50), corrects=heated, reason="misread")
    take(sealing, RED, hours=3)
    sealing.home()
    told = sealing.at.ask(lambda session: exceptions_of(session, sealing.batch))
    of_fields = [one for one in told if one.field in ("seal", "heated")]
    assert [(one.kind, one.field) for one in of_fields] == [("correction", "heated"), ("late", "seal")]
    now, before = of_fields[0].value, of_fields[0].old
    assert (now is not None, before is not None) == (True, True)
    zone = sealing.plant.rows("SELECT zone FROM site")[0][0]
    ((shown,),) = sealing.plant.rows(
        "SELECT to_char(read_at AT TIME ZONE %s, 'YYYY-MM-DD HH24:MI') FROM step_entry WHERE id = %s", zone, heated
    )
    assert before == shown


def test_paper_shows_the_picture_and_the_time_in_both_languages_and_the_replaced_one_says_so(sealing: Run):
    saw(sealing, ago(minutes=40))
    first = take(sealing, RED)
    take(sealing, picture("navy", turned=6), corrects=first, reason="the first was not sharp")
    sealing.home()
    pdf = paper(sealing.plant, sealing.batch)
    sealed = between(words(pdf), "7. Pouch sealing", "8. Seal width")
    assert f"SHA-256 {sha256(RED).hexdigest()}" in sealed.replace("\n", " ")
    assert "Photo of the first seal (replaced): taken" in sealed
    assert "Jaws at temperature" in sealed
    assert pdf.count(b"/DCTDecode") == 2, "both pictures stand there"
    assert "首件封口照片" in words(paper(sealing.plant, sealing.batch, Language.ZH)).replace(" ", "")
    assert paper(sealing.plant, sealing.batch) == pdf, "the same record is the same paper"


@pytest.mark.capability("F10", "K5")
def test_the_bundle_holds_every_picture_and_the_tool_names_the_entry_whose_picture_is_gone(sealing: Run, tmp_path: Path):
    first = take(sealing, RED)
    entry = take(sealing, BLUE, corrects=first, reason="the first was not sharp")
    sealing.home()
    whole = exported(sealing.plant, sealing.batch)
    assert exported(sealing.plant, sealing.batch) == whole
    inside = parts(whole)
    digest = sha256(BLUE).hexdigest()
    assert (inside[f"attachment.{sha256(RED).hexdigest()}"], inside[f"attachment.{digest}"]) == (RED, BLUE)
    assert checked(whole, tmp_path)[0] == 0
    del inside[f"attachment.{digest}"]
    for part in ("rows.jsonl", "trail.jsonl"):  # somebody leaves the file out everywhere
        inside[part] = b"".join(
            line for line in inside[part].splitlines(keepends=True) if not (b"attachment" in line and digest.encode() in line)
        )
    head = {"kind": "batch", "code": str(sealing.plant.rows("SELECT max(code) FROM batch")[0][0]), "version": "1"}
    said = checked(bundle(inside, record=head, practice=False), tmp_path)[1]
    assert (said["holds"], said["record"], said["part"]) == (False, f"step_entry {entry}", f"attachment.{digest}")
