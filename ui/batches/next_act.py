"""What is next in a batch, from what stands on record: one act, one sentence. Pure: no widget, no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.batches.components import Component
from app.batches.step_view import Asked, BatchView, OpenStep, Piece
from app.core.command import Permission
from app.devices.events import Reading
from ui.batches.words import asked_words, step_title
from ui.kit import Words


class Kind(StrEnum):
    """What the primary (or the scan slot) does."""

    NOTHING = "nothing"
    START = "start"
    ANSWER = "answer"
    NUMBER = "number"
    TIME = "time"
    READING = "reading"
    ASSET = "asset"
    COMPONENT = "component"
    QUANTITY = "quantity"
    UNITS = "units"
    PRINT = "print"
    PRINTING = "printing"
    UNKNOWN_LABEL = "unknown label"
    SCAN_LABEL = "scan label"
    DEVIATE = "deviate"
    DECIDE = "decide"
    FINISH = "finish"
    SIGN = "sign"
    COMPLETE = "complete"
    REVIEW = "review"
    ON = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The next act. ``primary``: words of the button; ``slot``: words of the scan slot that stands in its place."""

    kind: Kind
    sentence: Words
    primary: Words = ""
    slot: Words = ""
    not_yet: Words = ""
    asked: Asked | None = None
    piece: Piece | None = None
    may_finish: bool = False
    """Less than planned is inside the tolerance: the step may end as it is."""


def next_act(view: BatchView, *, may: frozenset[Permission], component: Component | None, reading: Reading | None) -> Act:
    """The act for whoever is signed in.

    Args:
        view: As the database stands.
        may: Rights of the person.
        component: A container that was scanned and not taken yet.
        reading: A value that a device sent and nobody took yet.
    """
    batch, step = view.batch, view.open
    if batch.status != "open":
        return _closed(view)
    if step is None:
        if all(one.status in ("done", "void") for one in view.steps):
            return _for(
                Permission.RUN_BATCH,
                may,
                Act(
                    kind=Kind.COMPLETE,
                    sentence=Phrase("Every step is done: complete the batch."),
                    primary=Phrase("Complete {batch}", batch=batch.code),
                ),
            )
        return Act(kind=Kind.NOTHING, sentence=Phrase("No step can begin now."))
    match step.row.status:
        case "waiting":
            return Act(
                kind=Kind.ON, sentence=Phrase("{step} waits for an earlier step.", step=step_title(step.row)), primary=Phrase("Go on")
            )
        case "done" | "void":
            return Act(kind=Kind.ON, sentence=Phrase("{step} is finished.", step=step_title(step.row)), primary=Phrase("Go on"))
        case "ready":
            return _ready(step, may)
    return _for(Permission.RUN_BATCH, may, _started(step, component, reading, made=sum(view.units.values())))


def _closed(view: BatchView) -> Act:
    said = {
        "complete": Phrase("{batch} is complete: quality reviews and releases it.", batch=view.batch.code),
        "released for production": Phrase(
            "{batch} is released for production; the market release is still to come.", batch=view.batch.code
        ),
        "released to market": Phrase("{batch} is released.", batch=view.batch.code),
        "rejected": Phrase("{batch} is rejected.", batch=view.batch.code),
    }
    return Act(kind=Kind.REVIEW, sentence=said[view.batch.status], primary=Phrase("Open the review"))


def _for(right: Permission, may: frozenset[Permission], act: Act) -> Act:
    """The same act, closed for whoever has no right to it."""
    if right in may:
        return act
    return Act(kind=act.kind, sentence=act.sentence, primary=act.primary or act.slot, not_yet=Phrase("not yours to do"))


def _ready(step: OpenStep, may: frozenset[Permission]) -> Act:
    if step.row.kind == "sign":
        verify = step.row.spec["sign"] == "verify"
        sentence = Phrase("Have a second person verify and sign here.") if verify else Phrase("Sign the work that was done.")
        return Act(kind=Kind.SIGN, sentence=sentence, primary=Phrase("Sign"))
    act = Act(
        kind=Kind.START,
        sentence=Phrase("Begin step {no}: {name}.", no=step.row.no, name=step.row.name),
        primary=Phrase("Begin step {no}", no=step.row.no),
    )
    return _for(Permission.RUN_BATCH, may, act)


def _started(step: OpenStep, component: Component | None, reading: Reading | None, *, made: int) -> Act:
    outside = step.undecided
    if outside is not None and outside.deviation is None:
        return Act(kind=Kind.DEVIATE, sentence=Phrase("A value is outside: open its deviation."), primary=Phrase("Open a deviation"))
    if outside is not None:
        held = Phrase("The step is held: {deviation} waits for its decision.", deviation=outside.deviation)
        return Act(kind=Kind.DECIDE, sentence=held, primary=Phrase("Go to {deviation}", deviation=outside.deviation))
    if step.row.kind == "material":
        return _material(step, component, made=made)
    if step.row.kind == "label" and step.row.spec["form"] == "unit":
        return _label(step, made=made)
    asked = step.next_asked
    if asked is not None:
        return _asked(asked, reading)
    return _finish(step)


def _finish(step: OpenStep) -> Act:
    sentence = Phrase("Do as the instruction says, then finish the step.") if step.row.kind == "instruction" else Phrase("Finish the step.")
    return Act(kind=Kind.FINISH, sentence=sentence, primary=Phrase("Finish step {no}", no=step.row.no))


def _asked(asked: Asked, reading: Reading | None) -> Act:
    name = asked_words(asked)
    match asked.form:
        case "check":
            return Act(kind=Kind.ANSWER, sentence=Phrase("{check}?", check=name), primary=Phrase("Yes"), asked=asked)
        case "asset":
            return Act(kind=Kind.ASSET, sentence=Phrase("Scan the equipment of this step."), slot=Phrase("Scan the equipment"), asked=asked)
        case "cleaned":
            return Act(kind=Kind.TIME, sentence=Phrase("When was it cleaned?"), primary=Phrase("Enter the time"), asked=asked)
    if asked.source == "device":
        if reading is None:
            wait = Phrase("waiting for the gauge")
            return Act(
                kind=Kind.READING,
                sentence=Phrase("Measure {what}.", what=name),
                primary=Phrase("Take the value"),
                not_yet=wait,
                asked=asked,
            )
        took = Quantity(reading.quantity.value, reading.quantity.unit)
        return Act(
            kind=Kind.READING, sentence=Phrase("Measure {what}.", what=name), primary=Phrase("Take {value}", value=took), asked=asked
        )
    return Act(kind=Kind.NUMBER, sentence=Phrase("Enter {what}.", what=name), primary=Phrase("Enter"), asked=asked)


def _material(step: OpenStep, component: Component | None, *, made: int) -> Act:
    if step.row.spec["bound_to"] == "unit" and made == 0:
        return Act(kind=Kind.UNITS, sentence=Phrase("Give every piece its serial number."), primary=Phrase("Make the serial numbers"))
    piece = step.pieces[0] if step.pieces else None
    if component is not None:
        sentence = Phrase("How much of {lot} goes in?", lot=component.lot)
        if piece is not None:
            sentence = Phrase("Put it to unit {unit}.", unit=piece.serial)
        return Act(kind=Kind.QUANTITY, sentence=sentence, primary=Phrase("Take it"), piece=piece)
    if step.row.missing is None and piece is None and (step.demand is None or step.row.consumed >= step.demand):
        return _finish(step)
    sentence = Phrase("Scan a container of {item}.", item=step.row.spec["item"])
    if piece is not None:
        sentence = Phrase("Unit {unit}: scan the container of its {item}.", unit=piece.serial, item=step.row.spec["item"])
    return Act(kind=Kind.COMPONENT, sentence=sentence, slot=Phrase("Scan the component"), piece=piece, may_finish=step.row.missing is None)


def per_unit(view: BatchView) -> Decimal:
    """How much of the open step's material goes into one unit."""
    assert view.open is not None
    return Decimal(view.open.row.spec["quantity"])


def _label(step: OpenStep, *, made: int) -> Act:
    if made == 0:
        return Act(kind=Kind.UNITS, sentence=Phrase("Give every piece its serial number."), primary=Phrase("Make the serial numbers"))
    if not step.pieces:
        return _finish(step)
    piece = step.pieces[0]
    label = piece.label
    if label is None or label.status in ("refused", "destroyed"):
        sentence = Phrase("Print the label of unit {unit}.", unit=piece.serial)
        return Act(kind=Kind.PRINT, sentence=sentence, primary=Phrase("Print the label"), piece=piece)
    if label.status == "unknown":
        sentence = Phrase("Look at the printer: did the label of {unit} come out?", unit=piece.serial)
        return Act(kind=Kind.UNKNOWN_LABEL, sentence=sentence, primary=Phrase("It came out"), piece=piece)
    if label.status == "printed":
        sentence = Phrase("Put the label on unit {unit}, then scan it there.", unit=piece.serial)
        return Act(kind=Kind.SCAN_LABEL, sentence=sentence, slot=Phrase("Scan the label on its unit"), piece=piece)
    wait = Phrase("printer {printer} is at work", printer=label.printer)
    return Act(
        kind=Kind.PRINTING,
        sentence=Phrase("The label of {unit} is being printed.", unit=piece.serial),
        primary=Phrase("Print the label"),
        not_yet=wait,
        piece=piece,
    )
