"""Measured things: exact decimals with their unit, where they came from, and what the limits say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.base.phrases import Language, write


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact decimal with its unit. The digits after the point are the instrument's resolution and are kept: 12.50 stays 12.50."""

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if not self.value.is_finite():
            raise ValueError(f"{self.value} is not a quantity")

    def in_language(self, language: Language) -> str:
        """``4 000 pcs``, ``12.50 mm``: figure, space, unit."""
        return f"{write(self.value, language)} {self.unit}".rstrip()

    def __str__(self) -> str:
        return self.in_language(Language.EN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value as an instrument sent it. Nothing is stored until a command takes it, with its raw frame."""

    quantity: Quantity
    stable: bool | None
    """Whether the instrument itself called the value stable; ``None``: its protocol cannot say."""
    device: str
    """Code of the asset, e.g. ``DC-014``."""
    raw: bytes
    """The frame as received, without its terminator."""
    at: datetime
    """The workstation's time of arrival, UTC."""
    serial_no: str | None = None
    """What the instrument said of itself on this connection; ``None``: it does not say it."""
    firmware: str | None = None
    """Likewise."""
    clock_ahead_ms: int | None = None
    """How far the database's clock was ahead of the workstation's when it arrived; negative: behind; ``None``: not compared yet."""
    read_by: UUID | None = None
    """The plant's own protocol that made a value of the frame; ``None``: a protocol of this program."""


class Verdict(StrEnum):
    """What the limits say of one value."""

    CONFORMS = "conforms"
    TOO_LOW = "too low"
    TOO_HIGH = "too high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Specification limits of a measured characteristic; ``None`` means one-sided."""

    unit: str
    lower: Decimal | None
    nominal: Decimal | None
    upper: Decimal | None

    def __post_init__(self) -> None:
        if self.lower is None and self.upper is None:
            raise ValueError("limits need a lower or an upper one")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError(f"lower limit {self.lower} lies above upper limit {self.upper}")

    def judge(self, measured: Quantity) -> Verdict:
        """Compare one measured value with the limits. A value on a limit conforms.

        Args:
            measured: One value in ``self.unit``; no conversion and no rounding happens here.

        Raises:
            ValueError: The unit differs. A bug in the caller: screens and protocols convert before they submit.

        Source:
            Acceptance on the limit and no rounding before comparison: ASTM E29, absolute method.
        """
        if measured.unit != self.unit:
            raise ValueError(f"limits are in {self.unit}, the value is in {measured.unit}")
        if self.lower is not None and measured.value < self.lower:
            return Verdict.TOO_LOW
        if self.upper is not None and measured.value > self.upper:
            return Verdict.TOO_HIGH
        return Verdict.CONFORMS
