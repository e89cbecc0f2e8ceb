"""Each state of a label is reached with the simulated printer and told apart from the record (G8, decision 0017)."""

from hashlib import sha256
from weakref import WeakKeyDictionary

import psycopg
import pytest

from app.base.ids import new_id
from app.core.refusals import NotAllowed, ReasonMissing, WayClosed
from app.devices.simulators.sbpl_printer import SbplPrinter
from app.devices.simulators.tspl_printer import TsplPrinter
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.commands import ConfirmLabel, DestroyContainerLabel, ReprintLabel, VerifyLabel
from app.labels.queries import labels_of_station
from app.labels.rules import CopyCounts, LabelIsVoid, OtherLabel
from tests.attack.target import sqlstate_of
from tests.labels.queue_station import PrintStation, disturbing, send_all

pytestmark = pytest.mark.capability("G8")


@pytest.fixture
def station(plant):
    with ZplPrinter() as printer:
        here = PrintStation(plant, printer)
        yield here
        here.stop()


def seen(station):
    """The one label as the list of the station shows it."""
    (one,) = listed(station)
    return one


def listed(station):
    return receiver(station).ask(lambda session: labels_of_station(session, station="REC-01"))


def give(station, order):
    return receiver(station).give(order)


def receiver(station):
    """Zhou Min, who signs in once: a station has few connections."""
    if station not in _RECEIVERS:
        _RECEIVERS[station] = station.plant.sign_in("zhou.min", station="REC-01")
    return _RECEIVERS[station]


_RECEIVERS = WeakKeyDictionary()


def printed(station):
    """One label that came out; returns its id and its container's code."""
    received = station.receive()
    station.queue().until_status("sent", "printed")
    station.stop()
    return seen(station).id, received.container_code


def test_what_its_own_picture_was_read_as_is_on_record_before_a_byte_leaves(station):
    received = station.receive()
    before = []
    ear = station.queue(opened=disturbing(before=lambda: before.append(seen(station))))
    ear.until_status("sent", "printed")
    assert [move.status for move in ear.moves][:2] == ["validated", "sent"]
    (sent,) = before
    assert sent.read_back == f"]C0{received.container_code}"
    assert sent.digest == sha256(sent.read_back.encode()).hexdigest()
    assert sent.validated_at is not None
    assert sent.sent_at is not None
    assert sent.requested_at < sent.validated_at < sent.sent_at
    assert station.printer.printed[0].scans == (sent.read_back,)


@pytest.mark.parametrize(("speaks", "make"), [("tspl", TsplPrinter), ("sbpl", SbplPrinter)])
def test_a_printer_that_is_seen_at_work_is_on_record_as_printing(plant, speaks, make):
    with make() as printer:
        printer.take_its_time(before=1, printing=3)
        here = PrintStation(plant, printer, speaks=speaks)
        here.receive()
        ear = here.queue()
        ear.until_every_status("validated", "sent", "printing", "printed")
        here.stop()
        one = seen(here)
        assert one.sent_at < one.printing_at < one.settled_at
        assert one.settled_by is None, "the printer said so itself"


def test_a_zebra_that_still_counts_a_label_is_on_record_as_printing(station):
    received = station.receive()
    station.printer.work_slowly()
    ear = station.queue()
    ear.until(lambda heard: any(move.status == "printing" for move in heard.moves))
    station.printer.let_one_out()
    ear.until_every_status("validated", "sent", "printing", "printed")
    assert station.printer.printed[0].scans == (f"]C0{received.container_code}",)


def test_what_a_person_settled_keeps_why_nobody_knew_and_who_looked(station):
    station.receive()
    station.printer.let_paper_end_within_next_label()
    station.queue().until_status("sent", "unknown")
    station.stop()
    doubted = seen(station)
    assert (doubted.status, doubted.doubt) == ("unknown", "printer.silent")
    give(station, ConfirmLabel(command_id=new_id(), label=doubted.id, came_out=False, remark="half a label, thrown away"))
    settled = seen(station)
    assert (settled.status, settled.detail, settled.settled_by) == ("refused", "half a label, thrown away", "zhou.min")
    assert (settled.doubt, settled.doubted_at) == ("printer.silent", doubted.doubted_at)


def test_a_label_is_verified_by_scanning_it_and_by_nothing_else(station):
    label, code = printed(station)
    with pytest.raises(OtherLabel, match=code):
        give(station, VerifyLabel(command_id=new_id(), label=label, scanned="]C0C26-99999"))
    assert seen(station).status == "printed"
    give(station, VerifyLabel(command_id=new_id(), label=label, scanned=f"]C0{code}"))
    one = seen(station)
    assert (one.status, one.verified_by) == ("verified", "zhou.min")
    assert one.verified_at > one.settled_at
    with pytest.raises(WayClosed):
        give(station, VerifyLabel(command_id=new_id(), label=label, scanned=f"]C0{code}"))


def test_a_keyboard_scanner_that_names_no_symbology_verifies_a_container(station):
    label, code = printed(station)
    give(station, VerifyLabel(command_id=new_id(), label=label, scanned=code))
    assert station.plant.rows("SELECT status, scanned FROM lineside.label") == [("verified", code.encode())]


def test_an_unknown_label_that_is_in_the_hand_did_come_out(station):
    received = station.receive()
    send_all(station.plant.link("REC-01"))
    station.queue().until_status("unknown")
    station.stop()
    give(station, VerifyLabel(command_id=new_id(), label=seen(station).id, scanned=f"]C0{received.container_code}"))
    one = seen(station)
    assert (one.status, one.doubt) == ("verified", "label.left_behind")


def test_a_reprint_names_the_copy_it_stands_for_which_counts_no_more(station):
    first, _ = printed(station)
    assert give(station, ReprintLabel(command_id=new_id(), label=first, reason="torn when it was put on")) == 2
    new, old = listed(station)
    assert (new.copy_no, new.replaces_copy, new.reason, new.requested_by) == (2, 1, "torn when it was put on", "zhou.min")
    assert (old.status, old.ended_by, old.detail) == ("destroyed", "zhou.min", "torn when it was put on")
    assert station.plant.rows("SELECT replaces FROM lineside.label WHERE copy_no = 2") == [(first,)]
    station.queue().until_status("sent", "printed")
    assert "Copy 2" in station.printer.printed[-1].texts


def test_the_code_of_a_destroyed_label_is_recognised_and_refused(station):
    label, code = printed(station)
    with pytest.raises(ReasonMissing):
        give(station, DestroyContainerLabel(command_id=new_id(), label=label, reason=" "))
    give(station, DestroyContainerLabel(command_id=new_id(), label=label, reason="smeared"))
    with pytest.raises(LabelIsVoid, match=r"destroyed by zhou\.min: smeared") as told:
        give(station, VerifyLabel(command_id=new_id(), label=label, scanned=f"]C0{code}"))
    assert "copy 1" in str(told.value)


def test_no_state_is_reached_past_the_one_before_it_not_even_in_a_shell(station):
    label, code = printed(station)
    superuser = station.plant.superuser()
    for state in ("requested", "validated", "sent", "printing", "unknown", "applied"):
        with pytest.raises(psycopg.Error):
            superuser.execute("UPDATE lineside.label SET status = %s WHERE id = %s", [state, label])
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("UPDATE lineside.label SET status = 'verified' WHERE id = %s", [label])
    shell = station.plant.shell("chen.jing")
    assert sqlstate_of(shell, f"SELECT lineside.verify_label('{label}', ']C0{code}')") == NotAllowed.sqlstate
    assert sqlstate_of(shell, f"SELECT lineside.validate_label('{label}', ']C0{code}')") == "42501"


def test_a_second_living_copy_is_refused_in_a_shell_too(station):
    label, _ = printed(station)
    again = f"""INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason)
        SELECT uuidv7(), kind, subject_kind, subject_id, 2, printer, station, content, 'one more'
          FROM lineside.label_seen WHERE id = '{label}'"""
    assert sqlstate_of(station.plant.shell("zhou.min"), again) == CopyCounts.sqlstate
    other = again.replace("kind, subject_kind", "kind, replaces, subject_kind", 1).replace("uuidv7(), kind", "uuidv7(), kind, NULL", 1)
    assert sqlstate_of(station.plant.shell("zhou.min"), other) == "42501", "which one it stands for is the database's to say"
