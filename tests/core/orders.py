"""One plausible order of every kind, over a furnished plant: what is refused is refused for the right and not for a typing error."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import psycopg

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.batches.acceptance import AcceptException
from app.batches.commands import (
    CompleteBatch,
    ConsumeMaterial,
    EnterValue,
    FinishStep,
    MakeUnits,
    MoveUnit,
    StartBatch,
    StartStep,
    TakeReading,
    UndoConsumption,
    VoidStep,
)
from app.batches.kitting import LayOutKit, PutBackKit
from app.batches.labelling import ApplyLabel, ConfirmUnitLabel, DestroyLabel, PrintUnitLabel, RerouteUnitLabel, VerifyUnitLabel
from app.batches.master_commands import ApproveMaster, DraftMaster, SubmitMaster, WithdrawMaster
from app.batches.master_file import parse
from app.batches.master_pictures import pictures_beside
from app.batches.photos import TakePhoto
from app.batches.signing import RejectBatch, ReleaseBatch, ReleaseToMarket, SignPerformed, SignVerified
from app.capture.commands import EnterChannel
from app.core.backup.recording import RecordDrill, SignDrill
from app.core.command import Order, written
from app.core.drafts import SaveDraft
from app.core.jobs import EndPair, GiveRight, PartRights, SetSecretDays, WithdrawRight
from app.core.late.commands import ConfirmLateFor, DropLate, SetLateAside
from app.core.masking import SetMaskRule
from app.core.people import ChangeOwnSecret, CreatePerson, DescribePerson, DisablePerson, GiveJob, LetInAgain, TakeJob, TakePlace
from app.core.stations import EnrolStation, OpenSite
from app.core.subject import Subject
from app.core.tasks import CallForHelp, MoveTask
from app.core.trust.renewal import RenewWitness
from app.demo.production import MASTER
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality, DescribeDeviation, OpenDeviation
from app.deviations.photos import AddPhoto
from app.inspection.commands import ApprovePlan, BeginInspection, CompleteInspection, PreparePlan, RecordMeasurement
from app.labels.commands import ConfirmLabel, DestroyContainerLabel, ReprintLabel, RerouteLabel, VerifyLabel
from app.labels.routing import RouteLabels
from app.materials.commands import AddItem, AddLocation, AddSupplier, ApproveSupplier, EndHold, HoldLot, RejectLot, ReleaseLot
from app.plant.commands import RecordCalibration, RecordRange, RegisterAsset
from app.plant.connecting import ChangeDevice, ConnectDevice, HowConnected, TakeOutDevice
from app.plant.protocol_commands import ApproveProtocol, DraftProtocol, RewriteProtocol, SubmitProtocol, WithdrawProtocol
from app.receiving.commands import AskToDecide, OrderedLine, PlaceOrder, ReceiveLot, UndoReceipt, WeighContainer
from app.typed.commands import Typed, TypeEntry, TypeMeasurement, TypeWeight, VerifyTyped, WithdrawTyped
from tests.attack.target import Target
from tests.devices.patterns.own import TORQUE
from tests.triggers import triggers_off

VERIFIER = "SCRAM-SHA-256$4096:" + "A" * 22 + "==$" + "A" * 43 + "=:" + "A" * 43 + "="

PHOTO = {"file_name": "seal.jpg", "content": MASTER.with_name("sealing-jaw.png").read_bytes(), "taken_at": datetime.now(UTC)}


def signed_subject(target: Target, order: Order) -> tuple[str, UUID] | None:
    """What a signed order signs."""
    match order:
        case HoldLot(lot=lot) | EndHold(lot=lot) | ReleaseLot(lot=lot) | RejectLot(lot=lot):
            return "lot", lot
        case ApproveDisposition(deviation=deviation) | ApproveDispositionAsQuality(deviation=deviation):
            return "deviation", deviation
        case ApprovePlan(plan=document) | ApproveMaster(master=document) | WithdrawMaster(master=document):
            return "document", document
        case ApproveProtocol(protocol=document) | WithdrawProtocol(protocol=document):
            return "document", document
        case SignPerformed(step=step) | SignVerified(step=step):
            return "batch_step", step
        case VerifyTyped(typed=typed):
            return "typed_value", typed
        case ConfirmLateFor(entry=entry) | SetLateAside(entry=entry):
            return "late_entry", entry
        case SignDrill(drill=drill):
            return "restore_drill", drill
        case ReleaseBatch(batch=batch) | ReleaseToMarket(batch=batch) | RejectBatch(batch=batch):
            return "batch", batch
    return None


def one_of_each(target: Target) -> Mapping[str, Order]:
    """An order of every registered kind, by its name; identities are new at every call."""
    orders: list[Order] = [
        *_of_the_house(target),
        *_of_materials(target),
        *_of_inspection(target),
        *_of_typing(target),
        *_of_receiving(target),
        *_of_assets(target),
        *_of_batches(target),
    ]
    return {type(order).__name__: order for order in orders}


def _id(target: Target, statement: str) -> UUID:
    found = target.plant.rows(statement)[0][0]
    assert isinstance(found, UUID)
    return found


def _some(target: Target, statement: str) -> UUID:
    """One that is there; a new identity where there is none yet."""
    found = target.plant.rows(statement)
    return found[0][0] if found else new_id()  # type: ignore[return-value]


def _drill(id: UUID) -> RecordDrill:
    facts = {"checks": [], "not_done": []}
    return RecordDrill(command_id=new_id(), id=id, backup="lineside-x", manifest=b"0" * 32, taken_at=datetime.now(UTC), facts=facts)


def _drilled(target: Target) -> UUID:
    """A drill that is on record."""
    drill = new_id()
    with psycopg.connect(target.plant.address.url(target.plant.server.dbname)) as superuser:
        superuser.execute("SET SESSION AUTHORIZATION lineside_keeper")
        superuser.execute("SELECT lineside.record_drill(%s, 'x', sha256('x'), now(), '{\"checks\": [], \"not_done\": []}')", [drill])
    return drill


def _late(target: Target) -> UUID:
    """A reading of the inspector's that waits as a draft, about a cell that is taken."""
    inspection, characteristic = target.plant.rows("SELECT inspection, characteristic FROM lineside.measurement ORDER BY id LIMIT 1")[0]
    reading = Reading(quantity=Quantity(Decimal("0.860"), "mm"), stable=None, device="LM-07", raw=b"x", at=datetime.now(UTC))
    order = RecordMeasurement(
        command_id=new_id(),
        id=new_id(),
        inspection=inspection,  # type: ignore[arg-type]
        characteristic=characteristic,  # type: ignore[arg-type]
        sample_no=1,
        reading=reading,
    )
    with psycopg.connect(target.plant.address.url(target.plant.server.dbname)) as superuser:
        superuser.execute("SET SESSION AUTHORIZATION lineside_station_iqc_02")
        superuser.execute("SELECT lineside.store_late_entry(%s, 'li.ming', %s, now(), 'x', 0)", [order.command_id, written(order)])
    return order.command_id


def _of_the_house(target: Target) -> list[Order]:
    site, person = _id(target, "SELECT id FROM lineside.site"), _id(target, "SELECT id FROM lineside.person WHERE login = 'he.qing'")
    scope = _id(target, "SELECT s.id FROM lineside.scope s JOIN lineside.person p ON p.id = s.person WHERE p.login = 'he.qing'")
    pair = _id(target, "SELECT id FROM lineside.right_conflict LIMIT 1")
    task = _id(target, "SELECT id FROM lineside.task WHERE status = 'open' LIMIT 1")
    return [
        SaveDraft(command_id=new_id(), screen="x", content={"x": 1}),
        CallForHelp(command_id=new_id(), id=new_id(), topic="material"),
        MoveTask(command_id=new_id(), task=task, status="done"),
        ChangeOwnSecret(command_id=new_id(), verifier=VERIFIER),
        SetMaskRule(command_id=new_id(), field_class="price", job="engineer", rule="masked"),
        OpenSite(command_id=new_id(), id=new_id(), code="XX", name_en="x", name_zh="x", zone="UTC"),
        RenewWitness(command_id=new_id(), id=new_id(), station="IQC-02", seen={}, stands={}, reason="x"),
        _drill(new_id()),
        SignDrill(command_id=new_id(), drill=_drilled(target)),
        DropLate(command_id=new_id(), entry=_late(target), reason="x"),
        ConfirmLateFor(command_id=new_id(), entry=_late(target)),
        SetLateAside(command_id=new_id(), entry=_late(target), reason="x"),
        EnrolStation(
            command_id=new_id(),
            id=new_id(),
            code="XX-01",
            name_en="x",
            name_zh="x",
            site=site,
            line=None,
            workbench="receive",
            verifier=VERIFIER,
        ),
        CreatePerson(
            command_id=new_id(), id=new_id(), login="x.x", name_en="x", name_zh="x", badge=None, identity_check="x", verifier=VERIFIER
        ),
        GiveJob(command_id=new_id(), id=new_id(), person=person, job="operator", site=site, line=None),
        TakeJob(command_id=new_id(), person=person, job="regulatory"),
        TakePlace(command_id=new_id(), scope=scope),
        LetInAgain(command_id=new_id(), person=person, identity_check="identity card, in person", verifier=VERIFIER),
        DescribePerson(command_id=new_id(), person=person, name_en="He Qing", name_zh="何青", phone="2204", badge="T-0252"),
        DisablePerson(command_id=new_id(), person=person),
        GiveRight(command_id=new_id(), id=new_id(), job="auditor", right="raise_deviation"),
        WithdrawRight(command_id=new_id(), job="auditor", right="read_trail"),
        PartRights(command_id=new_id(), id=new_id(), first="calibrate", second="release_lot", why="x"),
        EndPair(command_id=new_id(), id=pair),
        SetSecretDays(command_id=new_id(), days=180),
        OpenDeviation(
            command_id=new_id(),
            id=new_id(),
            subject=Subject(kind="lot", id=target.lot, version=1),
            cause_kind="other",
            cause_id=new_id(),
            kind="discrepancy",
            facts={},
            class_="minor",
            what_happened="x",
        ),
        AddPhoto(command_id=new_id(), id=new_id(), deviation=target.deviation, **PHOTO),
        DescribeDeviation(
            command_id=new_id(),
            deviation=target.deviation,
            version=target.deviation_version,
            what_happened="y",
            class_="major",
            disposition="reject",
        ),
        ApproveDisposition(command_id=new_id(), deviation=target.deviation, version=target.deviation_version),
        ApproveDispositionAsQuality(command_id=new_id(), deviation=target.deviation, version=target.deviation_version),
    ]


def _of_materials(target: Target) -> list[Order]:
    site, item = _id(target, "SELECT id FROM lineside.site"), _id(target, "SELECT id FROM lineside.item WHERE code = 'CH-2225'")
    supplier = _id(target, "SELECT id FROM lineside.supplier WHERE code = 'NORDFIL'")
    line = OrderedLine(id=new_id(), no=1, item=item, quantity=Decimal(1), due_on=date(2027, 1, 1))
    until = date(2040, 1, 1)
    return [
        AddItem(command_id=new_id(), id=new_id(), code="X-100", gtin=None, name_en="x", name_zh="x", unit="pcs", min_days_left=1),
        AddSupplier(command_id=new_id(), id=new_id(), code="X-100", name_en="x", name_zh="x"),
        AddLocation(command_id=new_id(), id=new_id(), code="X-100", site=site, kind="quarantine"),
        PlaceOrder(command_id=new_id(), id=new_id(), code="PO26-9100", supplier=supplier, site=site, lines=(line,)),
        ApproveSupplier(
            command_id=new_id(),
            id=new_id(),
            supplier=supplier,
            item=item,
            site=site,
            valid_from=date(2026, 1, 1),
            valid_to=until,
            certificate="x",
            certificate_valid_to=until,
        ),
        HoldLot(command_id=new_id(), lot=target.lot, version=1),
        EndHold(command_id=new_id(), lot=target.lot, version=1),
        ReleaseLot(command_id=new_id(), lot=target.lot, version=1),
        RejectLot(command_id=new_id(), lot=target.lot, version=1),
    ]


def _of_inspection(target: Target) -> list[Order]:
    site, item = _id(target, "SELECT id FROM lineside.site"), _id(target, "SELECT id FROM lineside.item WHERE code = 'CH-2225'")
    inspection = _id(target, f"SELECT id FROM lineside.inspection WHERE lot = '{target.lot}'")
    open_one, version = target.plant.rows(
        "SELECT id, version FROM lineside.inspection ORDER BY status = 'complete', opened_at DESC LIMIT 1"
    )[0]
    assert isinstance(open_one, UUID)
    assert isinstance(version, int)
    reading = Reading(quantity=Quantity(Decimal("25.00"), "mm"), stable=True, device="DC-014", raw=b"01A+00025.00", at=datetime.now(UTC))
    return [
        PreparePlan(
            command_id=new_id(),
            id=new_id(),
            code="IP-X-1",
            revision=1,
            site=site,
            effective_from=date(2040, 1, 1),
            item=item,
            stage="incoming",
            sample_size=1,
            accept_no=0,
            characteristics=(),
        ),
        ApprovePlan(command_id=new_id(), plan=_id(target, "SELECT id FROM lineside.document WHERE code = 'IP-CH-2225'"), version=1),
        BeginInspection(
            command_id=new_id(), lot=_id(target, "SELECT id FROM lineside.lot WHERE id NOT IN (SELECT lot FROM lineside.inspection)")
        ),
        RecordMeasurement(
            command_id=new_id(),
            id=new_id(),
            inspection=inspection,
            characteristic=_id(target, "SELECT id FROM lineside.characteristic WHERE no = 2"),
            sample_no=1,
            reading=reading,
        ),
        CompleteInspection(command_id=new_id(), inspection=open_one, version=version),
    ]


def _typed(target: Target) -> UUID:
    """A value that was typed at a station and waits for its second person."""
    typed = new_id()
    with (
        psycopg.connect(target.plant.address.url(target.plant.server.dbname)) as superuser,
        triggers_off(superuser, "typed_value"),
    ):
        superuser.execute(
            """INSERT INTO lineside.typed_value (id, kind, inspection, characteristic, sample_no, value, unit, device, read_at, reason,
                station, typed_by) SELECT %s, 'measurement', m.inspection, m.characteristic, m.sample_no, m.value, m.unit, m.gauge, now(),
                'cable broken', 'IQC-02', 'zhou.min' FROM lineside.measurement m WHERE NOT EXISTS (SELECT FROM lineside.typed_value t
                WHERE t.inspection = m.inspection AND t.characteristic = m.characteristic AND t.sample_no = m.sample_no) LIMIT 1""",
            [typed],
        )
    return typed


def _of_typing(target: Target) -> list[Order]:
    inspection, step = (_id(target, f"SELECT id FROM lineside.{table} LIMIT 1") for table in ("inspection", "batch_step"))
    characteristic = _id(target, "SELECT id FROM lineside.characteristic WHERE no = 2")
    container = _id(target, "SELECT id FROM lineside.container LIMIT 1")
    length = Typed(quantity=Quantity(Decimal("25.00"), "mm"), device="DC-014", reason="cable broken", at=datetime.now(UTC))
    weight = Typed(quantity=Quantity(Decimal("5.1"), "g"), device="WB-04", reason="cable broken", at=datetime.now(UTC))
    place = {"unit_serial": None, "step": step}
    what = {"lot": target.lot, "container": container, "sublot": None, "scanned": b"x"}
    cell = {"inspection": inspection, "characteristic": characteristic, "sample_no": 1}
    return [
        TypeMeasurement(command_id=new_id(), id=new_id(), typed=length, **cell),
        TypeEntry(command_id=new_id(), id=new_id(), field="c1", sample_no=1, corrects=None, typed=length, **place),
        TypeWeight(command_id=new_id(), id=new_id(), typed=weight, **place, **what),
        VerifyTyped(command_id=new_id(), typed=_typed(target), version=1),
        WithdrawTyped(command_id=new_id(), typed=_typed(target)),
    ]


def _of_receiving(target: Target) -> list[Order]:
    line = target.plant.rows(
        """SELECT l.id, l.item, o.id FROM lineside.order_line l JOIN lineside.purchase_order o ON o.id = l.purchase_order
            WHERE o.code = 'PO26-0417'"""
    )[0]
    assert isinstance(line[0], UUID)
    assert isinstance(line[1], UUID)
    assert isinstance(line[2], UUID)
    container = _id(target, f"SELECT id FROM lineside.container WHERE lot = '{target.lot}'")
    label = _id(target, f"SELECT id FROM lineside.label WHERE subject_id = '{container}' LIMIT 1")
    weight = Reading(quantity=Quantity(Decimal("5.1"), "g"), stable=True, device="WB-04", raw=b"S S 5.1 g", at=datetime.now(UTC))
    return [
        ReceiveLot(
            command_id=new_id(),
            order_line=line[0],
            item=line[1],
            supplier_lot="NF26-0700",
            made_on=None,
            expires_on=date(2029, 9, 30),
            quantity=Decimal(1),
            location="Q-A-03",
            origin="scanned",
            raw=b"x",
            scanner="SC-11",
            printer=None,
        ),
        UndoReceipt(
            command_id=new_id(), receipt=_id(target, f"SELECT id FROM lineside.receipt WHERE lot = '{target.lot}' LIMIT 1"), reason="x"
        ),
        WeighContainer(command_id=new_id(), container=container, reading=weight),
        AskToDecide(command_id=new_id(), order=line[2], rule="RCV-12", item="x", supplier_lot="x", raw=b"x"),
        ReprintLabel(command_id=new_id(), label=label, reason="torn"),
        ConfirmLabel(command_id=new_id(), label=label, came_out=True, remark=""),
        VerifyLabel(command_id=new_id(), label=label, scanned="C26-00001"),
        DestroyContainerLabel(command_id=new_id(), label=label, reason="torn"),
        RerouteLabel(command_id=new_id(), label=label, printer="LP-02", reason="out of order"),
    ]


def _of_assets(target: Target) -> list[Order]:
    how = HowConnected(
        protocol="mitutoyo", url="/dev/ttyUSB0", line="4800 8N1", unit="mm", serial_number=None, map=None, map_digest=None, details="x"
    )
    here = _id(target, "SELECT id FROM lineside.asset WHERE code = 'DC-014'")
    return [
        ConnectDevice(command_id=new_id(), id=new_id(), asset=here, how=how),
        ChangeDevice(command_id=new_id(), id=new_id(), asset=here, how=how, reason="moved"),
        TakeOutDevice(command_id=new_id(), id=new_id(), asset=here, how=how, reason="away for repair"),
        RegisterAsset(
            command_id=new_id(),
            id=new_id(),
            code="SC-98",
            kind="scanner",
            name_en="x",
            name_zh="x",
            serial_no="x",
            site=_id(target, "SELECT id FROM lineside.site"),
            unit=None,
            resolution=None,
            needs_calibration=False,
        ),
        RecordRange(
            command_id=new_id(), asset=here, range_low=Decimal(0), range_high=Decimal(26), stood_low=Decimal(0), stood_high=Decimal(150)
        ),
        EnterChannel(
            command_id=new_id(),
            id=new_id(),
            machine=_id(target, "SELECT id FROM lineside.asset WHERE kind = 'sealer'"),
            name_in_map="stroke",
            name_en="x",
            name_zh="x",
            unit="°C",
            decimals=1,
        ),
        RouteLabels(command_id=new_id(), station="REC-01", kind="container", printer="LP-02"),
        RecordCalibration(
            command_id=new_id(),
            id=new_id(),
            asset=_id(target, "SELECT id FROM lineside.asset WHERE code = 'DC-009'"),
            done_on=date(2026, 1, 1),
            due_on=date(2026, 1, 2),
            certificate="x",
            passed=True,
        ),
    ]


def _of_batches(target: Target) -> list[Order]:
    site = _id(target, "SELECT id FROM lineside.site")
    master = _id(target, "SELECT id FROM lineside.master_record")
    source = MASTER.read_text("utf-8").replace("revision: 1", "revision: 9", 1)
    pictures = pictures_beside(MASTER, parse(source))
    return [
        DraftMaster(command_id=new_id(), id=new_id(), site=site, effective_from=date(2040, 1, 1), source=source, pictures=pictures),
        *_of_protocols(target, site),
        SubmitMaster(command_id=new_id(), master=master),
        ApproveMaster(command_id=new_id(), master=master, version=1),
        WithdrawMaster(command_id=new_id(), master=master, version=1),
        *_of_one_batch(target, master),
    ]


def _protocol(target: Target, site: UUID) -> UUID:
    """A draft of an engineer; whom it opens itself to is what is asked."""
    superuser, draft = target.plant.superuser(), new_id()
    if found := target.plant.rows("SELECT id FROM lineside.device_protocol"):
        return found[0][0]  # type: ignore[return-value]
    with triggers_off(superuser, "document", "device_protocol"):
        superuser.execute(
            """INSERT INTO lineside.document (id, kind, code, revision, site, effective_from, prepared_by)
                VALUES (%s, 'device_protocol', 'TORQUE-X', 1, %s, '2026-01-01', 'zhao.lei')""",
            [draft, site],
        )
        superuser.execute(
            "INSERT INTO lineside.device_protocol (id, source, why, sha256) VALUES (%s, %s, 'x', sha256(convert_to(%s, 'UTF8')))",
            [draft, TORQUE, TORQUE],
        )
    return draft


def _of_protocols(target: Target, site: UUID) -> list[Order]:
    protocol = _protocol(target, site)
    newer = TORQUE.replace("revision = 1", "revision = 2", 1)
    return [
        DraftProtocol(command_id=new_id(), id=new_id(), site=site, effective_from=date(2026, 1, 1), source=newer, why="x"),
        RewriteProtocol(command_id=new_id(), protocol=protocol, source=TORQUE, why="y"),
        SubmitProtocol(command_id=new_id(), protocol=protocol),
        ApproveProtocol(command_id=new_id(), protocol=protocol, version=1),
        WithdrawProtocol(command_id=new_id(), protocol=protocol, version=1),
    ]


def _of_one_batch(target: Target, master: UUID) -> list[Order]:
    batch = _id(target, "SELECT id FROM lineside.batch")
    steps = {str(key): step for key, step in target.plant.rows("SELECT key, id FROM lineside.batch_step")}
    step, performed, verified = (steps[key] for key in ("clearance", "performed", "verified"))
    assert isinstance(step, UUID)
    assert isinstance(performed, UUID)
    assert isinstance(verified, UUID)
    begun, version = target.plant.rows("SELECT id, version FROM lineside.batch_step ORDER BY status <> 'started', no LIMIT 1")[0]
    assert isinstance(begun, UUID)
    assert isinstance(version, int)
    heat = Reading(quantity=Quantity(Decimal("137.0"), "°C"), stable=True, device="SL-03", raw=b"137.0", at=datetime.now(UTC))
    value = {"sample_no": 1, "unit_serial": None, "corrects": None, "reason": None}
    typed = {"value": None, "said": "yes", "unit": None, "device": None, "done_at": None}
    container = _id(target, "SELECT id FROM lineside.container LIMIT 1")
    unit, kit = (_some(target, f"SELECT id FROM lineside.{table} ORDER BY id LIMIT 1") for table in ("unit", "kit"))
    label = _some(target, "SELECT id FROM lineside.label WHERE kind = 'unit' ORDER BY id LIMIT 1")
    consumption = _some(target, "SELECT id FROM lineside.consumption ORDER BY id LIMIT 1")
    taken = {"container": container, "unit_serial": None, "scale": None, "reason": None, "raw": b"x", "origin": "scanned"}
    says = target.plant.rows("SELECT lineside.udi_of_unit(id) FROM lineside.unit WHERE id = %s", unit)
    return [
        StartBatch(command_id=new_id(), id=new_id(), master=master, planned=Decimal(1)),
        StartStep(command_id=new_id(), step=step),
        FinishStep(command_id=new_id(), step=begun, version=version),
        VoidStep(command_id=new_id(), step=step, version=1),
        EnterValue(command_id=new_id(), id=new_id(), step=step, field="clean", **value, **typed),
        TakeReading(command_id=new_id(), id=new_id(), step=step, field="dwell", reading=heat, **value),
        TakePhoto(command_id=new_id(), id=new_id(), step=step, field="seal", **PHOTO),
        ConsumeMaterial(command_id=new_id(), id=new_id(), step=step, lot=target.lot, quantity=Decimal(1), **taken),
        UndoConsumption(command_id=new_id(), consumption=consumption, reason="x"),
        MakeUnits(command_id=new_id(), batch=batch, count=1),
        MoveUnit(command_id=new_id(), unit=unit, version=1, status="scrapped"),
        PrintUnitLabel(command_id=new_id(), unit=unit, printer="LP-02", reason=None),
        ApplyLabel(command_id=new_id(), unit=unit, scanned=f"]d2{says[0][0]}" if says else "]d2x"),
        ConfirmUnitLabel(command_id=new_id(), label=label, came_out=False, remark="x"),
        DestroyLabel(command_id=new_id(), label=label, reason="x"),
        VerifyUnitLabel(command_id=new_id(), label=label, scanned=f"]d2{says[0][0]}" if says else "]d2x"),
        RerouteUnitLabel(command_id=new_id(), label=label, printer="LP-02", reason="x"),
        LayOutKit(command_id=new_id(), id=new_id(), batch=batch, container=container),
        PutBackKit(command_id=new_id(), kit=kit, version=1),
        CompleteBatch(command_id=new_id(), batch=batch, version=1),
        SignPerformed(command_id=new_id(), step=performed, version=1),
        SignVerified(command_id=new_id(), step=verified, version=1),
        AcceptException(command_id=new_id(), id=new_id(), batch=batch, kind="near", record=new_id()),
        ReleaseBatch(command_id=new_id(), batch=batch, version=1),
        ReleaseToMarket(command_id=new_id(), batch=batch, version=1),
        RejectBatch(command_id=new_id(), batch=batch, version=1),
    ]
