"""A page of a label as the dots an office printer will put on paper, and what is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.labels.emit.print_head import MM_PER_INCH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """One page in grey, as it goes to the printer: dot for dot."""

    grey: NDArray[np.uint8]
    """Shape (rows, columns); 0 is black, 255 is paper."""
    dpi: int
    title: str

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height on paper."""
        rows, columns = self.grey.shape
        return columns * MM_PER_INCH / self.dpi, rows * MM_PER_INCH / self.dpi

    @property
    def read_back(self) -> bytes:
        """What a scanner reads from these dots, with the identifier of the symbology; empty unless exactly one symbol is found."""
        import numpy as np
        import zxingcpp

        symbols = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix])
        found = zxingcpp.read_barcodes(np.ascontiguousarray(self.grey), formats=symbols)
        return found[0].symbology_identifier.encode() + found[0].bytes if len(found) == 1 else b""


def picture_of(pdf: bytes, *, dpi: int, title: str) -> PagePicture:
    """The first page at the printer's own dots, black and white where the page is.

    Args:
        pdf: One page.
        dpi: Of the printer, 150 or more.
        title: What the job is called in the system's list of jobs.
    """
    import numpy as np
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=True).to_numpy()
    return PagePicture(grey=np.ascontiguousarray(picture.reshape(picture.shape[0], picture.shape[1])), dpi=dpi, title=title)
