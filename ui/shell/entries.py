"""Accepted entries between the hand and the record: first on this station's disk, then given; what nobody knows of waits as a draft."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.base.errors import AppError
from app.core.late.store import LateStore
from app.core.logs import log
from app.core.spool.standing import Quarantined, SpoolState
from ui.shell.crew import Given, Heard, Refused, nothing
from ui.shell.lanes import Errand, Lane, Outcome


class EntryEar(QObject):
    """Hears the store on its threads; its signals come on the window's."""

    stands = Signal(object)
    """`SpoolState`"""
    troubled = Signal(object)
    """`AppError`: the store fills up, was damaged, or its disk refuses."""

    def state(self, state: SpoolState) -> None:
        """See `SpoolSink`."""
        self.stands.emit(state)

    def trouble(self, trouble: AppError) -> None:
        """See `SpoolSink`."""
        log("late").warning("trouble", code=trouble.code, told=str(trouble))
        self.troubled.emit(trouble)

    def quarantined(self, entry: Quarantined) -> None:
        """See `SpoolSink`."""
        log("late").warning("set aside", entry=entry.id, reason=entry.reason)


class Entries:
    """The window's side of the station's store. Only the window's thread comes here; the disk is waited for on a lane."""

    def __init__(self, store: LateStore, tell: Callable[[Outcome], None], *, refused: Refused) -> None:
        """Open the store on its lane; what an earlier run left is forwarded from then on.

        Args:
            store: The station's.
            tell: Hands outcomes of the lane over to the window's thread.
            refused: Hears why the store could not be opened.
        """
        self._store = store
        self._lane = Lane("entries", tell)
        self._on_disk: set[Given] = set()
        """On the disk, and neither settled nor let go."""
        self._coming = 0
        """Acts of the lane after which an order is given: what comes now may not overtake them."""
        self._put(store.open, nothing, refused)

    def keep(self, given: Given, *, kept: Callable[[], None], refused: Refused) -> None:
        """Bring an accepted entry to the disk, then call `kept`."""

        def is_kept(_: object) -> None:
            self._coming -= 1
            self._on_disk.add(given)
            kept()

        def not_kept(refusal: AppError) -> None:
            self._coming -= 1
            refused(refusal)

        self._coming += 1
        self._put(partial(self._store.keep, given.order, given.login), is_kept, not_kept)

    def in_turn(self, then: Callable[[], None]) -> None:
        """Call `then` after the entries that are just being kept: at once when there are none."""
        if not self._coming:
            then()
            return

        def came(_: object) -> None:
            self._coming -= 1
            then()

        self._coming += 1
        self._put(lambda: None, came, came)

    def has(self, given: Given) -> bool:
        """Whether this order lies on the disk and is still ours to give."""
        return given in self._on_disk

    def settle(self, given: Given, note: str = "") -> None:
        """It is on record, or its person was told why not."""
        if given in self._on_disk:
            self._on_disk.discard(given)
            self._put(partial(self._store.settle, given.order.command_id, note), nothing, nothing)

    def let_go(self, given: Given) -> None:
        """Nobody knows of it any more: it goes to the database as a draft."""
        self._on_disk.discard(given)
        self._store.let_go([given.order.command_id])

    def waiting(self, *, under_way: int) -> int:
        """How many wait on the disk beside those that are being given just now."""
        state = self._store.state()
        return max(0, state.waiting - under_way) if state is not None else 0

    def state(self) -> SpoolState | None:
        """How the store stands; ``None``: it is not open."""
        return self._store.state()

    def close(self, within_s: float) -> None:
        """Bring what was accepted to the disk and let go of the file."""
        self._put(self._store.close, nothing, nothing)
        self._lane.finish()
        self._lane.join(within_s)

    def _put(self, act: Callable[[], object], done: Heard, refused: Refused) -> None:
        self._lane.put(Errand(act=act, done=done, refused=refused, owner=None))
