"""Every question the program reads records with, asked about the planted ones; a test holds that none is left out."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import app
from app.batches import kits, master_list, master_queries, review, step_scans, step_view, worklist
from app.batches import queries as batches
from app.core import audit, behind, masking, people_view, practice, signature, tasks
from app.core.keeper import open_ends, rules
from app.core.keeper.thresholds import Thresholds
from app.core.late import queries as late
from app.core.session import Who
from app.core.trust import verifying
from app.deviations import photos
from app.deviations import queries as deviations
from app.inspection import queries as inspection
from app.labels import queries as labels
from app.materials import queries as materials
from app.plant import connections, protocol_queries
from app.plant import queries as assets
from app.receiving import queries as receiving
from app.tracing import batch_queries, batch_traces, belongings, graph, rechecks
from app.tracing import queries as tracing
from app.typed import queries as typed
from tests.masking.canaries import LOT, Planted
from ui.materials import lot_screen
from ui.receiving import desk
from ui.shell import questions

Question = Callable[[Any], Any]
Asked = Callable[[Planted, Who], Question]
GTIN = "09521101530025"


def _of(question: Callable[..., Any], *named: str, **given: Any) -> Asked:
    """A question with the planted things it is asked about, by the names of its arguments."""

    def ask(planted: Planted, who: Who) -> Question:
        known = {
            "site": planted.site,
            "lot": planted.received.lot,
            "batch": planted.batch,
            "item": planted.item,
            "order": planted.order,
            "line": planted.line,
            "row": planted.received.lot,
            "person": who.login,
            "step": None,
        }
        chosen = {name: known[name] for name in named} | {
            name: value(planted, who) if callable(value) else value for name, value in given.items()
        }
        return lambda session: question(session, **chosen)

    return ask


def _first_step(planted: Planted, _: Who) -> Any:
    return planted.plant.rows("SELECT id FROM lineside.batch_step WHERE batch = %s AND key = 'hubs'", planted.batch)[0][0]


def _changes(planted: Planted, _: Who) -> Question:
    def ask(session: Any) -> Any:
        lines = [line for line in master_list.masters_of_site(session, planted.site) if line.revision == 2]
        return [master_list.changes_of(session, line, before) for line in lines for before in (None, 1)]

    return ask


def _rows(tables: Mapping[str, str], record: str) -> Asked:
    def ask(planted: Planted, who: Who) -> Question:
        one = planted.received.lot if record == "lot" else planted.batch
        return lambda session: [row.image for row in belongings.rows_of(session, tables, one)]

    return ask


def _kept(planted: Planted) -> list[behind.Kept]:
    columns = ("supplier_lot", "balance", "opened_by")
    return [behind.Kept(row=row, column=column) for row in (planted.received.lot, planted.batch) for column in columns]


def _walk(question: Callable[..., Any]) -> Asked:
    """A trace both ways, from the lot and from the batch."""

    def ask(planted: Planted, who: Who) -> Question:
        ways = ((planted.received.lot_code, True), (planted.received.container_code, False))
        return lambda session: [question(session, code, forward=way) for code, way in ways]

    return ask


READ_MODELS: Mapping[str, Asked] = MappingProxyType(
    {
        "materials.item_by_code": _of(materials.item_by_code, code="CH-2225"),
        "materials.item_by_id": _of(materials.item_by_id, "item"),
        "materials.lot_by_code": _of(materials.lot_by_code, code=lambda planted, _: planted.received.lot_code),
        "materials.lot_by_id": _of(materials.lot_by_id, "lot"),
        "materials.lots_of_site": _of(materials.lots_of_site, "site"),
        "materials.ledger_of": _of(materials.ledger_of, "lot"),
        "receiving.order_by_code": _of(receiving.order_by_code, code=lambda planted, _: planted.order_code),
        "receiving.open_orders": _of(receiving.open_orders, "site"),
        "receiving.facts_of_pack": _of(
            receiving.facts_of_pack, "site", order=lambda planted, _: planted.order_code, gtin=GTIN, supplier_lot=LOT
        ),
        "receiving.facts_of_receipt": _of(receiving.facts_of_receipt, "line", supplier_lot=LOT, location="Q-A-03"),
        "receiving.last_receipt": _of(receiving.last_receipt, "order", person="zhou.min"),
        "receiving.receipts_of": _of(receiving.receipts_of, "lot"),
        "receiving.desk": _of(desk.desk, "site", station="REC-01"),
        "receiving.delivery": _of(desk.delivery, "site", code=lambda planted, _: planted.order_code, person=lambda _, who: who),
        "inspection.gauges_here": _of(inspection.gauges_here, "site"),
        "inspection.waiting_lots": _of(inspection.waiting_lots, "site"),
        "inspection.lot_of_label": _of(inspection.lot_of_label, what="lot", code=lambda planted, _: planted.received.lot_code),
        "inspection.inspection_of_lot": _of(inspection.inspection_of_lot, "lot"),
        "inspection.has_plan": _of(inspection.has_plan, "item", "site"),
        "deviations.open_deviations": _of(deviations.open_deviations),
        "deviations.deviations_of": _of(deviations.deviations_of, kind="lot", subject=lambda planted, _: planted.received.lot),
        "deviations.photos_of": _of(photos.photos_of, deviations=()),
        "labels.copies_of": _of(labels.copies_of, kind="container", subject=lambda planted, _: planted.received.container),
        "labels.route_of": _of(labels.route_of, station="REC-01", kind="container"),
        "labels.routes_of": _of(labels.routes_of, station="REC-01"),
        "labels.labels_of_station": _of(labels.labels_of_station, station="REC-01"),
        "labels.label_desk": _of(labels.label_desk, "site", station="REC-01"),
        "plant.assets_of": _of(assets.assets_of, "site"),
        "batches.batch_by_code": _of(batches.batch_by_code, code="x"),
        "batches.batch_by_id": _of(batches.batch_by_id, "batch"),
        "batches.exceptions_of": _of(batches.exceptions_of, "batch"),
        "batches.obstacles_of": _of(batches.obstacles_of, "batch"),
        "batches.consumption_times": _of(batches.consumption_times, "lot"),
        "batches.kit_of": _of(kits.kit_of, "batch"),
        "batches.box_by_code": _of(kits.box_by_code, code=lambda planted, _: planted.received.container_code),
        "batches.batch_review": _of(review.batch_review, "batch"),
        "batches.masters_of_site": _of(master_list.masters_of_site, "site"),
        "batches.effective_masters": _of(master_list.effective_masters, "site"),
        "batches.changes_of": _changes,
        "batches.batches_of_site": _of(worklist.batches_of_site, "site"),
        "batches.master_by_revision": _of(master_queries.master_by_revision, code="MR-SIV-2225", revision=2),
        "batches.step_view": _of(step_view.step_view, "batch", step="hubs"),
        "batches.container_for_step": _of(
            step_scans.container_for_step, step=_first_step, code=lambda planted, _: planted.received.container_code
        ),
        "batches.unit_for_step": _of(step_scans.unit_for_step, step=_first_step, code="x"),
        "batches.batch_of_code": _of(step_scans.batch_of_code, code="x"),
        "tracing.lot_of_container": _of(tracing.lot_of_container, code=lambda planted, _: planted.received.container_code),
        "tracing.lot_history": _of(tracing.lot_history, "lot"),
        "tracing.batch_history": _of(batch_queries.batch_history, "batch"),
        "tracing.traces_of": _of(batch_traces.traces_of, "batch"),
        "tracing.rows_of a lot": _rows(belongings.OF_LOT, "lot"),
        "tracing.rows_of a batch": _rows(belongings.OF_BATCH, "batch"),
        "tracing.trace": _walk(graph.trace),
        "tracing.lot_behind": _of(lot_screen.lot_behind, what="lot", code=lambda planted, _: planted.received.lot_code),
        "core.preview of a lot": _of(signature.preview, kind="lot", subject=lambda planted, _: planted.received.lot),
        "core.preview of a record": _of(signature.preview, kind="document", subject=lambda planted, _: planted.master),
        "core.signatures_of": _of(signature.signatures_of, kind="lot", subject=lambda planted, _: planted.received.lot),
        "core.waiting": _of(tasks.waiting, "site", jobs=frozenset(masking.JOBS), own_station="IQC-02"),
        "core.entries_of": _of(audit.entries_of, "row"),
        "core.first_break": _of(audit.first_break),
        "core.mask_rules": _of(masking.mask_rules),
        "core.self_verification": _of(rules.self_verification, limits=Thresholds()),
        "core.typed_values": _of(rules.typed_values, limits=Thresholds()),
        "core.late_entry": _of(rules.late_entry, limits=Thresholds()),
        "core.same_readings": _of(rules.same_readings, limits=Thresholds()),
        "core.clock_jump": _of(rules.clock_jump, limits=Thresholds()),
        "core.unsigned_step": _of(open_ends.unsigned_step, limits=Thresholds()),
        "core.overdue_calibration": _of(open_ends.overdue_calibration, limits=Thresholds()),
        "core.label_difference": _of(open_ends.label_difference, limits=Thresholds()),
        "core.everybody": _of(people_view.everybody),
        "core.oneself": _of(people_view.oneself, login=lambda _, who: who.login),
        "core.composition": _of(people_view.composition),
        "core.sites_and_lines": _of(people_view.sites_and_lines),
        "core.own_secret": _of(people_view.own_secret),
        "tracing.broken_lots": _of(rechecks.broken_lots, lots=lambda planted, _: [planted.received.lot]),
        "tracing.broken_batches": _of(rechecks.broken_batches, batches=lambda planted, _: [planted.batch]),
        "tracing.broken_deviations": _of(rechecks.broken_deviations, deviations=()),
        "core.waiting_about": _of(late.waiting_about, subject=lambda planted, _: planted.batch),
        "core.waiting_at": _of(late.waiting_at, "site"),
        "core.waiting_of": _of(late.waiting_of, author=lambda _, who: who.login),
        "core.dropped_about": _of(late.dropped_about, subject=lambda planted, _: planted.batch),
        "core.entries_behind": _of(behind.entries_behind, values=lambda planted, _: _kept(planted)),
        "typed.typed_waiting": _of(typed.typed_waiting),
        "plant.connections_at": _of(connections.connections_at, station="IQC-02"),
        "plant.protocols_of_site": _of(protocol_queries.protocols_of_site, "site"),
        "plant.newest_revision": _of(protocol_queries.newest_revision, key="TORQUE-X"),
        "core.is_practice": _of(practice.is_practice),
        "core.verify": _of(verifying.verify, since=datetime(2999, 1, 1, tzinfo=UTC), witnesses={}),
        "shell.who_may": _of(questions.who_may, "site", right=questions.Permission.RELEASE_LOT),
        "shell.names_of": _of(questions.names_of, logins=frozenset({"he.qing", "zhou.min"})),
        "shell.begun": _of(questions.begun, "person", station="IQC-02"),
    }
)
LEFT_OUT = MappingProxyType(
    {
        "materials.supplies": "asked by receiving.facts_of_pack and facts_of_receipt",
        "tracing.find": "asked by tracing.trace; by what is hidden it finds nothing: test_nobody_finds_a_record_by_what_is_hidden",
        "tracing.trace_from": "asked by tracing.trace",
        "tracing.ids_of": "ids alone",
        "tracing.trail": "asked for the trail of everything, of a person and of a lot: walk.py",
        "tracing.record_parts": "asked by the files of a lot and of a batch: walk.py",
        "tracing.seal_lines": "asked by the files of a lot and of a batch: walk.py",
        "tracing.lot_bundle": "walk.py",
        "tracing.batch_bundle": "walk.py",
        "tracing.file_lot_paper": "walk.py",
        "tracing.file_batch_paper": "walk.py",
        "tracing.hold_one_moment": "reads nothing",
        "inspection.inspection_by_id": "the same rows as inspection_of_lot",
        "inspection.plan_document": "limits of measured characteristics are of no class",
        "deviations.deviation_by_id": "the same rows as open_deviations",
        "deviations.deviation_file": "the same rows as open_deviations",
        "plant.asset_by_code": "the same rows as assets_of",
        "plant.calibrations_by_id": "calibrations are of no class",
        "capture.channels_of": "what machines say is of no class",
        "capture.trace": "what machines say is of no class",
        "capture.excursions": "what machines say is of no class",
        "capture.statistics": "what machines say is of no class",
        "capture.gaps": "what machines say is of no class",
        "plant.assets_by_id": "the same rows as assets_of",
        "plant.gauges_of": "the same rows as assets_of",
        "plant.connection_of": "the same rows as connections_at",
        "plant.protocols_by_id": "the same rows as protocols_of_site",
        "batches.rows_behind": "asked by batches.batch_review",
        "typed.typed_behind": "the same rows as typed_waiting",
        "core.came_late": "the same rows as waiting_about",
        "batches.channel_points": "what machines say is of no class",
        "batches.last_cleaning": "a time",
        "core.picture_of": "pictures are of no class",
        "core.pictures_of": "pictures are of no class",
        "core.bytes_of": "files are of no class",
        "core.demand_sees": "reads nothing",
        "core.own_draft": "one's own, held by a policy: test_a_draft_is_read_by_who_began_it",
        "core.lines_of": "what the database is made of",
        "core.check_rows": "asked by core.verify",
        "core.check_seals": "asked by core.verify",
        "core.check_chains": "asked by core.verify",
        "core.streamed": "asked by core.verify",
        "core.rows_of": "asked by the keeper's rules",
        "core.thresholds_of": "settings of the plant are of no class",
        "core.heads_that_differ": "numbers and hashes of chains",
    }
)


def every_question() -> set[str]:
    """Public functions of ``app`` that take a session first: ``room.name``."""
    found = set()
    for module in pkgutil.walk_packages(app.__path__, "app."):
        room = module.name.split(".")[1]
        if room in ("cli", "demo"):
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_"):
                first = next(iter(inspect.signature(function).parameters.values()), None)
                if first is not None and first.name == "session":
                    found.add(f"{room}.{name}")
    return found
