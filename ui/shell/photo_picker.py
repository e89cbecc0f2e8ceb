"""Which picture is meant: the newest in the camera's folder, as soon as it is there. Nothing is chosen from a window of files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.base import clock
from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.attachments import LARGEST, FileTooLarge
from app.core.picture_folder import PictureFile, content_of, pictures_in
from app.core.pictures import NotAPicture, kind_of_picture
from ui.bridge import Bridge
from ui.kit import Button, Label, Picture, Type, Words, theme
from ui.kit.picture import read_picture
from ui.kit.tokens import GAP

LOOK_MS = 1000
_AHEAD = timedelta(minutes=5)
"""So far a camera's clock may be ahead: as far as the database lets it be."""
_PREVIEW_PX = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPhoto:
    """A file that was read whole and can be shown."""

    file_name: str
    content: bytes
    taken_at: datetime
    """Aware; as the file says."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Looked:
    files: tuple[PictureFile, ...]
    one: PictureFile | None
    content: bytes | None = None
    """``None``: the one that was read already; empty: not whole, or not yet."""
    image: QImage | None = None
    refusal: AppError | None = None


class PhotoPicker(QWidget):
    """Looks once a second while it is shown. Left and Right turn to older and newer pictures."""

    changed = Signal()
    """Another picture stands here, or none."""
    turned = Signal(str)
    """A hand turned to this file."""

    def __init__(self, bridge: Bridge, folder: Path, zone: tzinfo) -> None:
        super().__init__()
        self._bridge, self._folder, self._zone = bridge, folder, zone
        self._since: datetime | None = None
        self._used: frozenset[str] = frozenset()
        self._digests: dict[PictureFile, str] = {}
        self._chosen: str | None = None
        """Path of the file a hand has turned to; ``None``: the newest."""
        self._files: tuple[PictureFile, ...] = ()
        self._one: PictureFile | None = None
        """What was read last, whole or not: it is not read again while it stays as it is."""
        self._photo: TakenPhoto | None = None
        self._looking, self._visit = False, 0
        self.picture = Picture()
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.line = Label("", Type.TEXT, wrap=True)
        self.older = Button(Phrase("Older"), key=Qt.Key.Key_Left)
        self.newer = Button(Phrase("Newer"), key=Qt.Key.Key_Right)
        self.older.clicked.connect(lambda: self._turn(1))
        self.newer.clicked.connect(lambda: self._turn(-1))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, theme.px(8))
        rows.setSpacing(theme.px(8))
        rows.addWidget(self.picture, 1)
        rows.addWidget(self.line)
        keys = QHBoxLayout()
        keys.setSpacing(theme.px(GAP))
        for button in (self.older, self.newer):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            keys.addWidget(button)
        keys.addStretch(1)
        rows.addLayout(keys)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def begin(self, since: datetime | None, *, used: frozenset[str] = frozenset()) -> None:
        """Offer the newest picture that was taken since; ``None``: the newest of all.

        Args:
            since: Older ones are turned to by hand.
            used: SHA-256 in hex of pictures that prove something already: they are passed over.
        """
        self._since, self._used, self._chosen = since, used, None
        self._files, self._one, self._photo = (), None, None
        self._visit += 1
        self._looking = False
        self.picture.show_image(None, "")
        self._say(Phrase("Looking into {folder}", folder=str(self._folder)))
        if self.isVisible():
            self._look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        super().hideEvent(event)
        self._timer.stop()
        self._visit += 1
        self._looking = False

    @property
    def photo(self) -> TakenPhoto | None:
        """What would be taken now."""
        return self._photo

    def choose(self, path: str) -> None:
        """Turn to this file, as soon as it is seen; one that a draft remembers."""
        self._turn_to(path)

    def press(self, key: int) -> bool:
        """Whether the key was one of ours."""
        if key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return False
        self._turn(1 if key == Qt.Key.Key_Left else -1)
        return True

    # looking ----------------------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        if self._looking:
            return
        self._looking = True
        asked = _Asked(since=self._since, used=self._used, chosen=self._chosen, read=self._one, digests=self._digests)
        act = partial(_looked, self._folder, asked)
        visit = self._visit
        self._bridge.fetch(act, done=partial(self._came, visit), refused=partial(self._not_seen, visit), owner=self)

    def _came(self, visit: int, looked: _Looked) -> None:
        if visit != self._visit:
            return
        self._looking = False
        self._files = looked.files
        if looked.one is None:
            self._show(None, None, None)
            self._say(Phrase("No picture yet. Take one: it appears here. Folder: {folder}", folder=str(self._folder)))
        elif looked.refusal is not None:
            self._show(looked.one, None, None)
            self._say(_why(looked.refusal))
        elif looked.content is not None:
            self._show(looked.one, looked.content, looked.image)
            whole = self._photo is not None
            self._say(self._told(looked.one) if whole else Phrase("{file} is no whole picture yet.", file=looked.one.name))
        elif self._photo is None:  # read before, and not changed since: it will not become one
            self._say(_why(NotAPicture(file=looked.one.name)))
        self._offer()

    def _not_seen(self, visit: int, error: AppError) -> None:
        if visit == self._visit:
            self._looking = False
            self._show(None, None, None)
            self._say(_why(error))
            self._offer()

    def _show(self, one: PictureFile | None, content: bytes | None, image: QImage | None) -> None:
        self._one, self._photo = one, None
        if one is not None and content is not None and image is not None and not image.isNull():
            self._photo = TakenPhoto(file_name=one.name, content=content, taken_at=one.taken_at)
        self.picture.show_image(image, one.name if one is not None else "")
        self.changed.emit()

    def _told(self, one: PictureFile) -> Words:
        at = one.taken_at.astimezone(self._zone)
        told = Phrase("{file} • taken {day} {time}", file=one.name, day=at.date(), time=f"{at:%H:%M:%S}")
        if _is_to_come(one):
            return Phrase("{told}, which is still to come: look at the camera's clock", told=told)
        return told if self._since is None or one.taken_at >= self._since else Phrase("{told}, before the work began", told=told)

    def _say(self, words: Words) -> None:
        self.line.tell(words)

    # turning ----------------------------------------------------------------------------------------------------------------------

    def _at(self) -> int:
        """Place of the one that stands; -1: none does."""
        return next((n for n, one in enumerate(self._files) if self._one is not None and one.path == self._one.path), -1)

    def _turn(self, steps: int) -> None:
        at = self._at() + steps
        if 0 <= at < len(self._files):
            path = str(self._files[at].path)
            self._turn_to(path)
            self.turned.emit(path)

    def _turn_to(self, path: str) -> None:
        self._chosen = path
        self._visit += 1  # an answer about the one before comes too late
        self._looking = False
        self._look()

    def _offer(self) -> None:
        at = self._at()
        for button, wanted in ((self.older, at + 1 < len(self._files)), (self.newer, at > 0)):
            button.ready() if wanted else button.not_yet("")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asked:
    since: datetime | None
    used: frozenset[str]
    chosen: str | None
    read: PictureFile | None
    digests: dict[PictureFile, str]
    """Of files that were read; used by one look at a time."""


def _looked(folder: Path, asked: _Asked) -> _Looked:
    """Look once; bytes are read only of another picture than the one that was read last."""
    files = pictures_in(folder)
    one = next((file for file in files if str(file.path) == asked.chosen), None)
    try:
        one = one or _newest(files, asked)
        if one is None or one == asked.read:
            return _Looked(files=files, one=one)
        content = content_of(one)
        kind_of_picture(content, one.name)  # Qt draws half a picture and says nothing
    except NotAPicture:
        return _Looked(files=files, one=one, content=b"")
    except FileTooLarge as refusal:
        return _Looked(files=files, one=one, refusal=refusal)
    return _Looked(files=files, one=one, content=content, image=read_picture(content, longest_px=_PREVIEW_PX))


def _newest(files: tuple[PictureFile, ...], asked: _Asked) -> PictureFile | None:
    """The newest that is of this work and proves nothing yet; one that says it is still to come waits for a hand that turns to it."""
    for file in files:
        if (asked.since is not None and file.taken_at < asked.since) or _is_to_come(file):
            continue
        if not asked.used or file.size_bytes > LARGEST or _digest(file, asked.digests) not in asked.used:
            return file
    return None


def _digest(file: PictureFile, known: dict[PictureFile, str]) -> str:
    if file not in known:
        known[file] = hashlib.sha256(content_of(file)).hexdigest() if file.size_bytes else ""
    return known[file]


def _is_to_come(file: PictureFile) -> bool:
    return file.taken_at > clock.now() + _AHEAD


def _why(error: AppError) -> Words:
    return Phrase("{what} {next}", what=error.what, next=error.next)
