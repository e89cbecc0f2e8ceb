"""The order for what a person does with a label: who receives decides about a container's, who works at the batch about a unit's."""

from __future__ import annotations

from app.base.ids import new_id
from app.batches.labelling import ConfirmUnitLabel, DestroyLabel, PrintUnitLabel, RerouteUnitLabel, VerifyUnitLabel
from app.labels.commands import ConfirmLabel, DestroyContainerLabel, ReprintLabel, RerouteLabel, VerifyLabel
from app.labels.queries import StationLabel
from app.labels.routing import RouteLabels

LabelOrder = (
    ConfirmLabel
    | ConfirmUnitLabel
    | DestroyContainerLabel
    | DestroyLabel
    | PrintUnitLabel
    | ReprintLabel
    | RerouteLabel
    | RerouteUnitLabel
    | VerifyLabel
    | VerifyUnitLabel
)


def may_be_printed_again(one: StationLabel) -> bool:
    """A unit's living label is destroyed by a scan or by its own act first; a container's by asking for another copy."""
    return one.status in ("refused", "destroyed") or (one.kind == "container" and one.status in ("printed", "verified"))


def settle(one: StationLabel, *, came_out: bool, remark: str) -> LabelOrder:
    """It came out, or did not."""
    if one.kind == "unit":
        return ConfirmUnitLabel(command_id=new_id(), label=one.id, came_out=came_out, remark=remark)
    return ConfirmLabel(command_id=new_id(), label=one.id, came_out=came_out, remark=remark)


def verify(one: StationLabel, scanned: str) -> LabelOrder:
    """It was scanned back."""
    if one.kind == "unit":
        return VerifyUnitLabel(command_id=new_id(), label=one.id, scanned=scanned)
    return VerifyLabel(command_id=new_id(), label=one.id, scanned=scanned)


def print_again(one: StationLabel, reason: str) -> LabelOrder:
    """Another copy."""
    if one.kind == "unit":
        return PrintUnitLabel(command_id=new_id(), unit=one.subject, printer=one.printer, reason=reason)
    return ReprintLabel(command_id=new_id(), label=one.id, reason=reason)


def destroy(one: StationLabel, reason: str) -> LabelOrder:
    """The paper is gone."""
    if one.kind == "unit":
        return DestroyLabel(command_id=new_id(), label=one.id, reason=reason)
    return DestroyContainerLabel(command_id=new_id(), label=one.id, reason=reason)


def reroute(one: StationLabel, printer: str, reason: str) -> LabelOrder:
    """It comes out elsewhere."""
    if one.kind == "unit":
        return RerouteUnitLabel(command_id=new_id(), label=one.id, printer=printer, reason=reason)
    return RerouteLabel(command_id=new_id(), label=one.id, printer=printer, reason=reason)


def route(station: str, kind: str, printer: str) -> RouteLabels:
    """All of a kind come out there from now on."""
    return RouteLabels(command_id=new_id(), station=station, kind=kind, printer=printer)
