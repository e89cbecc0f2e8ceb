"""A second paper is a new copy with its reason, and a label nobody knows of is settled by a person at the printer."""

from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.refusals import ReasonMissing, WayClosed
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.commands import ConfirmLabel, LabelUndecided, LabelWaits, ReprintLabel
from app.labels.container_form import LabelFacts, LabelUnreadable, label_pdf
from tests.labels.queue_station import PrintStation, send_all

pytestmark = pytest.mark.capability("G8")


@pytest.fixture
def station(plant):
    with ZplPrinter() as printer:
        here = PrintStation(plant, printer)
        yield here
        here.stop()


def label_of(station, *, copy_no=1):
    ((label,),) = station.plant.rows("SELECT id FROM lineside.label WHERE copy_no = %s", copy_no)
    return label


def left_behind(station):
    """A label that was on its way when the station stopped."""
    station.receive()
    send_all(station.plant.link("REC-01"))
    station.queue().until_status("unknown")
    return label_of(station)


def test_a_second_copy_has_its_own_number_and_reason_and_says_so_on_its_face(station):
    station.receive()
    ear = station.queue()
    ear.until_status("sent", "printed")
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    asked = ReprintLabel(command_id=new_id(), label=label_of(station), reason="first one torn when it was put on")
    assert receiver.give(asked) == 2
    assert receiver.give(asked) == 2, "asking again asks for no third one"
    ear.until_status("sent", "printed", "sent", "printed")
    first, second = station.printer.printed
    assert "Copy 2" in second.texts
    assert "Copy 2" not in first.texts
    assert first.scans == second.scans
    assert station.plant.rows("SELECT copy_no, reason FROM lineside.label ORDER BY copy_no") == [
        (1, None),
        (2, "first one torn when it was put on"),
    ]


def test_while_the_first_copy_waits_there_is_no_second_one(station):
    station.receive()
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    with pytest.raises(LabelWaits, match="copy 1 still waits for printer LP-02"):
        receiver.give(ReprintLabel(command_id=new_id(), label=label_of(station), reason="I see none"))


def test_while_nobody_knows_of_the_first_copy_there_is_no_second_one(station):
    label = left_behind(station)
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    with pytest.raises(LabelUndecided):
        receiver.give(ReprintLabel(command_id=new_id(), label=label, reason="I see none"))
    assert station.printer.printed == []


def test_a_person_who_saw_the_paper_settles_an_unknown_label_as_printed(station):
    label = left_behind(station)
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    receiver.give(ConfirmLabel(command_id=new_id(), label=label, came_out=True, remark=""))
    assert [row[1] for row in station.labels()] == ["printed"]
    with pytest.raises(WayClosed):
        receiver.give(ConfirmLabel(command_id=new_id(), label=label, came_out=False, remark="none there"))


def test_a_label_that_did_not_come_out_is_refused_with_what_was_seen_and_may_be_asked_for_again(station):
    label = left_behind(station)
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    with pytest.raises(ReasonMissing):
        receiver.give(ConfirmLabel(command_id=new_id(), label=label, came_out=False, remark=""))
    receiver.give(ConfirmLabel(command_id=new_id(), label=label, came_out=False, remark="roll empty, none there"))
    assert [row[1:] for row in station.labels()] == [("refused", "roll empty, none there")]
    assert receiver.give(ReprintLabel(command_id=new_id(), label=label, reason="roll empty, none there")) == 2


def test_the_same_label_is_a_page_where_no_printer_is(station):
    received = station.receive()
    ((content, at),) = station.plant.rows("SELECT content, requested_at FROM lineside.label")
    facts = LabelFacts(content=content, copy_no=1, requested_at=at, zone=ZoneInfo(station.plant.link().where().zone))
    page = label_pdf(facts, Language.ZH, practice=False)
    words = pypdfium2.PdfDocument(page)[0].get_textpage().get_text_range()
    assert received.container_code in words
    assert "待检" in words
    assert page == label_pdf(facts, Language.ZH, practice=False)


def test_a_record_that_is_no_label_makes_no_page(station):
    station.receive()
    ((at,),) = station.plant.rows("SELECT requested_at FROM lineside.label")
    with pytest.raises(LabelUnreadable, match="container"):
        label_pdf(LabelFacts(content={"container": 17}, copy_no=1, requested_at=at, zone=None), Language.EN, practice=False)
