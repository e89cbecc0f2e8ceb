"""The samples of one parameter that its trace may show: the last minutes, in order of time, without what was no number.

However many come a second, few are kept: the first, the lowest, the highest and the last of every fraction of a second that no pixel
can tell apart. So a window of 20 minutes at 1 000 values a second is drawn from 17 000 samples instead of 1.2 million, and no peak and
no gap is lost. Import it when a trace is made, not at program start: numpy takes a tenth of a second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SLOTS = 4096
"""Fractions of the window: more than a plot has pixels."""
_PER_SLOT = 4
_SPARE = 16_384
"""Samples that come before it is thinned out again."""


class Samples:
    """A window over a buffer of fixed size: adding costs what is added, not what is kept.

    Times are seconds since 1970 (UTC), values are in the unit of the parameter; both `float64` of shape (n,). They are for pixels:
    the record keeps the exact decimals.
    """

    def __init__(self, keep_s: float, silent_after_s: float) -> None:
        """Keep `keep_s` seconds; a slot is never longer than `silent_after_s`, so that no gap can hide in one."""
        self._keep_s = keep_s
        self._slot_s = min(keep_s / SLOTS, silent_after_s)
        self._most = _PER_SLOT * (int(keep_s / self._slot_s) + 2) + _SPARE
        self._at = np.empty(self._most)
        self._values = np.empty(self._most)
        self._end = 0

    @property
    def at_s(self) -> Floats:
        """Times, ascending; a view that lives until the next `add`."""
        return self._at[: self._end]

    @property
    def values(self) -> Floats:
        """Values at those times; a view that lives until the next `add`."""
        return self._values[: self._end]

    def replace(self, at_s: Floats, values: Floats) -> None:
        """Other samples altogether."""
        self._end = 0
        self.add(at_s, values)

    def add(self, at_s: Floats, values: Floats) -> None:
        """More samples, in any order, late ones too; NaN and infinities are no samples.

        Raises:
            ValueError: the two differ in length or have more than one dimension.
        """
        at_s, values = np.asarray(at_s, dtype=np.float64), np.asarray(values, dtype=np.float64)
        if at_s.shape != values.shape or at_s.ndim != 1:
            raise ValueError(f"times of shape {at_s.shape} for values of shape {values.shape}")
        good = np.isfinite(at_s) & np.isfinite(values)
        if not good.all():
            at_s, values = at_s[good], values[good]
        if not len(at_s):
            return
        late = self._end > 0 and at_s[0] < self._at[self._end - 1]
        if late or np.any(np.diff(at_s) < 0) or self._end + len(at_s) > self._most:
            self._rewrite(at_s, values)
        else:
            self._at[self._end : self._end + len(at_s)] = at_s
            self._values[self._end : self._end + len(at_s)] = values
            self._end += len(at_s)

    def _rewrite(self, at_s: Floats, values: Floats) -> None:
        """Sort what is new into what is kept, forget what is too old, thin out the rest."""
        at_s, values = np.concatenate([self.at_s, at_s]), np.concatenate([self.values, values])
        order = np.argsort(at_s, kind="stable")
        at_s, values = at_s[order], values[order]
        # The last one before the window stays, so that a line or a gap can enter from the left.
        first = max(0, int(np.searchsorted(at_s, at_s[-1] - self._keep_s)) - 1)
        kept = first + thinned(at_s[first:], values[first:], self._slot_s)
        self._end = len(kept)
        self._at[: self._end], self._values[: self._end] = at_s[kept], values[kept]


def thinned(at_s: Floats, values: Floats, slot_s: float) -> NDArray[np.int64]:
    """Which samples tell what the others do: the first, lowest, highest and last of every slot. Indices, ascending.

    Args:
        at_s: (n,) times, ascending, n above 0.
        values: (n,) finite values.
        slot_s: Length of a slot; slots begin at multiples of it, so thinning twice changes nothing.
    """
    starts = np.flatnonzero(np.diff(np.floor(at_s / slot_s), prepend=-np.inf))
    counts = np.diff(np.append(starts, len(at_s)))
    slots = np.repeat(np.arange(len(starts)), counts)
    keep = [starts, starts + counts - 1]
    for extremes in (np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)):
        at_extreme = np.flatnonzero(values == extremes[slots])
        keep.append(at_extreme[np.unique(slots[at_extreme], return_index=True)[1]])
    return np.unique(np.concatenate(keep))
