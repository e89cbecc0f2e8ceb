"""Somebody shows what a deviation is about: a button in the bar, the newest picture of the station's camera, Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from app.base.ids import new_id
from app.base.phrases import Name, Phrase
from app.core.command import Permission
from app.deviations.photos import AddPhoto, PhotoRow
from app.deviations.queries import DeviationRow
from ui.bridge import Bridge
from ui.deviations.deviation_panel import DeviationPanel
from ui.deviations.words import instant
from ui.kit import Button, Label, Panel, PrimaryButton, Sheet, Type, theme
from ui.kit.tokens import GAP
from ui.shell.evidence import Evidence, Fact
from ui.shell.fact_rows import FactRow
from ui.shell.kept_picture import KeptPicture
from ui.shell.photo_picker import PhotoPicker, TakenPhoto
from ui.shell.screen import BAR_HEIGHT, Screen


class PhotoSheet(Sheet):
    """The picture stands large before it is taken."""

    def __init__(self, screen: Screen, row: DeviationRow, take: Callable[[TakenPhoto], None]) -> None:
        self._act = PrimaryButton(Phrase("Add this picture"), icon="camera")
        super().__init__(Phrase("Add a photo"), icon="camera", primary=self._act)
        self._take = take
        self.picker = PhotoPicker(screen.bridge, screen.shell.picture_folder, screen.shell.zone)
        self.picker.changed.connect(self._look)
        self.body.addWidget(Label(Phrase("It stands beside deviation {code} and is signed with it.", code=row.code), wrap=True))
        self.body.addWidget(self.picker, 1)
        self._act.clicked.connect(self._pressed)
        self.picker.begin(row.opened_at)
        self._look()

    def press(self, key: int) -> bool:
        return self.picker.press(key) or super().press(key)

    def _look(self) -> None:
        self._act.ready() if self.picker.photo is not None else self._act.not_yet(Phrase("no picture stands here yet"))

    def _pressed(self) -> None:
        if self.picker.photo is not None:
            self._take(self.picker.photo)


class PhotosSheet(Sheet):
    """All pictures of a deviation, one at a time, each with whose it is: who signs sees everything that is signed."""

    def __init__(self, evidence: Sequence[Evidence], place: int, bridge: Bridge) -> None:
        super().__init__(Phrase("Evidence"), icon="eye", primary=None, leave=Phrase("Back"))
        self._evidence, self._place, self._bridge = tuple(evidence), place, bridge
        self.title_line = Label("", Type.TITLE, wrap=True)
        self.picture = KeptPicture()
        self.facts = Panel(padding=0)
        self.facts.body.setSpacing(0)
        self.older, self.newer = Button(Phrase("Older"), key=Qt.Key.Key_Left), Button(Phrase("Newer"), key=Qt.Key.Key_Right)
        self.older.clicked.connect(lambda: self._turn(-1))
        self.newer.clicked.connect(lambda: self._turn(1))
        keys = QHBoxLayout()
        keys.setSpacing(theme.px(GAP))
        for button in (self.older, self.newer):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            keys.addWidget(button)
        keys.addStretch(1)
        self.body.addWidget(self.title_line)
        self.body.addWidget(self.picture, 1)
        self.body.addLayout(keys)
        self.body.addWidget(self.facts)
        self._turn(0)

    def press(self, key: int) -> bool:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key))
        if step is None:
            return super().press(key)
        self._turn(step)
        return True

    def _turn(self, step: int) -> None:
        self._place = min(max(self._place + step, 0), len(self._evidence) - 1)
        one, last = self._evidence[self._place], len(self._evidence) - 1
        self.title_line.tell(Phrase("{picture}, {n} of {all}", picture=one.title, n=self._place + 1, all=last + 1))
        self.picture.ask(self._bridge, one.picture, one.title)
        while self.facts.body.count():
            item = self.facts.body.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for fact in one.facts:
            self.facts.body.addWidget(FactRow(fact))
        self.older.ready() if self._place > 0 else self.older.not_yet("")
        self.newer.ready() if self._place < last else self.newer.not_yet("")


class Photographs:
    """Of a screen that shows a deviation in a panel."""

    def __init__(self, screen: Screen, panel: DeviationPanel, changed: Callable[[], None]) -> None:
        """`changed`: called when a picture is on record."""
        self._screen, self._panel, self._changed = screen, panel, changed
        self._names: Mapping[str, Name] = {}
        self.button = Button(Phrase("Add a photo"), icon="camera", height=BAR_HEIGHT)
        screen.add_button(self.button, self._ask)
        panel.photos.opened.connect(self._open)

    def show(self, photos: tuple[PhotoRow, ...], names: Mapping[str, Name]) -> None:
        """Those of the deviation that stands in the panel."""
        row = self._panel.row
        self._names = names
        self._panel.photos.show_photos([one for one in photos if row is not None and one.deviation == row.id], self._screen.bridge)

    def is_offered(self, *, compact: bool) -> bool:
        """While it is not decided, to everybody who may raise a deviation; in one word on small glass."""
        self.button.tell(Phrase("Photo") if compact else Phrase("Add a photo"))
        row = self._panel.row
        return row is not None and row.status == "open" and Permission.RAISE_DEVIATION in self._screen.shell.rights

    def _ask(self) -> None:
        if self._panel.row is not None:
            row = self._panel.row
            self._screen.open_sheet(PhotoSheet(self._screen, row, partial(self._add, row)))

    def _add(self, row: DeviationRow, photo: TakenPhoto) -> None:
        """Beside the deviation the sheet was opened for, whichever stands in the panel by now."""
        self._screen.close_sheet()
        order = AddPhoto(
            command_id=new_id(),
            id=new_id(),
            deviation=row.id,
            file_name=photo.file_name,
            content=photo.content,
            taken_at=photo.taken_at,
        )
        self._screen.submit(order, done=lambda _: self._changed())

    def _open(self, place: int) -> None:
        self._screen.open_sheet(PhotosSheet([self._evidence(one) for one in self._panel.photos.photos], place, self._screen.bridge))

    def _evidence(self, photo: PhotoRow) -> Evidence:
        zone, row = self._screen.shell.zone, self._panel.row
        who = Phrase("{who}, {station}", who=self._names.get(photo.by, photo.by), station=photo.station or Phrase("past the stations"))
        return Evidence(
            title=Phrase("Picture of {code}", code=row.code if row is not None else ""),
            origin=Phrase("a picture that was taken here"),
            facts=(
                Fact(name=Phrase("added by"), value=who),
                Fact(name=Phrase("database time"), value=instant(photo.at, zone)),
                Fact(name=Phrase("workstation time"), value=instant(photo.taken_at, zone)),
                Fact(name=Phrase("fingerprint"), value=photo.picture[:12]),
            ),
            picture=photo.picture,
        )
