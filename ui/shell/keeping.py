"""Part of the bridge: accepted entries on this station's disk, before they are given and while nobody knows what became of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.base.errors import AppError
from app.core.database import NotCopied
from app.core.late.store import LateStore
from app.core.refusals import DatabaseAway
from app.core.spool.standing import SpoolState
from ui.shell.crew import Crew, Given
from ui.shell.entries import Entries, EntryEar

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from app.core.stations import StationLink
    from ui.shell.feed_watch import DatabaseHere


class Keeping:
    """What `Bridge` does with entries that may wait as drafts."""

    refused: SignalInstance
    _came: SignalInstance
    _link: StationLink
    _entries: Entries | None
    _crew: Crew | None
    _here: DatabaseHere | None
    _kept: list[Given]
    _under_way: set[Given]
    _keep: Callable[[Given], None]
    _tell_standing: Callable[..., None]

    def keep_entries_in(self, folder: Path) -> None:
        """What people accept here lies in this folder first from now on; what an earlier run left there is brought as drafts."""
        ear = EntryEar(self)
        ear.stands.connect(self._tell_standing, Qt.ConnectionType.QueuedConnection)
        ear.troubled.connect(self.refused, Qt.ConnectionType.QueuedConnection)
        self._entries = Entries(LateStore(self._link, folder, sink=ear), self._came.emit, refused=self.refused.emit)

    @property
    def is_away(self) -> bool:
        """Whether the database was away at the last look: only readings, scans and first entries are taken then."""
        trouble = self._here.trouble if self._here is not None else None
        return isinstance(trouble, DatabaseAway) and not isinstance(trouble, NotCopied)

    def _in_turn(self, crew: Crew, given: Given, send: Callable[[], None], *, is_draft: bool) -> None:
        """Send it: one that may wait as a draft after it lies on the disk, any other after those that are just being brought there."""
        if self._entries is None:
            send()
        elif is_draft:
            self._entries.keep(given, kept=partial(self._is_kept, crew, given, send), refused=partial(self._not_kept, given, send))
        else:
            self._entries.in_turn(send)

    def _is_kept(self, crew: Crew, given: Given, send: Callable[[], None]) -> None:
        """It outlives everything now: given at once, unless the person's connections are gone."""
        if crew.lost or crew is not self._crew:
            self._keep(given)
            self._let_go_of_kept()
        else:
            send()

    def _not_kept(self, given: Given, send: Callable[[], None], refusal: AppError) -> None:
        """The disk refuses: while the database answers it alone is trusted, as before there was a store."""
        if not self.is_away:
            send()
            return
        self._under_way.discard(given)
        if given.is_wanted:
            given.refused(refusal)

    def _let_go_of_kept(self) -> None:
        """Whoever made these has no connection any more: they become drafts, and wait for their author."""
        entries = self._entries
        if entries is None:
            return
        for given in [one for one in self._kept if entries.has(one)]:
            self._kept.remove(given)
            entries.let_go(given)
            if given.drafted is not None and given.is_wanted:
                given.drafted(given)
        self._tell_standing()

    @property
    def entries_waiting(self) -> int:
        """How many accepted entries wait on this station's disk for the database, beside those on their way just now."""
        if self._entries is None:
            return 0
        return self._entries.waiting(under_way=sum(self._entries.has(one) for one in self._under_way))

    @property
    def entry_store(self) -> SpoolState | None:
        """How the store of accepted entries stands; ``None``: it is not open."""
        return self._entries.state() if self._entries is not None else None
