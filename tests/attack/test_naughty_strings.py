"""Every text of every order: the database stores exactly what was said, or it is refused; nothing is cut, trimmed or changed."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.command import Order
from app.core.embedded_server import ServerAddress
from app.core.session import SignedIn
from app.materials.commands import AddSupplier
from app.scanning.interpret import interpret
from app.scanning.result import Status
from tests.attack.naughty import BYTES, REFUSED, STRINGS, Place, outcome, places, put
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target
from tests.core.matrices import JOBS, rows
from tests.core.orders import one_of_each
from tests.core.test_rights_matrices import a_day_under_way
from tests.triggers import triggers_off

pytestmark = pytest.mark.capability("K3")

EVERYTHING_AT_ONCE = ' \'; DROP TABLE lineside.lot; -- %s {0} \\ ^XA~JA =1+1,"a"\t<b>&amp; \u200be\u0301\U00020000 ﬁ \u0085\r\nx  '
NOT_KEPT = {
    "AddPhoto.file_name": "a picture that is kept already keeps the name it came with first; its bytes are what counts",
    "ChangeOwnSecret.verifier": "a secret; kept by the server alone",
    "CreatePerson.verifier": "a secret; kept by the server alone",
    "EnrolStation.verifier": "a secret; kept by the server alone",
}
SIGNED = {row["command"] for row in rows("command_matrix.csv") if row["signature"]}


class Somebody(NamedTuple):
    """With every job in a plant, and an order of every kind."""

    target: Target
    at: SignedIn
    orders: Mapping[str, Order]


@pytest.fixture(scope="module")
def somebody(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Somebody]:
    """A day under way, and one person with every job in it who may, in this plant alone, read what is stored within the transaction."""
    with a_day_under_way(cluster, station_secrets) as target:
        newcomers = Newcomers(target.plant)
        try:
            login = newcomers.hire_for_all(*JOBS)
            superuser = target.plant.superuser()
            superuser.execute("GRANT SELECT ON lineside.audit_log, lineside.command, lineside.draft TO lineside_person")
            with triggers_off(superuser, "batch_step"):  # so that what is entered, consumed and taken back finds its step at work
                superuser.execute("UPDATE lineside.batch_step SET status = 'started' WHERE key IN ('clearance', 'hubs', 'sealing')")
            target.plant.close()
            yield Somebody(target, target.plant.sign_in(login), one_of_each(target))
            target.plant.close()
        finally:
            newcomers.leave()


def _named(command: str, place: Place) -> str:
    return ".".join([command, *map(str, place)])


def _said_wrongly(here: Somebody, said: str | bytes, expected: str, *, only: str | None = None) -> dict[str, str]:
    """Say it in every text of every order. Returns where it was taken and does not stand in the rows exactly."""
    wrong = {}
    for name, order in here.orders.items():
        for place, kind in places(order):
            if kind is not type(said) or name in SIGNED or only not in (None, name):
                continue
            found = outcome(here.at, put(order, place, said))
            if isinstance(found, AppError):
                assert str(found)
            elif expected not in found and _named(name, place) not in NOT_KEPT:
                wrong[_named(name, place)] = "taken, and not stored as it was said"
    return wrong


SAID = (EVERYTHING_AT_ONCE, "x" * 200, "y" * 201, "z" * 500, "w" * 501, "a\x00b", "a\x1bb", "x\u202ey", "half \ud83d")


def test_every_text_of_every_order_is_stored_exactly_or_refused(somebody: Somebody):
    assert {said[:9]: _said_wrongly(somebody, said, said) for said in SAID} == {said[:9]: {} for said in SAID}
    assert _said_wrongly(somebody, BYTES, "\\x" + BYTES.hex()) == {}


def test_many_texts_are_really_taken_so_that_the_check_is_none_of_refusals_alone(somebody: Somebody):
    taken = {
        _named(name, place)
        for name, order in somebody.orders.items()
        for place, kind in places(order)
        if kind is str and name not in SIGNED and not isinstance(outcome(somebody.at, put(order, place, "said so")), AppError)
    }
    assert len(taken) >= 40, sorted(taken)


def test_each_string_of_the_list_meets_its_fate_as_a_name_and_as_a_reason(somebody: Somebody):
    target, at, orders = somebody
    order = orders["AddSupplier"]
    assert isinstance(order, AddSupplier)
    wrong = []
    for number, (name, (said, fate)) in enumerate(STRINGS.items()):
        found = outcome(at, dataclasses.replace(order, name_en=said))
        if isinstance(found, AppError) is (fate == "kept") or (fate == "kept" and said not in found):  # type: ignore[operator]
            wrong.append(f"{name}: {found}")
        given = dataclasses.replace(order, command_id=new_id(), id=new_id(), code=f"REASON-{number}")
        try:
            at.give(given, reason=said)
            stored = target.plant.rows("SELECT reason FROM lineside.command WHERE id = %s", given.command_id) == [(said,)]
        except AppError:
            stored = False
        if stored is not (fate == "kept"):
            wrong.append(f"{name} as a reason")
    assert wrong == []


BEFORE = ("", "]C0", "]Q1", "]d2", "]C1", "]Q3", "]E0", "]d20109521101530025", "]d2010952110153002510", "01095211015300251729093010")
AFTER = ("", "\x1d304000", "\r\n")


def scanned_wrongly(name: str) -> list[str]:
    """A string of the list in every place of a symbol: what the decoder changed, made up, or took though it must not be taken."""
    wrong, said = [], STRINGS[name][0]
    for arrived in (before + said + after for before in BEFORE for after in AFTER):
        scanned = interpret(arrived)
        if scanned.raw != arrived.rstrip("\r\n"):
            wrong.append(f"{arrived!r} became {scanned.raw!r}")
        if not all(element.raw in scanned.raw for element in scanned.elements):
            wrong.append(f"{arrived!r} holds what did not arrive")
        if name in REFUSED and "\x1d" not in said and scanned.status is Status.VALID:
            wrong.append(f"{arrived!r} was taken")
    return wrong


@pytest.mark.parametrize("name", STRINGS)
def test_a_scan_keeps_every_string_as_it_arrived_or_is_no_valid_scan(name: str):
    assert scanned_wrongly(name) == []


def test_a_decoder_that_lets_signs_through_is_named(monkeypatch: pytest.MonkeyPatch):
    """Planted: the gate before every decoder stands open."""
    monkeypatch.setattr("app.scanning.interpret.refuse_hostile", lambda text: None)
    named = [name for name in REFUSED if scanned_wrongly(name)]
    assert "right-to-left override" in named
    assert len(named) > 5


FAULTS = (
    "left(NEW.name_en, 199)",
    "btrim(NEW.name_en)",
    "upper(NEW.name_en)",
    "normalize(NEW.name_en)",
    "replace(NEW.name_en, E'\\r', '')",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_table_that_changes_what_was_said_is_named(somebody: Somebody, fault: str):
    """Planted: a name is cut, trimmed, written otherwise, normalised or cleaned on its way."""
    superuser = somebody.target.plant.superuser()
    made = f"""CREATE FUNCTION lineside.clean() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name_en := {fault}; RETURN NEW; END $$;
        CREATE TRIGGER clean BEFORE INSERT ON lineside.supplier FOR EACH ROW EXECUTE FUNCTION lineside.clean()"""
    superuser.execute(made)  # type: ignore[call-overload]
    try:
        said = EVERYTHING_AT_ONCE.ljust(200, "x")
        assert _said_wrongly(somebody, said, said, only="AddSupplier") == {"AddSupplier.name_en": "taken, and not stored as it was said"}
    finally:
        superuser.execute("DROP FUNCTION lineside.clean CASCADE")
