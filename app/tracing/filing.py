"""Papers as files in the person's own folder: asked, drawn and written away from the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import platformdirs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base.errors import OutageError
from app.base.phrases import Language, Name
from app.core.masking import demand_sees
from app.tracing.batch_queries import batch_history
from app.tracing.belongings import SEEN_OF_BATCH, SEEN_OF_LOT
from app.tracing.queries import lot_history

_PICTURE_DPI = 110
"""Of the first page on screen: readable in a sheet of 648 px."""


class PaperNotWritten(OutageError):
    code = "TRC-02"
    text = "Not written: {folder} takes no file ({reason})."
    next_step = "Make room on the disk or ask for the right to write there, then press again. Nothing on record was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A paper that was written."""

    file: Path
    pages: int
    first_page: bytes
    """PNG."""


def papers_folder() -> Path:
    """Where papers go: ``Lineside`` in the documents of the account that runs this workstation."""
    return Path(platformdirs.user_documents_path()) / "Lineside"


def file_lot_paper(session: Session, lot: UUID, *, language: Language, person: Name, station: str, folder: Path) -> Filed:
    """Write the history of a lot as it is now; the database's time stands in the file's name and at the foot of every page.

    Raises:
        NotFound: there is no such lot.
        NotShownToYou: who asks does not see all that stands on it.
        PaperNotWritten: the folder cannot be written; no half file is left under the paper's name.
    """
    from app.tracing.report import lot_paper, printed_words  # no start of a client waits for fonts and PDF

    demand_sees(session, *SEEN_OF_LOT)
    history, at = lot_history(session, lot, pictures=True), _now(session)
    pdf = lot_paper(history, language, printed=printed_words(at=at, person=person, station=station))
    return _file(pdf, folder / _file_name(history.lot.code, at, history.zone, language))


def file_batch_paper(session: Session, batch: UUID, *, language: Language, person: Name, station: str, folder: Path) -> Filed:
    """The same of a batch: its record as it is now.

    Raises:
        NotFound: there is no such batch.
        NotShownToYou: who asks does not see all that stands on it.
        PaperNotWritten: the folder cannot be written; no half file is left under the paper's name.
    """
    from app.tracing.batch_report import batch_paper  # as above
    from app.tracing.report import printed_words

    demand_sees(session, *SEEN_OF_BATCH)
    history, at = batch_history(session, batch), _now(session)
    pdf = batch_paper(history, language, printed=printed_words(at=at, person=person, station=station))
    return _file(pdf, folder / _file_name(history.head.code, at, history.head.zone, language))


def _now(session: Session) -> datetime:
    at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return at


def _file_name(code: str, at: datetime, zone: str, language: Language) -> str:
    return f"{code} {at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H%M%S} {language.value}.pdf"


def _file(pdf: bytes, file: Path) -> Filed:
    from app.reports.pictures import page_count, page_png  # as above

    write_whole(pdf, file)
    return Filed(file=file, pages=page_count(pdf), first_page=page_png(pdf, page=1, dpi=_PICTURE_DPI))


def write_whole(content: bytes, file: Path) -> Path:
    """The file with all of its content, or none under its name.

    Raises:
        PaperNotWritten: the folder cannot be written.
    """
    half_written = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half_written.write_bytes(content)
        half_written.replace(file)
    except OSError as trouble:
        raise PaperNotWritten(folder=file.parent, reason=trouble.strerror or type(trouble).__name__) from trouble
    return file
