"""What can keep an entry from being kept or forwarded, said so that the person at the station knows what to do."""

from __future__ import annotations

from uuid import UUID

from app.base.errors import OutageError, RuleViolation


class StoreTaken(RuleViolation):
    """Two programs may not write one spool."""

    code = "spool.taken"
    text = "The local store of this station was not opened: another program on this computer works with {folder}."
    next_step = "Go on in the program that is open already, or close it and start this one again."


class StoreNewer(OutageError):
    code = "spool.newer"
    text = "The local store was not opened: a newer program wrote {file}. Nothing was changed."
    next_step = "Start the newer program on this station."


class StoreUnsafe(OutageError):
    """SQLite did not accept a setting without which an acknowledged entry may be lost at a power cut."""

    code = "spool.unsafe"
    text = "The local store was not opened: on the disk of {folder} nothing can be kept safely ({setting} is {found})."
    next_step = "Choose a data folder on a disk of this computer in the settings, not on the network."


class StoreClosed(OutageError):
    code = "spool.closed"
    text = "Nothing was kept: the local store of this station is closed."
    next_step = "Start the program again, then repeat the last reading."


class StoreFull(OutageError):
    """The quota is used up. Nothing is dropped and nothing is overwritten."""

    code = "spool.full"
    text = "Nothing was kept: the local store of this station is full. Everything kept before is still there."
    next_step = "Stop the machine's recording and call IT: the database has been away too long."


class StoreNearlyFull(OutageError):
    code = "spool.nearly_full"
    text = "The local store of this station is nearly full. No new step can start."
    next_step = "Finish what is running and call IT: the database has been away too long."


class StoreHalfFull(OutageError):
    code = "spool.half_full"
    text = "The local store of this station is half full."
    next_step = "Tell IT that the database is away. Work goes on; everything is kept."


class StoreDiskLow(OutageError):
    """The disk could not spare the reserve."""

    code = "spool.disk_low"
    text = "The disk of this station is nearly full. No new step can start."
    next_step = "Finish what is running, and make room on the disk or call IT."


class StoreDiskRefuses(OutageError):
    """The disk is full, read-only or broken; the reserve is released, so that what is in the hand can be put once more."""

    code = "spool.disk_refuses"
    text = "Nothing was kept: the disk refuses to write in {folder} ({reason}). Everything kept before is still there."
    next_step = "Stop the machine's recording. Make room on the disk or call IT, then start again."


class StoreDamaged(OutageError):
    """Told, never raised: the station goes on with a new file."""

    code = "spool.damaged"
    text = "The local store was damaged ({reason}). Entries saved: {salvaged}. Entries that could not be saved: {left}. {file} is kept."
    next_step = "Call IT: the disk may be failing. Keep the file; it is evidence of what is missing."


class StoreGone(OutageError):
    """Told, never raised: the station goes on with a new file."""

    code = "spool.gone"
    text = "The file of the local store is gone from {folder}. Entries it had kept: {kept}. A new one was begun."
    next_step = "Call IT: entries that had not reached the database are in the missing file alone. Look for it, and keep it."


class EntryRefused(RuleViolation):
    """`deliver` raises it when it knows which entry of a batch the database will never take; only that one is set aside."""

    code = "spool.entry_refused"
    text = "Entry {id} was refused: {reason}"
    next_step = "It is kept and set aside. Tell quality; the other entries go on."

    def __init__(self, *, id: UUID, reason: str) -> None:
        self.id = id
        super().__init__(id=str(id), reason=reason)


class OtherContent(EntryRefused):
    """`deliver` raises it when the database holds another content under the entry's id: the first one stands, this one is set aside."""

    code = "spool.other_content"
    text = "Entry {id} was refused: another content is stored under its identity."

    def __init__(self, *, id: UUID) -> None:
        super().__init__(id=id, reason="")


class EntryRotten(RuleViolation):
    """Reason of an entry that was set aside because the disk changed it."""

    code = "spool.entry_rotten"
    text = "An entry of the local store changed on the disk and was not forwarded."
    next_step = "It is set aside. Call IT: the disk may be failing. Take the reading again if you can."
