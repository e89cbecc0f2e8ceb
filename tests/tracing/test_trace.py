"""From a component lot exactly its units, from a unit exactly its lots, machines, gauges and people; the command line says the same."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from app.cli import trace as tool
from app.core.settings import Settings, save
from app.demo.people import SECRET
from app.tracing.graph import MOST, Trace, trace
from app.tracing.graph_start import NothingNamed, NotOurUnit, SeveralNamed
from tests.plant import Plant
from tests.tracing.product import Product

pytestmark = pytest.mark.capability("I2")
Asked = Callable[..., Trace]


@pytest.fixture(scope="session")
def asked(product: Product) -> Asked:
    """Ask as an auditor, who may do nothing but read."""

    def ask(code: str, *, forward: bool | None = None, most: int = MOST) -> Trace:
        with_auditor = product.plant.sign_in("ma.lin", station=None)
        found: Trace = with_auditor.ask(partial(trace, code=code, forward=forward, most=most))
        with_auditor.close()
        return found

    return ask


def codes(found: Trace, *kinds: str) -> set[str | None]:
    return {node.code for node in found.of(*kinds)}


def test_material_of_the_batch_is_in_every_unit_and_material_of_a_unit_in_that_one_alone(product: Product, asked: Asked):
    by_lot = {
        product.hubs[0]: ({product.first, product.second}, {*product.units, *product.others}),
        product.hubs[1]: ({product.first}, {*product.units}),
        product.clips[0]: ({product.first}, {product.units[0]}),
        product.clips[1]: ({product.first, product.second}, {product.units[1], *product.others}),
    }
    for lot, (batches, units) in by_lot.items():
        found = asked(lot)
        assert (lot, codes(found, "batch"), codes(found, "unit")) == (lot, batches, units)
        assert found.forward
    assert codes(asked("NF26-0932"), "unit") == {*product.units}
    assert codes(asked("NF26-0932"), "lot") == {product.hubs[1]}


def test_a_unit_names_its_own_clip_lot_both_hub_lots_the_sealer_the_gauges_and_everybody_who_had_a_hand_in_it(
    product: Product, asked: Asked
):
    for unit, clip, supplier in zip(product.units, product.clips, ("BK-771", "BK-772"), strict=True):
        found = asked(unit)
        assert not found.forward
        assert codes(found, "lot") == {*product.hubs, clip}
        assert codes(found, "supplier_lot") == {"NF26-0931", "NF26-0932", supplier}
        assert (codes(found, "batch"), codes(found, "unit")) == ({product.first}, {unit})
        assert codes(found, "asset") == {"SL-03", "DC-014", "LM-07"}
        assert codes(found, "person") == {"zhou.min", "li.ming", "wang.haiyan", "gao.yun", "chen.jing"}
        assert len(codes(found, "inspection")) == 3
        assert codes(found, "deviation") == set()
    assert codes(asked(product.others[0]), "deviation") == {"DEV26-0001"}
    assert codes(asked(product.first), "lot") == {*product.hubs, *product.clips}


def test_each_end_of_an_edge_tells_the_same_edge(product: Product, asked: Asked):
    """What a trace forward says of two records, the one backward says too."""
    backward = asked(product.units[0])
    by_key = {node.key: node for node in backward.nodes}
    ways = {(edge.source, edge.target, edge.what) for edge in backward.edges if by_key[edge.source].kind != "supplier_lot"}
    assert len(ways) > 20
    for node in backward.nodes:
        if node.code is None or node.kind in ("supplier_lot", "calibration"):
            continue
        forward = {(edge.source, edge.target, edge.what) for edge in asked(node.code, forward=True).edges}
        assert {way for way in ways if way[0] == node.key} <= forward, node


def test_a_machine_a_certificate_a_person_and_a_deviation_are_traced_to_what_they_touched(product: Product, asked: Asked):
    assert codes(asked("AST:SL-03"), "batch") == {product.first}
    assert codes(asked("SL-03"), "unit") == {*product.units}
    assert codes(asked("LM-07"), "lot") == {*product.hubs}
    assert codes(asked("DC-014"), "lot") == {*product.hubs, *product.clips}
    certificate = str(
        product.plant.rows("SELECT c.certificate FROM calibration c JOIN asset a ON a.id = c.asset WHERE a.code = 'LM-07'")[0][0]
    )
    assert codes(asked(certificate), "lot") == {*product.hubs}
    assert codes(asked("gao.yun"), "batch") == {product.first, product.second}
    assert codes(asked("DEV26-0001"), "unit") == {*product.others}


def test_a_scan_of_a_unit_s_label_is_that_unit_and_a_label_nobody_made_is_refused(product: Product, asked: Asked):
    rows = product.plant.rows("SELECT content ->> 'decoded' FROM label WHERE kind = 'unit' ORDER BY requested_at")
    scans = [f"]d2{says}" for (says,) in rows]
    assert [asked(scan).start.code for scan in scans] == [*product.units]
    assert codes(asked(scans[0], forward=True), "label") == {f"{product.units[0]}/1"}
    with pytest.raises(NotOurUnit):
        asked(scans[0].replace(f"10{product.first}", f"10{product.second}"))
    with pytest.raises(NothingNamed):
        asked("L99-0001")


def test_two_suppliers_lots_written_alike_are_never_taken_for_each_other(plant: Plant):
    plant.receive(supplier_lot="BK-771")
    plant.released_clips(supplier_lot="BK-771")
    auditor = plant.sign_in("ma.lin", station=None)
    with pytest.raises(SeveralNamed) as refused:
        auditor.ask(partial(trace, code="BK-771", forward=None))
    assert refused.value.facts["records"] == "L26-0001, L26-0002"


def test_a_long_answer_stands_as_groups_with_their_counts_and_loses_nothing(product: Product, asked: Asked):
    single, grouped = asked(product.hubs[0]), asked(product.hubs[0], most=3)
    assert all(node.many == 1 for node in single.nodes)
    groups = {(node.batch, node.status): node.many for node in grouped.of("unit")}
    assert sorted(groups.values()) == [2, 2]
    assert {status for _, status in groups} == {"labelled", "made"}
    assert dict(grouped.units) == dict(single.units) == {"labelled": 2, "made": 2}
    for kind in {node.kind for node in single.nodes}:
        assert sum(node.many for node in grouped.of(kind)) == len(single.of(kind)), kind
    assert sum(edge.many for edge in grouped.edges) == len(single.edges)
    tightest = asked(product.hubs[0], most=1)
    assert {(node.code, node.batch, node.status, node.many) for node in tightest.of("unit")} == {
        (None, None, "labelled", 2),
        (None, None, "made", 2),
    }
    assert tightest.of("lot")[0].code == product.hubs[0]


def test_only_what_every_person_may_read_can_be_asked_and_no_station_asks(product: Product):
    plant = product.plant
    with pytest.raises(Exception, match="permission denied"):
        plant.station_shell().execute("SELECT * FROM lineside.trace_named('L26-0001')")
    with pytest.raises(Exception, match="permission denied"):
        plant.shell("ma.lin").execute("SELECT * FROM lineside.trace_sources('lot', uuidv7(), false)")
    plant.close()


@pytest.fixture
def here(product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workstation whose settings name the plant's own server."""
    file, server = tmp_path / "settings.toml", product.plant.server
    save(Settings(server=f"postgresql://localhost:{server.port}/{server.dbname}?host={server.host}"), file)
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    monkeypatch.setenv("PGPASSWORD", SECRET)


def test_the_command_line_says_the_same_and_twice_the_same_text(here: None, product: Product, capsys: pytest.CaptureFixture[str]):
    assert tool.main([product.clips[0], "--person", "ma.lin", "--json"]) == 0
    first = capsys.readouterr().out
    assert tool.main([product.clips[0], "--person", "ma.lin", "--json", "--forward"]) == 0
    assert capsys.readouterr().out == first
    said = json.loads(first)
    assert set(said) == {"start", "direction", "units", "nodes", "edges"}
    assert [node["code"] for node in said["nodes"] if node["kind"] == "unit"] == [product.units[0]]
    keys = {node["key"] for node in said["nodes"]}
    assert said["start"] in keys
    assert all(edge["source"] in keys and edge["target"] in keys for edge in said["edges"])
    assert (said["direction"], said["units"]) == ("forward", {"labelled": 1})
    assert tool.main([product.units[1], "--person", "ma.lin"]) == 0
    lines = capsys.readouterr().out
    assert "BK-772" in lines
    assert "BK-771" not in lines
    assert "Pouch sealer" in lines
    assert tool.main(["L99-9999", "--person", "ma.lin"]) == 2
    assert "nothing on record is called L99-9999" in capsys.readouterr().err
