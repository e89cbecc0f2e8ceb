"""What another station does meanwhile: on another thread, because the window's is closed to SQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def elsewhere(act: Callable[[], Answer]) -> Answer:
    """Do it and wait for it."""
    with ThreadPoolExecutor(1) as others:
        return others.submit(act).result(timeout=20)
