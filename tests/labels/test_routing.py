"""Where a station's labels come out is an engineer's word, with a reason; another printer is a person's decision (G2)."""

import pytest

from app.base.ids import new_id
from app.core.refusals import NotAllowed, ReasonMissing, WayClosed
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.commands import RerouteLabel
from app.labels.queries import routes_of
from app.labels.routing import RouteLabels
from app.labels.rules import NoSuchPrinter
from app.plant.commands import RegisterAsset
from tests.attack.target import sqlstate_of
from tests.labels.queue_station import PrintStation, send_all

pytestmark = pytest.mark.capability("G2")
WHY = "the dock has a printer of its own now"


def route(plant, printer, *, kind="container", reason=WHY):
    engineer = plant.sign_in("zhao.lei")
    order = RouteLabels(command_id=new_id(), station="REC-01", kind=kind, printer=printer)
    try:
        engineer.give(order, reason=reason)
    finally:
        plant.close()


def register(plant, code):
    ((site,),) = plant.rows("SELECT id FROM lineside.site")
    what = {"name_en": "Second printer", "name_zh": "第二台打印机", "serial_no": "D9", "unit": None, "resolution": None}
    order = RegisterAsset(command_id=new_id(), id=new_id(), code=code, kind="printer", site=site, needs_calibration=False, **what)
    plant.sign_in("zhao.lei").give(order)
    plant.close()


def label(plant):
    return plant.rows("SELECT id, printer, status, detail FROM lineside.label ORDER BY requested_at DESC LIMIT 1")[0]


def test_labels_of_a_kind_come_out_where_an_engineer_said(plant):
    register(plant, "LP-07")
    route(plant, "LP-07")
    plant.receive()  # asks for LP-02, the first printer of the station
    assert label(plant)[1] == "LP-07"
    assert plant.sign_in("li.ming").ask(lambda session: routes_of(session, station="REC-01")) == {"container": "LP-07"}
    plant.close()
    route(plant, None, reason="it is out of order for weeks")
    plant.receive(quantity="10")
    assert label(plant)[1] == "LP-02"
    said = "SELECT payload::jsonb ->> 'reason' FROM lineside.audit_log WHERE tab = 'label_route' ORDER BY tx, seq"
    assert [why for (why,) in plant.rows(said)] == [WHY, "it is out of order for weeks"]


def test_a_route_needs_a_reason_a_printer_of_the_site_and_an_engineer(plant):
    with pytest.raises(ReasonMissing):
        route(plant, "LP-02", reason=None)
    with pytest.raises(NoSuchPrinter, match="LP-99"):
        route(plant, "LP-99")
    with pytest.raises(NoSuchPrinter):
        route(plant, "WB-04")  # a scale
    insert = "INSERT INTO lineside.label_route (id, station, kind, printer) VALUES (uuidv7(), 'REC-01', 'container', '%s')"
    assert sqlstate_of(plant.shell("zhou.min"), insert % "LP-02") == "42501"
    assert sqlstate_of(plant.shell("zhao.lei"), insert % "WB-04") == NoSuchPrinter.sqlstate
    assert (
        sqlstate_of(plant.shell("zhao.lei"), insert % "LP-02", "UPDATE lineside.label_route SET printer = NULL") == ReasonMissing.sqlstate
    )


def test_a_label_asked_for_in_a_shell_comes_out_there_too(plant):
    register(plant, "LP-07")
    plant.receive()
    route(plant, "LP-07")
    shell = plant.shell("zhou.min")
    plant.superuser().execute("UPDATE lineside.label SET status = 'refused', settled_at = now()")
    shell.execute(
        """INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason)
        SELECT uuidv7(), kind, subject_kind, subject_id, 2, 'LP-02', station, content, 'elsewhere' FROM lineside.label_seen"""
    )
    assert plant.rows("SELECT copy_no, printer FROM lineside.label ORDER BY copy_no") == [(1, "LP-02"), (2, "LP-07")]


def test_a_label_whose_printer_is_out_of_order_comes_out_elsewhere_by_a_persons_decision_and_once(plant):
    register(plant, "LP-07")
    route(plant, "LP-07")
    with ZplPrinter() as printer:
        station = PrintStation(plant, printer)
        received = station.receive()
        ear = station.queue(code="LP-02")
        ear.until(lambda heard: any(state.cause is not None and state.cause.code == "printer.not_here" for state in heard.states))
        waiting = label(plant)[0]
        receiver = plant.sign_in("zhou.min", station="REC-01")
        with pytest.raises(ReasonMissing):
            receiver.give(RerouteLabel(command_id=new_id(), label=waiting, printer="LP-02", reason=" "))
        with pytest.raises(NoSuchPrinter):
            receiver.give(RerouteLabel(command_id=new_id(), label=waiting, printer="LP-99", reason="broken"))
        receiver.give(RerouteLabel(command_id=new_id(), label=waiting, printer="LP-02", reason="LP-07 is being repaired"))
        ear.until_status("sent", "printed")
        with pytest.raises(WayClosed):
            receiver.give(RerouteLabel(command_id=new_id(), label=waiting, printer="LP-07", reason="back again"))
        station.stop()
        assert [paper.scans for paper in printer.printed] == [(f"]C0{received.container_code}",)]
        moved = """SELECT payload::jsonb -> 'new' ->> 'detail' FROM lineside.audit_log
            WHERE row_id = %s AND payload::jsonb -> 'new' ->> 'printer' = 'LP-02'"""
        assert ("LP-07 is being repaired",) in plant.rows(moved, waiting)


def test_a_label_that_is_on_its_way_stays_at_its_printer(plant):
    plant.receive()
    plant.close()
    send_all(plant.link("REC-01"))
    receiver = plant.sign_in("zhou.min", station="REC-01")
    with pytest.raises(WayClosed):
        receiver.give(RerouteLabel(command_id=new_id(), label=label(plant)[0], printer="LP-02", reason="I want it here"))
    reroute = f"SELECT lineside.reroute_label('{label(plant)[0]}', 'LP-02', 'mine')"
    assert sqlstate_of(plant.shell("chen.jing"), reroute) == NotAllowed.sqlstate
