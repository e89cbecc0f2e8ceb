"""Progress: how much of a count is there, what this act adds, and work over one second with its name."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.kit.language import Words
from ui.kit.paint import painter_on
from ui.kit.piece import Piece
from ui.kit.text import Label
from ui.kit.theme import theme


class ProgressBar(Piece, QWidget):
    """A square bar: done in `ink2` (or blue where it is the person's own step), what this act adds in blue, the rest track."""

    def __init__(self, *, mine: bool = False, height: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = self._adding = Fraction(0)
        self._mine, self._height = mine, height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, done: Fraction, adding: Fraction = Fraction(0)) -> None:
        """Shares of the whole, 0–1; more than the whole fills the bar and no more."""
        self._done, self._adding = done, adding
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(260), theme.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.track)
        done = self.width() * float(min(self._done, Fraction(1)))
        both = self.width() * float(min(self._done + self._adding, Fraction(1)))
        painter.fillRect(QRectF(0, 0, done, self.height()), theme.color.actfill if self._mine else theme.color.ink2)
        painter.fillRect(QRectF(done, 0, both - done, self.height()), theme.color.actfill)


class NamedWork(Piece, QWidget):
    """Work that takes longer than a second: its name and a bar. Runs only while it is begun; no timer when idle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Label("", elide=True)
        self.bar = ProgressBar(height=8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.label)
        column.addWidget(self.bar)
        self._since = QElapsedTimer()
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._go_on)
        self._known = False
        self.hide()

    def begin(self, name: Words) -> None:
        """Something began; shown after one second if it is still going on."""
        self.label.tell(name)
        self._known = False
        self.bar.show_parts(Fraction(0))
        self._since.start()
        self._beat.start(1000)

    def reach(self, share: Fraction) -> None:
        """How far it is, 0–1, where the work can tell."""
        self._known = True
        self.bar.show_parts(share)

    def end(self) -> None:
        """It is over."""
        self._beat.stop()
        self.hide()

    def _go_on(self) -> None:
        self.show()
        if self._known or theme.reduced_motion:
            self._beat.stop()
            return
        self._beat.setInterval(100)
        self.bar.show_parts(Fraction(0), Fraction(self._since.elapsed() % 2000, 2000))
