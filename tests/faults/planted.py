"""Faults that are planted: each must be counted, or a table of zeros says nothing."""

from __future__ import annotations

from dataclasses import replace

from app.base.ids import new_id
from tests.faults.clients import Clients, Receivers
from tests.faults.counting import Count, Told, counted
from tests.faults.load import Ground, at_station, furnish, receipt
from tests.plant import Plant
from tests.triggers import triggers_off

PACKS = 3


def done_before_it_was_asked(plant: Plant, program: Clients) -> Count:
    """A client that says "done" before it sends the order, and dies."""
    receivers = Receivers(plant, program)
    receivers.die_hasty("before send")
    return counted(plant, receivers.told, fault="a client that says done before it asks", times=1)


def same_pack_under_another_identity(plant: Plant) -> Count:
    """What a second press would do if the window made a second order of it."""
    told, ground = done(plant)
    session, order = at_station(plant, "REC-01"), receipt(ground, new_id())
    for identity in (order.command_id, new_id()):
        session.give(replace(order, command_id=identity))
    session.close()
    told.asked.add(order.supplier_lot)
    told.acknowledged.add(order.supplier_lot)
    return counted(plant, told, fault="a press that makes a second order", times=1)


def done(plant: Plant) -> tuple[Told, Ground]:
    """A few receipts as they should be, and what more could be posted against."""
    ground, session, told = furnish(plant), at_station(plant, "REC-01"), Told()
    for _ in range(PACKS):
        order = receipt(ground, new_id())
        session.give(order)
        told.asked.add(order.supplier_lot)
        told.acknowledged.add(order.supplier_lot)
    session.close()
    return told, ground


def put_in_past_the_trail(plant: Plant) -> Count:
    """A task that a database administrator puts in with triggers off."""
    told, _ = done(plant)
    with plant.superuser() as superuser, triggers_off(superuser, "task"):
        superuser.execute(
            "INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job) SELECT uuidv7(), 'note', 'station', id, site,"
            " 'inspector' FROM lineside.station LIMIT 1"
        )
    return counted(plant, told, fault="a row put in with triggers off", times=1)


def taken_out_of_the_trail(plant: Plant) -> Count:
    """An entry of the trail that a database administrator takes out."""
    told, _ = done(plant)
    with plant.superuser() as superuser, triggers_off(superuser, "audit_log"):
        superuser.execute("DELETE FROM lineside.audit_log WHERE row_id = (SELECT id FROM lineside.receipt ORDER BY id LIMIT 1)")
    return counted(plant, told, fault="an entry of the trail taken out", times=1)


def half_of_it(plant: Plant) -> Count:
    """A receipt whose container is missing: an order that was carried out by halves."""
    told, _ = done(plant)
    with plant.superuser() as superuser, triggers_off(superuser, "container"):
        superuser.execute("DELETE FROM lineside.container WHERE id = (SELECT id FROM lineside.container ORDER BY id LIMIT 1)")
    return counted(plant, told, fault="an order carried out by halves", times=1)
