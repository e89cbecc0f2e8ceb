"""One layout, one emitter per printer language."""

from __future__ import annotations

from collections.abc import Sequence

from app.labels.emit.container_label import LabelStock
from app.labels.emit.pieces import Piece
from app.labels.emit.print_head import PrintHead
from app.labels.emit.sbpl_form import sbpl_job
from app.labels.emit.tspl_form import tspl_job
from app.labels.emit.zpl_form import zpl_job

_EMITTERS = {"zpl": zpl_job, "tspl": tspl_job, "sbpl": sbpl_job}


def job(pieces: Sequence[Piece], stock: LabelStock, head: PrintHead) -> bytes:
    """One label, one copy, in the printer's language.

    Raises:
        DoesNotFitLabel, LabelNotProven: nothing is emitted.
    """
    return _EMITTERS[head.speaks](pieces, stock, dpi=head.dpi)
