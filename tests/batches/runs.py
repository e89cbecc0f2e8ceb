"""A batch of two units on the floor, and hands that carry out its steps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg

from app.base.ids import new_id
from app.base.measurement import Quantity
from app.batches.acceptance import AcceptException
from app.batches.commands import (
    CompleteBatch,
    ConsumeMaterial,
    EnterValue,
    FinishStep,
    MakeUnits,
    StartStep,
    TakeReading,
    UndoConsumption,
)
from app.batches.labelling import ApplyLabel, PrintUnitLabel
from app.batches.queries import exceptions_of
from app.batches.signing import ReleaseBatch, ReleaseToMarket, SignPerformed, SignVerified
from app.capture.delivery import Taken, spooled, store
from app.core.session import SignedIn
from app.core.stations import StationLink
from app.core.subject import Subject
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality, DescribeDeviation, OpenDeviation
from app.typed.commands import Typed, TypeEntry, VerifyTyped
from tests.plant import Plant, reading

OPERATOR, SECOND = "chen.jing", "li.ming"


class Run:
    """One batch; `at` is the operator at a station."""

    def __init__(self, plant: Plant, batch: UUID, hubs: UUID, clips: UUID) -> None:
        self.plant, self.batch, self.hubs, self.clips = plant, batch, hubs, clips
        self.steps: dict[str, UUID] = dict(plant.rows("SELECT key, id FROM lineside.batch_step WHERE batch = %s", batch))  # type: ignore[arg-type]
        self._at: SignedIn | None = None
        self._shells: dict[str, psycopg.Connection] = {}
        self._link: StationLink | None = None

    @property
    def link(self) -> StationLink:
        """The station's own connection."""
        if self._link is None:
            self._link = self.plant.link()
        return self._link

    @property
    def at(self) -> SignedIn:
        if self._at is None:
            self._at = self.plant.sign_in(OPERATOR)
        return self._at

    def home(self) -> None:
        """Everybody signs out."""
        self.plant.close()
        self._at = self._link = None
        self._shells.clear()

    def shell(self, login: str) -> psycopg.Connection:
        """Somebody's raw SQL shell, opened once."""
        shell = self._shells.get(login)
        if shell is None or shell.closed:
            shell = self._shells[login] = self.plant.shell(login)
        return shell

    def state(self, key: str) -> str:
        return str(self.plant.rows("SELECT status FROM lineside.batch_step WHERE id = %s", self.steps[key])[0][0])

    def standing(self) -> set[tuple[object, ...]]:
        """Signatures that count for the steps as they are now: the step's number and what was meant."""
        return set(self.plant.rows("SELECT step, meaning FROM lineside.standing_in(%s)", self.batch))

    def spec(self, key: str) -> dict[str, object]:
        """What the frozen record says of a step."""
        spec = self.plant.rows("SELECT spec FROM lineside.batch_step WHERE id = %s", self.steps[key])[0][0]
        assert isinstance(spec, dict)
        return spec

    def version(self, key: str) -> int:
        version = self.plant.rows("SELECT version FROM lineside.batch_step WHERE id = %s", self.steps[key])[0][0]
        assert isinstance(version, int)
        return version

    def start(self, key: str) -> None:
        self.at.give(StartStep(command_id=new_id(), step=self.steps[key]))

    def finish(self, key: str) -> None:
        self.at.give(FinishStep(command_id=new_id(), step=self.steps[key], version=self.version(key)))

    def enter(
        self,
        key: str,
        field: str,
        value: str | None = None,
        *,
        said: str | None = None,
        unit: str | None = None,
        sample: int = 1,
        device: str | None = None,
        done_at: datetime | None = None,
        corrects: UUID | None = None,
        reason: str | None = None,
    ) -> UUID:
        entry = new_id()
        self.at.give(
            EnterValue(
                command_id=new_id(),
                id=entry,
                step=self.steps[key],
                field=field,
                sample_no=sample,
                unit_serial=None,
                value=Decimal(value) if value is not None else None,
                said=said,
                unit=unit,
                device=device,
                done_at=done_at,
                corrects=corrects,
                reason=reason,
            )
        )
        return entry

    def read(self, key: str, field: str, value: str, *, device: str, unit: str, sample: int = 1, corrects: UUID | None = None) -> UUID:
        entry = new_id()
        self.at.give(
            TakeReading(
                command_id=new_id(),
                id=entry,
                step=self.steps[key],
                field=field,
                sample_no=sample,
                unit_serial=None,
                reading=reading(value, gauge=device, unit=unit, stable=True),
                corrects=corrects,
                reason="read again" if corrects else None,
            )
        )
        return entry

    def type_in(
        self,
        key: str,
        field: str,
        value: str,
        *,
        device: str,
        unit: str,
        sample: int = 1,
        reason: str = "cable broken",
        corrects: UUID | None = None,
        verified_by: str | None = SECOND,
    ) -> UUID:
        """Typed in place of a device; `verified_by`: who signs it, ``None``: nobody yet."""
        quantity = Quantity(Decimal(value), unit)
        order = TypeEntry(
            command_id=new_id(),
            id=new_id(),
            step=self.steps[key],
            field=field,
            sample_no=sample,
            unit_serial=None,
            corrects=corrects,
            typed=Typed(quantity=quantity, device=device, reason=reason, at=datetime.now(UTC)),
        )
        self.at.give(order)
        if verified_by is not None:
            self.verify(order.id, signer=verified_by)
        return order.id

    def verify(self, typed: UUID, *, signer: str = SECOND) -> None:
        """A second person signs what was typed."""
        order = VerifyTyped(command_id=new_id(), typed=typed, version=1)
        self.plant.give_signed(self.at, order, kind="typed_value", subject=typed, signer=signer)

    def consume(
        self, key: str, lot: UUID, quantity: str, *, unit: str | None = None, sublot: int | None = None, at: SignedIn | None = None
    ) -> UUID:
        consumption = new_id()
        (at or self.at).give(
            ConsumeMaterial(
                command_id=new_id(),
                id=consumption,
                step=self.steps[key],
                lot=lot,
                container=self.container_of(lot),
                unit_serial=unit,
                sublot=sublot,
                quantity=Decimal(quantity),
                origin="scanned",
                raw=b"]d2scan",
                scale=None,
                reason=None,
            )
        )
        return consumption

    def container_of(self, lot: UUID) -> UUID:
        return self.plant.rows("SELECT id FROM container WHERE lot = %s ORDER BY code LIMIT 1", lot)[0][0]  # type: ignore[return-value]

    def take_back(self, consumption: UUID, reason: str = "wrong tray") -> None:
        self.at.give(UndoConsumption(command_id=new_id(), consumption=consumption, reason=reason))

    def clear(self) -> None:
        self.start("clearance")
        for check in ("no_parts", "no_labels", "clean"):
            self.enter("clearance", check, said="yes")
        self.finish("clearance")

    def units(self, count: int = 2) -> list[str]:
        return [*self.at.give(MakeUnits(command_id=new_id(), batch=self.batch, count=count))]

    def load(self) -> list[str]:
        """Hubs for the batch, one clip for each unit."""
        self.start("hubs")
        self.consume("hubs", self.hubs, "2")
        self.finish("hubs")
        serials = self.units()
        self.start("clips")
        for serial in serials:
            self.consume("clips", self.clips, "1", unit=serial)
        self.finish("clips")
        return serials

    def assemble(self) -> None:
        self.assemble_and_hold()
        self.finish("open_time")

    def assemble_and_hold(self) -> None:
        """Needle, hub and sealer are ready; the open time runs."""
        self.start("assembly")
        self.finish("assembly")
        self.start("sealer")
        self.enter("sealer", "asset", device="SL-03")
        self.enter("sealer", "cleaned", done_at=datetime.now(UTC) - timedelta(hours=2))
        self.finish("sealer")
        self.start("open_time")

    def seal(self, *temperatures: str) -> None:
        """Start sealing, let the sealer run, enter the rest. The step stays open."""
        self.start("sealing")
        self.says(*(temperatures or ("136.8", "137.4")))
        self.enter("sealing", "dwell", "1.21", unit="s")
        self.enter("sealing", "pressure", "412", unit="kPa")

    def says(self, *temperatures: str, machine: str = "SL-03", channel: str = "temperature_actual") -> None:
        """The sealer tells its temperatures, a millisecond apart, and the station hands them over."""
        now = datetime.now(UTC)
        told = [
            Taken(channel=channel, at=now + timedelta(milliseconds=n), value=Decimal(t), quality="good", cycle=None, raw=(n,))
            for n, t in enumerate(temperatures)
        ]
        store(self.link, new_id(), spooled(machine, told))

    def count(self) -> None:
        """Seal width, labels and yield."""
        self.count_until_yield()
        for field, value in (("good", "2"), ("scrapped", "0"), ("samples", "0")):
            self.enter("count", field, value)
        self.finish("count")

    def count_until_yield(self) -> None:
        """Seal width and labels; the yield step is begun."""
        self.start("seal_width")
        for sample in (1, 2):
            self.read("seal_width", "c1", "10.02", device="DC-014", unit="mm", sample=sample)
        self.finish("seal_width")
        self.start("unit_labels")
        for unit in self.unit_ids():
            self.label(unit)
        self.finish("unit_labels")
        self.start("count")

    def unit_ids(self) -> list[UUID]:
        return [unit for (unit,) in self.plant.rows("SELECT id FROM unit WHERE batch = %s ORDER BY no", self.batch)]  # type: ignore[misc]

    def print_label(self, unit: UUID, *, state: str = "printed", reason: str | None = None) -> tuple[UUID, str]:
        """Ask for a unit's label and let the queue print it; returns the label and what a scan of it says."""
        label = self.at.give(PrintUnitLabel(command_id=new_id(), unit=unit, printer="LP-02", reason=reason))
        says = self.plant.rows("SELECT content ->> 'decoded' FROM label WHERE id = %s", label)[0][0]
        self.move_label(label, f"]d2{says}", "sent", state)
        return label, f"]d2{says}"

    def move_label(self, label: object, says: str, *states: str) -> None:
        """The queue reads the label back, and moves it through these states."""
        self.link.ask("SELECT lineside.validate_label(%s, %s)", label, says.encode())
        for status in states:
            self.link.ask("SELECT lineside.move_label(%s, %s, %s)", label, status, "")

    def printed(self, unit: UUID) -> str:
        """The queue prints the label that was asked for; returns what a scan of it says."""
        label, says = self.plant.rows("SELECT id, content ->> 'decoded' FROM label WHERE subject_id = %s ORDER BY copy_no DESC", unit)[0]
        self.move_label(label, f"]d2{says}", "sent", "printed")
        return f"]d2{says}"

    def label(self, unit: UUID) -> None:
        """Print it, put it on, scan it there."""
        _, says = self.print_label(unit)
        self.apply(unit, says)

    def apply(self, unit: UUID, says: str) -> None:
        """Put a printed label on and scan it there."""
        self.at.give(ApplyLabel(command_id=new_id(), unit=unit, scanned=says))

    def sign(self, key: str, signer: str) -> None:
        order = (SignPerformed if self.spec(key)["sign"] == "perform" else SignVerified)(
            command_id=new_id(), step=self.steps[key], version=self.version(key)
        )
        self.plant.give_signed(self.at, order, kind="batch_step", subject=self.steps[key], signer=signer)

    def make(self) -> None:
        """Everything in order, up to the complete batch."""
        self.clear()
        self.load()
        self.assemble()
        self.seal()
        self.finish("sealing")
        self.count()
        self.sign("performed", OPERATOR)
        self.sign("verified", SECOND)
        self.complete()
        self.home()

    def complete(self) -> None:
        self.at.give(CompleteBatch(command_id=new_id(), batch=self.batch, version=1))

    def review(self, reviewer: str = "wang.haiyan") -> int:
        """Quality accepts by name whatever waits for it; returns how many there were."""
        at = self.plant.sign_in(reviewer)
        waiting = [row for row in at.ask(lambda session: exceptions_of(session, self.batch)) if row.waits_for_review]
        for row in waiting:
            at.give(AcceptException(command_id=new_id(), id=new_id(), batch=self.batch, kind=row.kind, record=row.record))
        self.home()
        return len(waiting)

    def release(self, signer: str = "wang.haiyan") -> None:
        order = ReleaseBatch(command_id=new_id(), batch=self.batch, version=1)
        self.plant.give_signed(self.at, order, kind="batch", subject=self.batch, signer=signer)

    def release_to_market(self, signer: str = "he.qing") -> None:
        order = ReleaseToMarket(command_id=new_id(), batch=self.batch, version=1)
        self.plant.give_signed(self.at, order, kind="batch", subject=self.batch, signer=signer)

    def deviate(
        self, cause: UUID, *, cause_kind: str = "step_entry", class_: str = "minor", disposition: str = "use as is", decided: bool = True
    ) -> UUID:
        """The operator opens and describes a deviation; the supervisor (and quality) sign it."""
        deviation = new_id()
        subject = Subject(kind="batch", id=self.batch, version=1)
        words = {"class_": class_, "what_happened": "The jaw was warm from the run before."}
        self.at.give(
            OpenDeviation(
                command_id=new_id(),
                id=deviation,
                subject=subject,
                cause_kind=cause_kind,
                cause_id=cause,
                kind="out of limits",
                facts={},
                **words,
            )
        )
        self.at.give(DescribeDeviation(command_id=new_id(), deviation=deviation, version=1, disposition=disposition, **words))
        if decided:
            self.decide(deviation, as_quality=class_ != "minor" and disposition == "use as is")
        return deviation

    def decide_hold(self, deviation: UUID) -> None:
        """The hold of the batch is described and let go by the supervisor."""
        words = {"class_": "minor", "what_happened": "The specks are of the outer bag.", "disposition": "use as is"}
        self.at.give(DescribeDeviation(command_id=new_id(), deviation=deviation, version=1, **words))
        self.decide(deviation)

    def decide(self, deviation: UUID, *, as_quality: bool = False) -> None:
        signed = {"kind": "deviation", "subject": deviation}
        version = self.plant.rows("SELECT version FROM lineside.deviation WHERE id = %s", deviation)[0][0]
        self.plant.give_signed(
            self.at, ApproveDisposition(command_id=new_id(), deviation=deviation, version=version), signer="tom.becker", **signed
        )
        if as_quality:
            order = ApproveDispositionAsQuality(command_id=new_id(), deviation=deviation, version=version)
            self.plant.give_signed(self.at, order, signer="xu.lan", **signed)
