"""What a screen asks to be signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.command import Order
from app.core.signature import Preview
from ui.kit import Words
from ui.shell.evidence import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAs:
    """One meaning somebody may choose, and the order it gives."""

    words: Words
    """As a person reads it: "Approved as line supervisor"."""
    order: type
    """Class of the order: its command says which right the signer needs."""
    make: Callable[[Preview], Order]
    """Makes the order over the version the sheet showed (`Preview.version`), with a new ``command_id``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One request for a signature."""

    kind: str
    subject: UUID
    title: Words
    what: tuple[Fact, ...]
    choices: tuple[SignAs, ...]
    after: Words
    reason: str | None
    done: Callable[[Any, SignAs], None]
