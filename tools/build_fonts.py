"""Make the two static fonts of screens, labels and papers from the variable Noto Sans SC of an installed package.

Regular 400 and bold 700, cut down to GB 2312, Latin and the signs the screens use; about 2.3 MB each. Neither font is
committed: they are built once at set-up and carried, with their licence, in the installers. A second run does nothing while
the source, the selection of characters and this script are the same.

Source: ``justmytype-intl-cjk``, SIL Open Font License 1.1; its reserved name is 'Source', so the family name is kept.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts"
FAMILY = "Noto Sans SC"
WEIGHTS = {"Regular": 400, "Bold": 700}
SPACES = {0x2009: 0.2, 0x200A: 0.1, 0x202F: 0.2}
"""Spaces the source font does not hold, with their width in em."""
SIGNS = "≥≤≠≈×÷±∓µμΩ℃℉°′″·•–—…‘’“”‹›«»†‡§¶©®™→←↑↓↔⇒∞√∑∆∅①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳№‰\u2002\u2003\u2009\u200a\u202f\u00a0\u2212\u2032\u3000"
"""Signs beyond Latin-1 and GB 2312 that sentences, units and dates may hold."""


def main() -> int:
    """Build what is not there or not current; print what was done. Returns the exit status."""
    source, licence = find_source()
    stamp = TARGET / ".stamp"
    wanted = fingerprint(source)
    outputs = [TARGET / f"NotoSansSC-{name}.ttf" for name in WEIGHTS]
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and all(file.exists() for file in outputs):
        print("Fonts are current.")
        return 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, weight in WEIGHTS.items():
        size = build(source, name, weight)
        print(f"NotoSansSC-{name}.ttf  {size / 1e6:.1f} MB")
    shutil.copyfile(licence, TARGET / "OFL.txt")
    stamp.write_text(wanted, encoding="utf-8")
    return 0


def find_source() -> tuple[Path, Path]:
    """The variable font and its licence inside the installed package.

    Raises:
        FileNotFoundError: the package is not installed; it belongs to the ``dev`` extra.
    """
    spec = find_spec("justmytype_intl_cjk")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package justmytype-intl-cjk is not installed; install the 'dev' extra")
    folder = Path(spec.origin).parent / "fonts" / "ofl" / "notosanssc"
    return folder / "NotoSansSC[wght].ttf", folder / "OFL.txt"


def characters() -> set[int]:
    """Code points of GB 2312 (level 1, level 2 and its signs), Latin-1, Latin Extended-A and `SIGNS`."""
    points = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | {ord(sign) for sign in SIGNS}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            text = bytes((high, low)).decode("gb2312", errors="ignore")
            points |= {ord(character) for character in text}
    return points


def fingerprint(source: Path) -> str:
    """Changes when the source font, the selection or this script changes."""
    digest = hashlib.sha256(source.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def build(source: Path, name: str, weight: int) -> int:
    """Write one static font; returns its size in bytes. The subset is cut first, because instancing 30,000 glyphs is slow."""
    font = TTFont(source)
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    add_spaces(font)
    christen(font, name, weight)
    target = TARGET / f"NotoSansSC-{name}.ttf"
    font.save(target)
    return target.stat().st_size


def add_spaces(font: TTFont) -> None:
    """Give the font the spaces its source lacks, or thousands would be grouped by a glyph of whatever font the system finds.

    The sizes are those of the Unicode names: thin a fifth, hair a tenth, narrow no-break a fifth of an em.
    """
    em = font["head"].unitsPerEm
    for table in ("vhea", "vmtx", "VORG"):
        if table in font:
            del font[table]  # nothing is written downwards here, and every new glyph would need an entry
    for point, share in SPACES.items():
        if point in font.getBestCmap():
            continue
        glyph = f"uni{point:04X}"
        font.setGlyphOrder([*font.getGlyphOrder(), glyph])
        font["glyf"].glyphs[glyph] = Glyph()
        font["hmtx"].metrics[glyph] = (round(em * share), 0)
        for part in font["cmap"].tables:
            if part.isUnicode():
                part.cmap[point] = glyph


def christen(font: TTFont, name: str, weight: int) -> None:
    """Name the static font so that Qt and reportlab find regular and bold under one family."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 7, 8, 9, 11, 13, 14)]
    for name_id, text in {1: FAMILY, 2: name, 3: f"{FAMILY} {name}", 4: f"{FAMILY} {name}", 6: f"NotoSansSC-{name}"}.items():
        table.setName(text, name_id, 3, 1, 0x409)
        table.setName(text, name_id, 1, 0, 0)
    bold = weight >= 700
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0b100000 if bold else 0b1000000)
    font["head"].macStyle = 1 if bold else 0
    if "STAT" in font:
        del font["STAT"]


if __name__ == "__main__":
    sys.exit(main())
