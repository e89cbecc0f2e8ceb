"""The paper that was written: its first page beside the work, and where the file is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.tracing.filing import Filed, file_batch_paper, file_lot_paper, papers_folder
from ui.kit import Button, Label, Piece, Sheet, current_language, hairline, painter_on, theme
from ui.shell.screen import Screen


class PagePicture(Piece, QWidget):
    """One page of a paper, as large as its room allows, in its own proportions."""

    def __init__(self, png: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = QPixmap()
        self.page.loadFromData(png)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(560), theme.px(792))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(200))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        ratio = self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        drawn = self.page.scaled(self.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        drawn.setDevicePixelRatio(ratio)
        wide, high = drawn.width() / ratio, drawn.height() / ratio
        left = (self.width() - wide) / 2
        painter.drawPixmap(round(left), 0, drawn)
        frame = QRectF(round(left), 0, wide - 1, high - 1)
        for start, end in ((frame.topLeft(), frame.topRight()), (frame.bottomLeft(), frame.bottomRight())):
            hairline(painter, start, end, "edge")
        for start, end in ((frame.topLeft(), frame.bottomLeft()), (frame.topRight(), frame.bottomRight())):
            hairline(painter, start, end, "edge")


class PaperSheet(Sheet):
    """Shown when the file is on the disk, never before."""

    def __init__(self, filed: Filed) -> None:
        super().__init__(Phrase("Paper"), icon="sheet", primary=None, leave=Phrase("Back"))
        self.filed = filed
        self.page = PagePicture(filed.first_page)
        self.body.addWidget(self.page, 1)
        self.body.addWidget(Label(Phrase("Page 1 of {pages}, written as", pages=filed.pages), ink="ink2"))
        self.body.addWidget(Label(filed.file.name, bold=True, wrap=True))
        self.body.addWidget(Label(Phrase("in {folder}", folder=filed.file.parent), ink="ink2", wrap=True))


def write_paper(screen: Screen, lot: UUID, button: Button) -> None:
    """Have the lot's paper written in the reader's language, away from the window's thread, and show its first page."""
    _write(screen, button, partial(file_lot_paper, lot=lot))


def write_batch_paper(screen: Screen, batch: UUID, button: Button) -> None:
    """The same of a batch: its whole record."""
    _write(screen, button, partial(file_batch_paper, batch=batch))


def _write(screen: Screen, button: Button, filing: Callable[..., Filed]) -> None:
    who = screen.who
    if who is None or button.is_busy:
        return
    button.begin_busy(Phrase("Writing the paper"))
    question = partial(filing, language=current_language(), person=who.name, station=screen.where.code, folder=papers_folder())

    def written(filed: Filed) -> None:
        button.end_busy()
        screen.open_sheet(PaperSheet(filed))

    def refused(error: AppError) -> None:
        button.end_busy()
        screen.refuse(error)

    screen.ask(question, written, refused)
