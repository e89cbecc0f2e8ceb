"""Where a station's labels come out, by their kind; an engineer says so, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.base.ids import new_id
from app.core.command import Permission, command
from app.core.refusals import ReasonMissing
from app.core.work import Work
from app.labels.records import LabelRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLabels:
    """Labels of one kind go to one printer from now on; given with a reason."""

    command_id: UUID
    station: str
    """Code of the station."""
    kind: str
    """``container`` or ``unit``."""
    printer: str | None
    """Code of the printer; ``None``: whichever printer the station has."""


@command(permission=Permission.KEEP_ASSETS, signature=None)
def route_labels(order: RouteLabels, work: Work) -> None:
    """What waits already stays where it was asked for.

    Raises:
        ReasonMissing: nobody said why.
        NoSuchPrinter: it is no printer of the station's site.
    """
    route = work.find(LabelRoute, station=order.station, kind=order.kind)
    if route is None:
        work.add(LabelRoute(id=new_id(), station=order.station, kind=order.kind, printer=order.printer))
    else:
        work.change(LabelRoute, route.id, printer=order.printer)
    if not (work.reason or "").strip():  # also the first time, of which the trail asks none; whose station it is is told before
        raise ReasonMissing(table="label_route")
