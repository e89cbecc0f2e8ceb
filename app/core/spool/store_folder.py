"""The folder of a station's spool: one program in it, one file in use, and the way from a damaged file to the next one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.file_locks import FileLock
from app.core.logs import log
from app.core.spool.chain_check import before_the_waiting, walk
from app.core.spool.numbered_files import current_file, first_file, forget_journal, keep_journal_as_found
from app.core.spool.outbox_file import NO_FORMER, Former, Head, OutboxFile, open_file
from app.core.spool.refusals import StoreDamaged, StoreDiskRefuses, StoreGone, StoreTaken
from app.core.spool.salvage import go_on_in_a_new_file
from app.core.spool.sqlite import FileDamaged, explained
from app.core.spool.witness import Witness


class StoreFolder:
    """Opens the station's file, and the next one after damage. Not for two threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gate = FileLock(folder / "spool.lock")
        self._witness = Witness(folder / "acknowledged")

    def enter(self) -> None:
        """Keep every other program out until `leave`.

        Raises:
            StoreTaken: another program is in, or this one already.
            StoreDiskRefuses: the folder cannot be written.
        """
        with explained(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._gate.held or not self._gate.take(shared=False, wait_s=0):
                raise StoreTaken(folder=self._folder)

    def leave(self) -> None:
        """Let others in; nothing happens when nobody entered."""
        self._witness.close()
        self._gate.release()

    def open(self, at: str) -> tuple[OutboxFile, AppError | None]:
        """The file in use, once its pages, its end and the chain of what waits are found in order; else the next one.

        Args:
            at: Workstation time, ISO 8601.

        Returns:
            The open file, and what to tell when an older one was found damaged or is gone.

        Raises:
            StoreNewer, StoreTaken, StoreUnsafe, StoreDiskRefuses: nothing was changed.
        """
        path = current_file(self._folder)
        if path is None:
            return self._first(at)
        keep_journal_as_found(path)
        try:
            file = self._sound(path)
        except FileDamaged as why:
            return self._next(path, why, at)
        forget_journal(path)
        return file, None

    def renew(self, file: OutboxFile, why: FileDamaged, at: str) -> tuple[OutboxFile, StoreDamaged]:
        """Leave a file that turned out damaged while it was in use; it is closed then, whatever happens.

        Raises:
            StoreDiskRefuses: there is no new file; the next start tries again.
        """
        with suppress(FileDamaged, StoreDiskRefuses):
            file.close()
        return self._next(file.path, why, at)

    def note(self, head: Head) -> None:
        """What was just acknowledged; see `Witness`."""
        self._witness.note(head)

    def _sound(self, path: Path) -> OutboxFile:
        file = open_file(path)
        try:
            self._witness.compare(file)
            if breaks := walk(file, before_the_waiting(file)).breaks:
                raise FileDamaged(Phrase("its chain breaks at {place}", place=breaks[0]))
        except BaseException:
            file.close()
            raise
        return file

    def _first(self, at: str) -> tuple[OutboxFile, AppError | None]:
        """A new file; a person hears of it when there was one before that kept something."""
        last = self._witness.last()
        if last is None or not last.seq:
            return first_file(self._folder, NO_FORMER, opened=at), None
        told = StoreGone(folder=self._folder, kept=last.seq)
        file = first_file(self._folder, Former(file="?", digest=b"", reason=str(told)), opened=at)
        log("spool").error("gone", **{name: str(fact) for name, fact in told.facts.items()})
        return file, told

    def _next(self, damaged: Path, why: FileDamaged, at: str) -> tuple[OutboxFile, StoreDamaged]:
        file, told = go_on_in_a_new_file(damaged, why, acknowledged=self._witness.last(), opened=at)
        log("spool").error("damaged", **{name: str(fact) for name, fact in told.facts.items()})
        return file, told
