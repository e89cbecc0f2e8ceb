"""Master records on their way: drafted by the engineer, handed over, signed by quality."""

from datetime import date, timedelta
from uuid import UUID

from app.base.ids import new_id
from app.batches.master_commands import ApproveMaster, DraftMaster, SubmitMaster, WithdrawMaster
from app.batches.master_file import parse
from app.batches.master_pictures import Picture, pictures_beside
from app.demo.production import MASTER
from tests.plant import Plant

SOURCE = MASTER.read_text("utf-8")
PICTURES = pictures_beside(MASTER, parse(SOURCE))


def revised(revision: int, *changes: tuple[str, str]) -> str:
    """The demonstration record as another revision, with some of its text replaced."""
    text = SOURCE.replace("revision: 1", f"revision: {revision}", 1)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def draft(plant: Plant, source: str, *, days_ago: int = 1, pictures: tuple[Picture, ...] = PICTURES) -> UUID:
    ((site, today),) = plant.rows("SELECT id, lineside.today_at(id) FROM site")
    assert isinstance(site, UUID)
    assert isinstance(today, date)
    master = new_id()
    since = today - timedelta(days=days_ago)
    order = DraftMaster(command_id=new_id(), id=master, site=site, effective_from=since, source=source, pictures=pictures)
    plant.sign_in("zhao.lei").give(order)
    plant.close()
    return master


def submit(plant: Plant, master: UUID) -> None:
    plant.sign_in("zhao.lei").give(SubmitMaster(command_id=new_id(), master=master))
    plant.close()


def version_of(plant: Plant, document: UUID) -> int:
    version = plant.rows("SELECT version FROM document WHERE id = %s", document)[0][0]
    assert isinstance(version, int)
    return version


def approve(plant: Plant, master: UUID) -> None:
    order = ApproveMaster(command_id=new_id(), master=master, version=version_of(plant, master))
    plant.give_signed(plant.sign_in("wang.haiyan"), order, kind="document", subject=master, signer="wang.haiyan")
    plant.close()


def withdraw(plant: Plant, master: UUID) -> None:
    order = WithdrawMaster(command_id=new_id(), master=master, version=version_of(plant, master))
    plant.give_signed(plant.sign_in("wang.haiyan"), order, kind="document", subject=master, signer="wang.haiyan")
    plant.close()


def signed(plant: Plant, source: str, *, days_ago: int = 1, pictures: tuple[Picture, ...] = PICTURES) -> UUID:
    """A revision that is signed."""
    master = draft(plant, source, days_ago=days_ago, pictures=pictures)
    submit(plant, master)
    approve(plant, master)
    return master
