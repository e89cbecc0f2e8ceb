"""Where the numbers of a lot come from, wherever it stands in a list."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.materials.queries import LotRow
from ui.kit import Number


def numbers_of_lot(lot: LotRow) -> tuple[Number, ...]:
    """Its balance and its day."""
    return (
        Number(
            name=Phrase("Balance of lot {lot}", lot=lot.code),
            value=Phrase("{balance}", balance=lot.balance),
            how=Phrase("kept by the database: all that was received, less all that was taken"),
            row=lot.id,
            column="balance",
        ),
        Number(
            name=Phrase("Last day of lot {lot}", lot=lot.code),
            value=Phrase("{day}", day=lot.expires_on),
            how=Phrase("taken over from the first pack when the lot was opened"),
            row=lot.id,
            column="expires_on",
        ),
    )
