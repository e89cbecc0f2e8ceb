"""What is typed, pasted or scanned is stored literally or refused in a sentence; it never acts (reliability 3, H)."""

from decimal import Decimal

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.command import Order
from app.core.drafts import SaveDraft
from app.core.people import CreatePerson, verifier_of
from app.core.refusals import LooksLikeAnother, NotPlain, Unexpected, Unfit
from app.core.stations import OpenSite
from app.core.subject import Subject
from app.deviations.commands import DescribeDeviation, OpenDeviation
from app.materials.commands import AddItem, AddLocation, AddSupplier
from app.plant.commands import RegisterAsset
from tests.attack.target import Target, sqlstate_of
from tests.plant import Plant

SQL = "'; DROP TABLE lineside.lot CASCADE; --"
TEXTS = {
    "SQL": SQL,
    "a format": "%s %(x)s {0} {x} $1 :x \\",
    "markup": "<b onclick=x>&amp;",
    "a formula": "=1+1",
    "a path": "../../etc/passwd",
    "Chinese": "毛刺「外缘」",
}


def _orders(target: Target, text: str) -> dict[str, tuple[str, Order]]:
    site, lot = target.plant.rows("SELECT id FROM lineside.site")[0][0], target.lot
    return {
        "item name": (
            "gao.yun",
            AddItem(command_id=new_id(), id=new_id(), code=_code(), gtin=None, name_en=text, name_zh=text, unit="pcs", min_days_left=1),
        ),
        "item unit": (
            "gao.yun",
            AddItem(command_id=new_id(), id=new_id(), code=_code(), gtin=None, name_en="x", name_zh="x", unit=text, min_days_left=1),
        ),
        "supplier name": ("gao.yun", AddSupplier(command_id=new_id(), id=new_id(), code=_code()[:12], name_en=text, name_zh=text)),
        "serial number": (
            "zhao.lei",
            RegisterAsset(
                command_id=new_id(),
                id=new_id(),
                code=f"SC-{_number()}",
                kind="scanner",
                name_en="x",
                name_zh="x",
                serial_no=text,
                site=site,
                unit=None,
                resolution=None,
                needs_calibration=False,
            ),
        ),
        "what happened": (
            "li.ming",
            OpenDeviation(
                command_id=new_id(),
                id=new_id(),
                subject=Subject(kind="lot", id=lot, version=1),
                cause_kind="other",
                cause_id=new_id(),
                kind="discrepancy",
                facts={"said": text},
                class_="minor",
                what_happened=text,
            ),
        ),
        "draft": ("li.ming", SaveDraft(command_id=new_id(), screen="x", content={"note": text})),
    }


_count = iter(range(1000, 9000))


def _number() -> int:
    return next(_count)


def _code() -> str:
    return f"X-{_number()}"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_whatever_is_typed_is_stored_literally(target: Target, text: str):
    for field, (login, order) in _orders(target, text).items():
        target.plant.close()
        target.plant.sign_in(login, station=None).give(order)
        assert target.plant.rows("SELECT count(*) > 0 FROM lineside.lot") == [(True,)], field
    assert target.plant.rows("SELECT count(*) FROM lineside.item WHERE name_en = %s AND name_zh = %s", text, text) == [(1,)]
    assert target.plant.rows("SELECT count(*) FROM lineside.supplier WHERE name_en = %s", text) == [(1,)]
    assert target.plant.rows("SELECT count(*) FROM lineside.deviation WHERE what_happened = %s AND facts ->> 'said' = %s", text, text) == [
        (1,)
    ]
    assert target.plant.rows("SELECT count(*) FROM lineside.audit_log WHERE payload::jsonb #>> '{new,name_en}' = %s", text) == [(2,)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x" * 5_000_000, NotPlain),
        ("x" * 501, NotPlain),
        ("\u202etxt.exe", NotPlain),
        ("pay \u2066load", NotPlain),
        ("bell\x07", NotPlain),
        ("nul\x00byte", Unfit),
        ("half \ud83d", Unfit),
    ],
    ids=["5 MB", "long", "right to left", "isolate", "bell", "NUL", "half a character"],
)
def test_what_cannot_be_printed_or_is_endless_is_refused_in_a_sentence_and_leaves_nothing(target: Target, text: str, told: type[AppError]):
    before = target.plant.rows("SELECT (SELECT count(*) FROM lineside.audit_log), (SELECT count(*) FROM lineside.command)")
    for field, (login, order) in _orders(target, text).items():
        if field == "draft" and told is NotPlain and len(text) < 200_000:
            continue  # working memory keeps what a record refuses
        target.plant.close()
        with pytest.raises(told) as refused:
            target.plant.sign_in(login, station=None).give(order)
        assert str(refused.value).endswith(".")
    assert target.plant.rows("SELECT (SELECT count(*) FROM lineside.audit_log), (SELECT count(*) FROM lineside.command)") == before


def test_an_endless_reason_is_refused(target: Target):
    order = AddSupplier(command_id=new_id(), id=new_id(), code="REASON", name_en="x", name_zh="x")
    with pytest.raises(NotPlain):
        target.plant.sign_in("gao.yun", station=None).give(order, reason="x" * 501)


@pytest.mark.parametrize("code", ["q-a-09", "Q A 09", "Q-A-09 ", "Q-А-09", "Q\u200b-A-09", SQL, "", "Ｑ-A-09"])
def test_a_code_that_only_looks_like_a_code_is_refused(target: Target, code: str):
    site = target.plant.rows("SELECT id FROM lineside.site")[0][0]
    planner = target.plant.sign_in("gao.yun", station=None)
    with pytest.raises(Unexpected):
        planner.give(AddLocation(command_id=new_id(), id=new_id(), code=code, site=site, kind="quarantine"))
    with pytest.raises(AppError):
        planner.give(AddItem(command_id=new_id(), id=new_id(), code=code, gtin=None, name_en="x", name_zh="x", unit="pcs", min_days_left=1))


@pytest.mark.parametrize(
    "lot", ["NF26-0931\u200b", "NF26-0931 ", " NF26-0931", "NF26-О931", "NF26‑0931", "N" * 21, "", "nf26-0931", SQL, "NF26-0931\t"]
)
def test_a_suppliers_lot_that_only_looks_like_another_is_refused(target: Target, lot: str):
    with pytest.raises(AppError):
        target.plant.receive(supplier_lot=lot)
    assert target.plant.rows("SELECT count(*) FROM lineside.lot WHERE supplier_lot = %s", lot) == [(0,)]


def test_other_capitals_are_named_as_the_trouble(target: Target):
    with pytest.raises(LooksLikeAnother, match="nf26-0931"):
        target.plant.receive(supplier_lot="nf26-0931")


def test_an_unknown_time_zone_is_refused(plant: Plant):
    administrator = plant.sign_in("sun.wei", station=None)
    with pytest.raises(Unfit):
        administrator.give(OpenSite(command_id=new_id(), id=new_id(), code="X", name_en="x", name_zh="x", zone="Mars/Olympus"))


def test_numbers_beyond_all_measure_are_refused(target: Target):
    planner = target.plant.sign_in("gao.yun", station=None)
    for days in (-1, 2**31):
        with pytest.raises((Unexpected, Unfit)):
            planner.give(
                AddItem(command_id=new_id(), id=new_id(), code=_code(), gtin=None, name_en="x", name_zh="x", unit="pcs", min_days_left=days)
            )
    with pytest.raises(AppError):
        target.plant.receive(supplier_lot="NF26-0977", quantity=str(Decimal("1e30")))


def test_a_person_with_sql_for_a_name_is_a_person_with_an_odd_name(plant: Plant):
    administrator = plant.sign_in("sun.wei", station=None)
    verifier = verifier_of(plant.superuser(), "odd.name", "a secret of mine")
    administrator.give(
        CreatePerson(
            command_id=new_id(), id=new_id(), login="odd.name", name_en=SQL, name_zh="", badge=None, identity_check=SQL, verifier=verifier
        )
    )
    try:
        assert plant.rows("SELECT name_en FROM lineside.person WHERE login = 'odd.name'") == [(SQL,)]
        assert plant.rows("SELECT count(*) > 5 FROM lineside.person") == [(True,)]
    finally:
        plant.superuser().execute('DROP ROLE "odd.name"')


def test_describing_with_sql_changes_words_only(fresh: Target):
    inspector = fresh.plant.sign_in("li.ming")
    inspector.give(
        DescribeDeviation(
            command_id=new_id(),
            deviation=fresh.deviation,
            version=fresh.deviation_version,
            what_happened=SQL,
            class_="major",
            disposition="reject",
        )
    )
    assert fresh.plant.rows("SELECT what_happened, status FROM lineside.deviation") == [(SQL, "open")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("'x'", "repeat('y', 501)"), ("repeat('x', 201)", "NULL"), ("'x'", "E'why\\u202e'"), ("E'x\\x07'", "NULL")],
    ids=["endless reason", "endless name", "turned round", "a bell"],
)
def test_a_command_says_nothing_endless_or_invisible(target: Target, name: str, reason: str):
    shell = target.plant.shell("gao.yun")
    assert sqlstate_of(shell, f"SELECT lineside.begin_command(uuidv7(), {name}, 'x', {reason})") == "23514"
    assert sqlstate_of(shell, "SELECT lineside.begin_command(uuidv7(), 'x', 'x', repeat('y', 500))") == "done"
