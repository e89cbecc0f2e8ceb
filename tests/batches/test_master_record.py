"""A master record is a controlled document: drafted, handed over, signed by another person, effective by its day, withdrawn."""

import hashlib
from uuid import UUID

import pytest

from app.base.ids import new_id
from app.batches.master_commands import ApproveMaster
from app.batches.master_file import MasterNotReadable
from app.batches.master_pictures import Picture
from app.batches.master_queries import master_by_revision
from app.batches.rules import MasterNotWhole, PictureWanted, ProductUnknown
from app.core.pictures import NotAPicture
from app.core.refusals import PerformerCannotSign
from app.core.signature import preview
from app.inspection.commands import ApprovePlan
from tests.attack.target import sign, sqlstate_of
from tests.batches.masters import PICTURES, SOURCE, approve, draft, revised, signed, submit, version_of, withdraw
from tests.plant import Plant


def effective(plant: Plant) -> UUID | None:
    ((master,),) = plant.rows(
        "SELECT lineside.effective_document('master_record', 'MR-SIV-2225', lineside.today_at(id)) FROM lineside.site"
    )
    assert master is None or isinstance(master, UUID)
    return master


@pytest.mark.capability("F1")
def test_the_demonstration_plant_has_an_effective_record_prepared_by_one_and_signed_by_another(plant: Plant):
    filed = plant.sign_in("chen.jing").ask(lambda session: master_by_revision(session, code="MR-SIV-2225", revision=1))
    assert filed is not None
    assert (filed.status, filed.prepared_by, len(filed.record.steps)) == ("signed", "zhao.lei", 12)
    assert effective(plant) == filed.id
    assert filed.source == SOURCE
    assert plant.rows("SELECT source_sha256 FROM master_record") == [(hashlib.sha256(SOURCE.encode()).digest(),)]
    assert plant.rows("SELECT signer FROM signature WHERE subject_id = %s", filed.id) == [("wang.haiyan",)]


@pytest.mark.capability("F1", "K2")
def test_a_picture_is_kept_with_the_record_and_pinned_by_its_bytes_from_a_shell_too(plant: Plant):
    filed = plant.sign_in("chen.jing").ask(lambda session: master_by_revision(session, code="MR-SIV-2225", revision=1))
    assert filed is not None
    step = filed.record.step("sealing")
    assert step is not None
    jaw = next(picture for picture in PICTURES if picture.file_name == "sealing-jaw.png")
    assert step.picture == hashlib.sha256(jaw.content).hexdigest()
    assert plant.rows("SELECT file_name, mime FROM attachment ORDER BY 1") == [
        ("needle-and-hub.png", "image/png"),
        ("sealing-jaw.png", "image/png"),
    ]
    with pytest.raises(PictureWanted, match=r"sealing-jaw\.png"):
        draft(plant, revised(2), pictures=PICTURES[:1])
    with pytest.raises(NotAPicture, match=r"sealing-jaw\.png"):
        draft(plant, revised(2), pictures=(*PICTURES[:1], Picture(file_name="sealing-jaw.png", content=b"\x89PNG\r\n\x1a\n")))
    assert plant.rows("SELECT count(*) FROM document WHERE kind = 'master_record'") == [(1,)]
    shell, document = plant.shell("zhao.lei"), new_id()
    prepared = f"""INSERT INTO lineside.document (id, kind, code, revision, site, effective_from)
        SELECT '{document}', 'master_record', 'MR-SIV-2225', 2, site, effective_from FROM lineside.document WHERE id = '{filed.id}'"""
    for picture in ("sealing-jaw.png", "0" * 64):
        shown = f"""jsonb_set(content, '{{steps,0,picture}}', '"{picture}"')"""
        content = f"""INSERT INTO lineside.master_record (id, product, batch_size, unit, shelf_life_days, content, source)
            SELECT '{document}', product, batch_size, unit, shelf_life_days, {shown}, source
              FROM lineside.master_record_seen WHERE id = '{filed.id}'"""
        assert sqlstate_of(shell, prepared, content) == "LS112"


@pytest.mark.capability("F1")
def test_a_revision_counts_when_it_is_signed_and_its_day_has_come_and_until_it_is_withdrawn(plant: Plant):
    first = effective(plant)
    second = draft(plant, revised(2, ("upper: 142.0", "upper: 141.5")))
    assert effective(plant) == first
    submit(plant, second)
    assert effective(plant) == first
    approve(plant, second)
    assert effective(plant) == second
    signed(plant, revised(3), days_ago=-1)
    assert effective(plant) == second
    withdraw(plant, second)
    assert effective(plant) == first


def test_the_command_that_signs_plans_signs_a_master_record_too(plant: Plant):
    master = draft(plant, revised(2))
    submit(plant, master)
    order = ApprovePlan(command_id=new_id(), plan=master, version=version_of(plant, master))
    plant.give_signed(plant.sign_in("xu.lan"), order, kind="document", subject=master, signer="xu.lan")
    assert effective(plant) == master


@pytest.mark.capability("F1", "R11-10")
def test_what_is_signed_covers_every_word_of_the_record_and_its_file(plant: Plant):
    master = effective(plant)
    assert master is not None
    seen = plant.sign_in("wang.haiyan").ask(lambda session: preview(session, kind="document", subject=master))
    for words in ("停留时间", "142.0", "1095", SOURCE, hashlib.sha256(SOURCE.encode()).hexdigest()):
        assert words in seen.content
    for change in (
        "content = jsonb_set(content, '{steps,0,key}', '\"x\"')",
        "source = source || ' '",
        "shelf_life_days = 7",
        "batch_size = 25",
        "unit = 'box'",
    ):
        superuser = plant.superuser()
        with superuser.transaction(force_rollback=True):
            superuser.execute("ALTER TABLE lineside.master_record DISABLE TRIGGER ALL")
            superuser.execute(f"UPDATE lineside.master_record SET {change}")
            assert superuser.execute("SELECT standing_meanings FROM lineside.standing_meanings('document', %s)", [master]).fetchone() == (
                [],
            )
        assert plant.rows("SELECT lineside.standing_meanings('document', %s)", master) == [(["approved"],)]


def test_what_the_plant_does_not_have_is_refused_in_words(plant: Plant):
    with pytest.raises(ProductUnknown):
        draft(plant, revised(2, ("product: SIV-2225", "product: SIV-9999")))
    with pytest.raises(MasterNotWhole) as told:
        draft(plant, revised(2, ("item: SC-2200", "item: SC-9999")))
    assert told.value.facts["step"] == "clips"
    with pytest.raises(MasterNotWhole):
        draft(plant, revised(2, ("plan: IPC-SIV-2225", "plan: IP-CH-2225")))  # an incoming plan
    with pytest.raises(MasterNotReadable):
        draft(plant, "code: 7")
    assert plant.rows("SELECT count(*) FROM document WHERE kind = 'master_record'") == [(1,)]


def test_who_wrote_it_does_not_sign_it_and_nobody_changes_it_once_it_is_handed_over(plant: Plant):
    master = draft(plant, revised(2))
    engineer = plant.shell("zhao.lei")
    columns_of = "uuidv7(), product, batch_size, unit, shelf_life_days, content, source"
    copy = f"SELECT {columns_of} FROM lineside.master_record_seen WHERE id = '{master}'"
    assert sqlstate_of(engineer, f"UPDATE lineside.master_record SET source = 'x' WHERE id = '{master}'") == "42501"
    assert sqlstate_of(engineer, f"UPDATE lineside.document SET status = 'signed' WHERE id = '{master}'") == "LS031"
    submit(plant, master)
    engineer = plant.shell("zhao.lei")
    columns = "(id, product, batch_size, unit, shelf_life_days, content, source)"
    late = copy.replace("uuidv7()", f"'{master}'")
    assert sqlstate_of(engineer, f"INSERT INTO lineside.master_record {columns} {late}") == "LS032"
    assert sqlstate_of(engineer, f"UPDATE lineside.document SET status = 'signed' WHERE id = '{master}'") == "LS030"
    own = plant.shell("zhao.lei", purpose="sign")
    assert sqlstate_of(own, sign(kind="document", subject=master, version=1, meaning="approved")) == "LS022"
    with pytest.raises(PerformerCannotSign):
        sign_as(plant, master, "zhao.lei")


def sign_as(plant: Plant, master: UUID, login: str) -> None:
    order = ApproveMaster(command_id=new_id(), master=master, version=1)
    plant.give_signed(plant.sign_in(login), order, kind="document", subject=master, signer=login)


BEGIN = """INSERT INTO lineside.document (id, kind, code, revision, site, effective_from)
    SELECT 'a0000000-0000-7000-8000-000000000001', '{kind}', 'MR-X', 1, site, effective_from FROM lineside.document LIMIT 1"""
STORE = """INSERT INTO lineside.master_record (id, product, batch_size, unit, shelf_life_days, content, source)
    SELECT 'a0000000-0000-7000-8000-000000000001', product, batch_size, unit, shelf_life_days, {content}, source
    FROM lineside.master_record_seen"""


FAULTY = [
    "jsonb_set(content, '{steps,0,kind}', '\"magic\"')",
    "jsonb_set(content, '{steps,1,key}', '\"clearance\"')",
    "jsonb_set(content, '{steps,1,quantity}', '\"NaN\"')",
    "jsonb_set(content, '{steps,1,tolerance}', '\"-1\"')",
    "jsonb_set(content, '{steps,1,after}', '[\"verified\"]')",
    "jsonb_set(content, '{steps,1,no}', '7')",
    "jsonb_set(content, '{steps,6,parameters,0,upper}', '\"Infinity\"')",
    "content #- '{steps,6,parameters,1,unit}'",
    "jsonb_set(content, '{steps,7,plan}', '\"IP-CH-2225\"')",
    "jsonb_set(content, '{steps,10,signs}', '[\"verified\"]')",
    "jsonb_set(content, '{steps}', '[]')",
    "jsonb_set(content, '{steps}', '7')",
    "content - 'steps'",
]


@pytest.mark.parametrize("content", FAULTY)
def test_no_shell_stores_a_record_that_a_batch_could_not_be_started_from(plant: Plant, content: str):
    engineer, begin = plant.shell("zhao.lei"), BEGIN.format(kind="master_record")
    assert sqlstate_of(engineer, begin, STORE.format(content=content)) == "LS070"
    assert sqlstate_of(engineer, begin, STORE.format(content="content")) == "done"


def test_content_of_one_kind_does_not_hang_on_a_document_of_another(plant: Plant):
    begin = BEGIN.format(kind="inspection_plan")
    assert sqlstate_of(plant.shell("zhao.lei"), begin, STORE.format(content="content")) == "LS071"
