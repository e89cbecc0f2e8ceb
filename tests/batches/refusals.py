"""What a refused try looks like: the right sentence in both languages, and nothing stored. Orders as a raw SQL shell would give them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Language
from app.plant.commands import RecordCalibration
from tests.attack.target import sqlstate_of
from tests.batches.runs import Run
from tests.plant import Plant
from tests.triggers import triggers_off

FOLLOWED = (
    "batch",
    "batch_step",
    "unit",
    "step_entry",
    "consumption",
    "consumption_undo",
    "kit",
    "label",
    "exception_acceptance",
    "ledger",
    "lot",
    "deviation",
)


def stored(plant: Plant) -> object:
    """How many changes of records of batches the trail knows."""
    return plant.rows("SELECT count(*) FROM lineside.audit_log WHERE tab = ANY (%s)", list(FOLLOWED))[0][0]


def refuses(plant: Plant, why: type[AppError], act: Callable[[], object], **facts: object) -> None:
    """`act` is refused in these words, every fact of the sentence filled in, and leaves nothing behind."""
    before = stored(plant)
    with pytest.raises(why) as told:
        act()
    assert type(told.value) is why
    assert {name: told.value.facts.get(name) for name in facts} == facts
    for language in Language:
        assert "{" not in told.value.what.in_language(language) + told.value.next.in_language(language)
    assert stored(plant) == before


def tried(run: Run, login: str, *statements: str) -> str:
    """The SQLSTATE that a raw shell of somebody gets; ``done`` when it was committed."""
    return sqlstate_of(run.shell(login), *statements)


def move(run: Run, key: str, status: str) -> str:
    """The SQL that moves a step."""
    return f"UPDATE lineside.batch_step SET status = '{status}' WHERE id = '{run.steps[key]}'"


def move_batch(run: Run, status: str) -> str:
    """The SQL that moves the batch."""
    return f"UPDATE lineside.batch SET status = '{status}' WHERE id = '{run.batch}'"


def entry(run: Run, key: str, field: str, **columns: str) -> str:
    """The SQL of one entry; columns as SQL."""
    given = {"id": "uuidv7()", "batch_step": f"'{run.steps[key]}'", "field": f"'{field}'", "origin": "'typed'"} | columns
    return f"INSERT INTO lineside.step_entry ({', '.join(given)}) VALUES ({', '.join(given.values())})"


def consumption(run: Run, key: str, lot: UUID, quantity: str, **columns: str) -> str:
    """The SQL that takes material."""
    given = {
        "id": "uuidv7()",
        "batch_step": f"'{run.steps[key]}'",
        "lot": f"'{lot}'",
        "container": f"'{run.container_of(lot)}'",
        "quantity": quantity,
        "origin": "'scanned'",
        "raw": "'scan'",
    } | columns
    return f"INSERT INTO lineside.consumption ({', '.join(given)}) VALUES ({', '.join(given.values())})"


def current(run: Run, key: str) -> dict[tuple[str, int], tuple[UUID, Decimal | None, str]]:
    """What stands in a step: by field and sample its entry, value and verdict."""
    rows = run.plant.rows(
        "SELECT e.field, e.sample_no, e.id, e.value, e.verdict FROM lineside.current_entries(%s) e ORDER BY 1, 2", run.steps[key]
    )
    return {(str(field), int(no)): (found, value, str(verdict)) for field, no, found, value, verdict in rows}  # type: ignore[arg-type,call-overload,misc]


def past(run: Run, *statements: str) -> None:
    """What time would have done: rows changed by the superuser with the triggers off."""
    superuser = run.plant.superuser()
    with triggers_off(superuser, *(statement.split()[1].removeprefix("lineside.") for statement in statements)):
        for statement in statements:
            superuser.execute(statement)  # type: ignore[call-overload]
    superuser.close()


def fail_calibration(run: Run, gauge: str) -> None:
    """The engineer finds a gauge out of tolerance."""
    asset, today = run.plant.rows("SELECT id, lineside.today_at(site) FROM asset WHERE code = %s", gauge)[0]
    assert isinstance(asset, UUID)
    assert isinstance(today, date)
    run.plant.sign_in("zhao.lei").give(
        RecordCalibration(
            command_id=new_id(), id=new_id(), asset=asset, done_on=today, due_on=today + timedelta(days=1), certificate="K-1", passed=False
        )
    )
