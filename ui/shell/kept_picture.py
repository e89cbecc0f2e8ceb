"""A picture on record, asked for by its fingerprint and read where nobody waits for it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSizePolicy
from sqlalchemy.orm import Session

from app.core.pictures import picture_of
from ui.bridge import Bridge
from ui.kit import Picture, Words
from ui.kit.picture import LONGEST_PX, read_picture


def read_kept(session: Session, *, digest: str, longest_px: int = LONGEST_PX) -> tuple[str, QImage]:
    """The picture with the fingerprint it was asked by; for `Screen.ask` and `Bridge.ask`.

    Raises:
        NotFound: it is not kept, or its bytes are not those any more.
    """
    return digest, read_picture(picture_of(session, digest=digest), longest_px=longest_px)


class KeptPicture(Picture):
    """Stands empty until it came; what is not on record stays empty, and the banner says so."""

    def __init__(self, *, longest_px: int = LONGEST_PX) -> None:
        super().__init__()
        self._longest_px = longest_px
        self._digest: str | None = None
        self._shows: Words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def ask(self, bridge: Bridge, digest: str | None, name: Words) -> None:
        """Show this one; asking for the one that stands already does nothing."""
        if digest == self._digest:
            return
        self._digest, self._shows = digest, name
        self.show_image(None, name)
        if digest is not None:
            bridge.ask(partial(read_kept, digest=digest, longest_px=self._longest_px), done=self._came, owner=self)

    def _came(self, came: tuple[str, QImage]) -> None:
        digest, image = came
        if digest == self._digest:
            self.show_image(image, self._shows)
