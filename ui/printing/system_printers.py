"""The printers of the operating system, through Qt. Used on the print queue's thread: pages are painted there, and nothing of it waits in
the window's (Qt documentation, *Threads and QPainter*: ``QPrinter`` and ``QImage`` may be painted on outside the window's thread).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from app.labels.emit.page_picture import PagePicture

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter  # loaded when an office printer is looked at: no start waits for it


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterTold:
    """What the system says of one of its printers; as far as it knows."""

    name: str
    paper: str
    """Of its usual paper, e.g. ``A4``."""
    width_mm: float
    height_mm: float
    dpi: int
    is_ready: bool
    """Whether the system calls it neither stopped nor failed."""


class SystemPrinters:
    """`app.labels.office_line.Spooler` over Qt; what a test prints on is a `QPrinter` that writes a file."""

    def dpi(self, queue: str) -> int | None:
        """Dots per inch of a printer of this computer; ``None``: there is none of this name."""
        printer = self.printer(queue)
        return printer.resolution() if printer is not None else None

    def hand_over(self, queue: str, page: PagePicture) -> bool:
        """Print one page once, dot for dot at its true size, in the upper left corner of the printer's own paper.

        Returns:
            Whether the system took it. ``False`` when the printer is gone, its paper is smaller than the page, or the job was not begun.
        """
        from PySide6.QtPrintSupport import QPrinter

        printer = self.printer(queue)
        if printer is None:
            return False
        printer.setResolution(page.dpi)
        printer.setDocName(page.title)
        printer.setCopyCount(1)
        if not _fits(page, printer):
            return False
        painter = QPainter()
        if not painter.begin(printer):
            return False
        try:
            painter.drawImage(QPoint(0, 0), _image_of(page))
        finally:
            ended = painter.end()
        return ended and printer.printerState() is not QPrinter.PrinterState.Error

    def queues(self) -> list[str]:
        """What the printers of this computer are called, in the system's order."""
        from PySide6.QtPrintSupport import QPrinterInfo

        return list(QPrinterInfo.availablePrinterNames())

    def told(self) -> list[PrinterTold]:
        """Every printer of this computer with its paper and its dots; asks the system, so never on the window's thread."""
        return [_told(name, printer) for name in self.queues() if (printer := self.printer(name)) is not None]

    def printer(self, queue: str) -> QPrinter | None:
        """A printer of this computer by its name in the system, ready for one job."""
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        info = QPrinterInfo.printerInfo(queue)
        return None if info.isNull() else QPrinter(info, QPrinter.PrinterMode.HighResolution)


def _told(name: str, printer: QPrinter) -> PrinterTold:
    from PySide6.QtGui import QPageSize
    from PySide6.QtPrintSupport import QPrinter

    paper = printer.pageLayout().pageSize()
    size = paper.size(QPageSize.Unit.Millimeter)
    troubled = (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)
    return PrinterTold(
        name=name,
        paper=paper.name(),
        width_mm=size.width(),
        height_mm=size.height(),
        dpi=printer.resolution(),
        is_ready=printer.printerState() not in troubled,
    )


def _fits(page: PagePicture, printer: QPrinter) -> bool:
    """Whether the printer's own paper has room for it within its margins: a label is never scaled."""
    rows, columns = page.grey.shape
    room = printer.pageLayout().paintRectPixels(page.dpi)
    return columns <= room.width() + 1 and rows <= room.height() + 1  # a paper of the label's own size may be rounded


def _image_of(page: PagePicture) -> QImage:
    """The same dots; told how dense they are, so that a printer that counts otherwise keeps their size."""
    rows, columns = page.grey.shape
    image = QImage(page.grey.tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
    metre = round(page.dpi / 0.0254)
    image.setDotsPerMeterX(metre)
    image.setDotsPerMeterY(metre)
    return image
