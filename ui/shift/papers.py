"""Papers of a shift: written by the auditor on a session of her own, read back as text, every page kept as a picture to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from pypdfium2 import PdfDocument
from sqlalchemy.orm import Session

from app.base.phrases import Language, Name
from app.core.session import sign_in
from app.demo.people import SECRET
from app.reports.pictures import page_pictures
from ui.shift.course import Shift
from ui.shift.hand import ShiftFailed

Write = Callable[[Session, Language, Name], Path]
"""Writes one paper in one language for the person who asks; returns its file."""


def written(shift: Shift, write: Write) -> Mapping[Language, Path]:
    """The same paper in both languages."""
    return shift.elsewhere(partial(_write, shift, write))


def _write(shift: Shift, write: Write) -> dict[Language, Path]:
    auditor = sign_in(shift.stage.server, login="ma.lin", password=SECRET, tickets=lambda: None)
    try:
        return {language: auditor.ask(partial(write, language=language, person=auditor.who.name)) for language in Language}
    finally:
        auditor.close()


def demand_words(shift: Shift, file: Path, words: Sequence[str], *, pictures: str) -> None:
    """All of the words stand on the paper.

    Raises:
        ShiftFailed: names those that do not.
    """
    told = _text_of(file)
    if missing := [one for one in words if one not in told]:
        raise ShiftFailed(f"{file.name} does not say {missing}")
    for number, page in enumerate(page_pictures(file.read_bytes(), dpi=80), 1):
        page.save(str(shift.pictures / f"{pictures}-{number}.png"))


def _text_of(pdf: Path) -> str:
    """All text of a PDF, without its line breaks."""
    document = PdfDocument(pdf)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split("\r\n")) for page in document)
    finally:
        document.close()
