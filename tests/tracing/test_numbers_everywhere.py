"""F4 on the numbers of lists, panels and pictures: how each came to be, and who put on record what stands there."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Phrase
from app.core.embedded_server import ServerAddress
from tests.plant import Plant, cloned
from tests.shell.conftest import Hand
from tests.tracing.product import Product
from ui.batches.list_screen import BatchesScreen
from ui.batches.release_screen import ReleaseScreen
from ui.materials.lots_screen import LotsScreen
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.fact_rows import FactRow
from ui.tracing.trace_screen import TraceScreen

pytestmark = pytest.mark.capability("E5")
SCREENS = ("ui.shell", "ui.batches", "ui.deviations", "ui.inspection", "ui.materials", "ui.receiving", "ui.tracing")


@pytest.fixture
def plant(cluster: ServerAddress, product: Product) -> Iterator[Plant]:
    """A copy of what was made: `open_station` opens its stations here."""
    product.plant.close()  # whoever still asks there would keep it from being copied
    with cloned(cluster, product.plant.secrets, template=product.plant.server.dbname) as copy:
        yield copy


@pytest.fixture
def hand(open_any_station: Callable[..., Hand]) -> Hand:
    """Quality at IQC-02."""
    hand = open_any_station("IQC-02", screens=SCREENS)
    hand.sign_in("wang.haiyan")
    return hand


def proofs(hand: Hand) -> dict[str, dict[str, str]]:
    """What F4 shows once everything is answered: of each number the facts by name."""
    hand.press(Qt.Key.Key_F4)
    hand.until(lambda: isinstance(hand.window.frame.sheet, EvidenceSheet))
    sheet = hand.window.frame.sheet
    kept = sum(one.kept is not None for one in sheet.evidence)

    def said() -> list[tuple[str, str]]:
        return [(str(row.fact.name), str(row.fact.value)) for row in sheet.findChildren(FactRow)]

    hand.until(lambda: sum(name == "entered by" for name, _ in said()) == kept)
    assert "no entry of the trail holds it" not in [value for _, value in said()]
    found: dict[str, dict[str, str]] = {}
    titles = iter(str(one.title) for one in sheet.evidence)
    for name, value in said():
        if name == "origin":
            title = next(titles)
        found.setdefault(title, {})[name] = value
    return found


def test_a_lot_in_the_list_says_who_wrote_its_balance_and_its_day(hand: Hand, product: Product):
    screen = hand.window.open("materials.lots")
    assert isinstance(screen, LotsScreen)
    hand.until(lambda: screen.table is not None and screen.table.chosen_key is not None)
    found = proofs(hand)
    lot = screen._lots[0]
    last = Phrase("{day}", day=lot.expires_on)
    balance, day = found[f"Balance of lot {lot.code}: {lot.balance}"], found[f"Last day of lot {lot.code}: {last}"]
    assert balance["origin"] == "kept by the database: all that was received, less all that was taken"
    assert balance["on record"].rpartition(", ")[2] in ("ConsumeMaterial", "UndoConsumption", "ReceiveLot")
    assert day["entered by"].startswith("Zhou Min, ")
    assert day["on record"].endswith("/ui, ReceiveLot")


def test_a_batch_in_the_list_says_who_planned_it_and_what_its_steps_are_counted_from(hand: Hand, product: Product):
    screen = hand.window.open("batches.list")
    assert isinstance(screen, BatchesScreen)
    hand.until(lambda: screen.chosen is not None)
    found = proofs(hand)
    code = screen.chosen.code if screen.chosen else ""
    planned = next(facts for title, facts in found.items() if title.startswith(f"Planned for batch {code}:"))
    assert planned["on record"].endswith(", StartBatch")
    assert "Waits" in {title.partition(":")[0] for title in found}


def test_where_a_batch_is_released_f4_says_what_is_released(hand: Hand, product: Product):
    ((batch,),) = product.plant.rows("SELECT id FROM lineside.batch WHERE code = %s", product.first)
    product.plant.close()
    screen = hand.window.open("batches.release", {"batch": str(batch)})
    assert isinstance(screen, ReleaseScreen)
    hand.until(lambda: screen.review is not None)
    screen.exceptions.rows.show_exceptions([], in_order="")
    found = proofs(hand)
    assert "were made: 2" in found
    assert "counted in step" in found["Good: 2"]["origin"]


def test_a_record_in_the_trace_says_what_its_amount_is_added_up_from(hand: Hand, product: Product):
    screen = hand.window.open("tracing.trace", {"code": product.hubs[0]})
    assert isinstance(screen, TraceScreen)
    hand.until(lambda: screen.trace is not None and screen.graph.focus_key is not None)
    found = proofs(hand)
    assert any(facts["origin"].startswith("added up by the database") for facts in found.values())
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_F7)
    hand.until(lambda: screen.table is not None)
    assert all(title.startswith("Records of") or facts for title, facts in proofs(hand).items())
