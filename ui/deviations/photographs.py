"""Somebody shows what a deviation is about: a button in the bar, the newest picture of the station's camera, Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.base.ids import new_id
from app.base.phrases import Name, Phrase
from app.core.command import Permission
from app.deviations.photos import AddPhoto, PhotoRow
from app.deviations.queries import DeviationRow
from ui.deviations.deviation_panel import DeviationPanel
from ui.deviations.words import instant
from ui.kit import Button, Label, PrimaryButton, Sheet
from ui.shell.evidence import Evidence, Fact
from ui.shell.evidence_sheet import EvidenceSheet
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
            self._screen.open_sheet(PhotoSheet(self._screen, self._panel.row, self._add))

    def _add(self, photo: TakenPhoto) -> None:
        row = self._panel.row
        self._screen.close_sheet()
        if row is None:
            return
        order = AddPhoto(
            command_id=new_id(),
            id=new_id(),
            deviation=row.id,
            file_name=photo.file_name,
            content=photo.content,
            taken_at=photo.taken_at,
        )
        self._screen.submit(order, done=lambda _: self._changed())

    def _open(self, photo: PhotoRow) -> None:
        self._screen.open_sheet(EvidenceSheet((self._evidence(photo),), self._screen.bridge))

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
