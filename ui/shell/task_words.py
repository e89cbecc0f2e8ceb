"""How a waiting task reads: said by the screen that opens it, because tasks carry codes and facts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ui.kit import State, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWords:
    """One row of the home screen."""

    title: Words
    """What is to be done: "Inspect lot L26-0382"."""
    why: Words
    """Why it waits: "received 10:31, 13 samples"."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """What its screen is opened with."""
    badge: tuple[State, Words] | None = None
    """Only when a person must hurry or cannot go on."""
