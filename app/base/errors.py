"""Foreseen trouble, said so that the person in front of it knows what to do.

Three kinds, by who can put it right: a person (`RuleViolation`), the device (`DeviceError`), nobody here (`OutageError`).
Everything that is not an `AppError` is a bug and goes to the crash report.
"""

from __future__ import annotations

from typing import ClassVar

from app.base.phrases import Phrase

ALL: dict[str, type[AppError]] = {}
"""Every foreseen trouble by its code; the translation test walks it."""


class AppError(Exception):
    """Foreseen trouble. Whatever else escapes is a bug and opens the crash report."""

    code: ClassVar[str]
    text: ClassVar[str]
    """What did *not* happen and why, in shop-floor words; translated by the catalogue."""
    next_step: ClassVar[str]
    """What the person can do now."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            return
        if cls.code in ALL:
            raise TypeError(f"error code {cls.code} is taken by {ALL[cls.code].__name__}")
        ALL[cls.code] = cls

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(str(self.what))

    @property
    def what(self) -> Phrase:
        """What happened, to be said in the reader's language."""
        return Phrase(self.text, **self.facts)

    @property
    def next(self) -> Phrase:
        """What to do now, to be said in the reader's language."""
        return Phrase(self.next_step, **self.facts)


class RuleViolation(AppError):
    """A person can put it right; shown on the screen that submitted the command."""


class DeviceError(AppError):
    """The device can put it right; shown on its chip, never stored as a value."""


class OutageError(AppError):
    """Nobody here can put it right (database, disk, network); shown as a banner while work is kept."""
