"""A trace on screen: any scan opens it, arrows walk it, a record opens from it; nothing is cut off in either language on either glass."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.base.phrases import Language
from app.batches.commands import UndoConsumption
from app.core.embedded_server import ServerAddress
from tests.looking import troubles_of
from tests.plant import Plant, cloned
from tests.shell.conftest import Hand, elsewhere
from tests.tracing.product import Product
from ui.kit import Mode, State, set_language, theme
from ui.materials.lot_screen import LotScreen
from ui.materials.lots_screen import LotsScreen
from ui.tracing.trace_screen import TraceScreen

pytestmark = pytest.mark.capability("I2")


@pytest.fixture
def plant(cluster: ServerAddress, product: Product) -> Iterator[Plant]:
    """A copy of what was made: `open_station` opens its stations here."""
    product.plant.close()  # whoever still asks there would keep it from being copied
    with cloned(cluster, product.plant.secrets, template=product.plant.server.dbname) as copy:
        yield copy


@pytest.fixture
def open_trace(open_station: Callable[..., Hand]) -> Callable[..., Hand]:
    """Quality at IQC-02 with a code scanned under the rail's *Trace*."""

    def open_one(code: str, *, size: tuple[int, int] = (1920, 1080)) -> Hand:
        hand = open_station("IQC-02", size=size)
        hand.sign_in("wang.haiyan")
        hand.window.open_workbench("trace")
        hand.until(lambda: isinstance(hand.window.current, LotsScreen))
        hand.scan(code)
        hand.until(lambda: isinstance(hand.window.current, TraceScreen) and (hand.window.current.trace or hand.banner))
        return hand

    return open_one


def at(hand: Hand) -> TraceScreen:
    assert isinstance(hand.window.current, TraceScreen)
    return hand.window.current


def standing(hand: Hand) -> set[str]:
    """What can be read in the columns of the graph."""
    return {str(one.node.title) for one in at(hand).graph.layout_now.nodes if hasattr(one.node, "title")}


def test_a_scan_of_a_unit_s_label_opens_its_trace_and_f6_turns_it(product: Product, plant: Plant, open_trace: Callable[..., Hand]):
    decoded = "SELECT content ->> 'decoded' FROM label WHERE kind = 'unit' ORDER BY requested_at LIMIT 1"
    hand = open_trace(f"]d2{plant.rows(decoded)[0][0]}")
    assert hand.window.router.last[0].state is State.PASS
    assert hand.sentence.startswith(f"{product.units[0]} was made from 3 lots.")
    assert standing(hand) == {"NF26-0931", "NF26-0932", "BK-771", *product.hubs, product.clips[0], product.first, "unit 00001"}
    batch = next(one for one in at(hand).graph.layout_now.nodes if one.node.key.startswith("batch:"))
    hanging = {str(one.resource.name) for one in batch.resources if one.resource is not None}
    assert {"SL-03", "DC-014"} <= hanging
    hand.press(Qt.Key.Key_F6)
    hand.until(lambda: at(hand).trace is not None and at(hand).trace.forward)
    assert standing(hand) == {product.units[0]}
    hand.scan(product.hubs[1])
    hand.until(lambda: hand.sentence.startswith(f"{product.hubs[1]} leads to 2 units of 1 batches."))
    assert standing(hand) == {product.hubs[1], product.first, "unit 00001", "unit 00002"}
    hand.scan("B99-0001")
    hand.until(lambda: hand.banner)
    assert "nothing on record is called B99-0001" in hand.banner
    assert standing(hand) == {product.hubs[1], product.first, "unit 00001", "unit 00002"}, "what was traced before stays"


def test_arrows_and_space_open_a_record_and_the_list_has_every_record(product: Product, open_trace: Callable[..., Hand]):
    hand = open_trace(product.others[0])
    trace = at(hand).trace
    assert trace is not None
    at(hand).graph.focus_on(next(node.key for node in trace.of("lot")))
    hand.press(Qt.Key.Key_Space)
    hand.until(lambda: isinstance(hand.window.current, LotScreen))
    hand.press(Qt.Key.Key_Escape)
    hand.until(lambda: isinstance(hand.window.current, TraceScreen) and at(hand).trace is not None)
    at(hand).graph.focus_on(next(node.key for node in trace.of("batch")))
    hand.press(Qt.Key.Key_Space)
    hand.until(lambda: at(hand).trace is not None and at(hand).trace.start.code == product.second)
    hand.press(Qt.Key.Key_F7)
    table, found = at(hand).table, at(hand).trace
    assert table is not None
    assert found is not None
    assert (at(hand).graph.isVisible(), len(table._rows)) == (False, len(found.nodes))
    assert troubles_of(hand.window, hand.bot) == []
    hand.press(Qt.Key.Key_F7)
    assert at(hand).graph.isVisible()


def test_material_that_is_taken_back_leaves_the_trace_on_screen(product: Product, plant: Plant, open_trace: Callable[..., Hand]):
    hand = open_trace("BK-772")
    assert at(hand).units.counts.balance.whole == 3
    (consumption,) = elsewhere(lambda: plant.rows("SELECT id FROM consumption WHERE unit_serial = %s", product.others[0]))[0]
    undo = UndoConsumption(command_id=new_id(), consumption=consumption, reason="wrong tray")  # type: ignore[arg-type]
    elsewhere(lambda: plant.sign_in("chen.jing").give(undo))
    hand.until(lambda: at(hand).units.counts.balance.whole == 2)
    assert {node.code for node in at(hand).trace.of("unit")} == {product.units[1], product.others[1]}


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_every_word_is_whole_in_both_languages_day_and_night(product: Product, open_trace: Callable[..., Hand], size: tuple[int, int]):
    hand = open_trace(product.first, size=size)
    for mode in (Mode.LIGHT, Mode.DARK):
        for language in (Language.EN, Language.ZH):
            theme.look(mode=mode, scale=1.0)
            set_language(language)
            hand.bot.wait(30)
            assert troubles_of(hand.window, hand.bot) == [], (mode, language)
            assert (hand.window.width(), hand.window.height()) == size
