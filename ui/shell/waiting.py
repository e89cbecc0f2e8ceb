"""What devices said and the window has not heard yet, in order and bounded: of a device that streams, only the newest counts."""

from __future__ import annotations

from collections import Counter, deque
from threading import Lock

MOST = 8
"""Readings or troubles of one device that wait. No hand presses a gauge's button so often while a window takes a breath."""
_BOUNDED = frozenset({"reading", "trouble"})


class Waiting:
    """Filled by any thread, emptied by one. Scans, states, samples and cycles are never passed over."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._line: deque[list[object]] = deque()
        self._newest: dict[str, list[object]] = {}
        self._times: Counter[tuple[str, str]] = Counter()
        self._awake = False

    def __len__(self) -> int:
        return len(self._line)

    def put(self, name: str, what: object) -> bool:
        """Add to the end; too many of one device take the place of its newest of the same kind, if nothing else of it came since.

        Returns:
            Whether somebody must be woken to take it.
        """
        with self._lock:
            device = str(getattr(what, "device", ""))
            newest = self._newest.get(device)
            if name in _BOUNDED and self._times[name, device] >= MOST and newest is not None and newest[0] == name:
                newest[1] = what
            else:
                box = [name, what]
                self._line.append(box)
                self._newest[device] = box
                self._times[name, device] += 1
            asleep, self._awake = not self._awake, True
            return asleep

    def take(self) -> tuple[str, object] | None:
        """The oldest; ``None`` when there is nothing."""
        with self._lock:
            if not self._line:
                return None
            box = self._line.popleft()
            name, what = str(box[0]), box[1]
            device = str(getattr(what, "device", ""))
            self._times[name, device] -= 1
            if self._newest.get(device) is box:
                del self._newest[device]
            return name, what

    def falls_asleep(self) -> bool:
        """Whether there is nothing: then the next `put` says that somebody must be woken."""
        with self._lock:
            self._awake = bool(self._line)
            return not self._awake
