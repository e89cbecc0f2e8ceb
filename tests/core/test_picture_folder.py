"""Where a camera puts its pictures: newest first, the folders of its days too, nothing else."""

import os
from pathlib import Path

import pytest

from app.core.attachments import LARGEST, FileTooLarge
from app.core.picture_folder import MOST, NoPictureFolder, PictureFile, content_of, pictures_in

pytestmark = pytest.mark.capability("F4")


def file(path: Path, at: int, content: bytes = b"x") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def test_the_newest_stands_first_and_what_is_no_picture_is_left_out(tmp_path: Path):
    for name, at in (("a.JPG", 10), ("b.jpeg", 30), ("day/c.png", 20), ("d.pdf", 40), (".e.jpg", 50), ("day/deeper.txt", 60)):
        file(tmp_path / name, at)
    file(tmp_path / "day" / "x.jpg", 5)
    (tmp_path / "folder.jpg").mkdir()
    assert [one.name for one in pictures_in(tmp_path)] == ["b.jpeg", "c.png", "a.JPG", "x.jpg"]


def test_a_folder_of_thousands_offers_the_newest(tmp_path: Path):
    for n in range(MOST + 20):
        file(tmp_path / f"{n}.jpg", n)
    found = pictures_in(tmp_path)
    assert (len(found), found[0].name) == (MOST, f"{MOST + 19}.jpg")


def test_a_folder_that_is_not_there_is_said_with_its_name(tmp_path: Path):
    with pytest.raises(NoPictureFolder, match="camera"):
        pictures_in(tmp_path / "camera")


@pytest.mark.parametrize("size", [0, LARGEST + 1])
def test_what_a_record_would_not_keep_is_not_even_read(tmp_path: Path, size: int):
    (one,) = pictures_in(file(tmp_path / "a.jpg", 1).parent)
    with pytest.raises(FileTooLarge):
        content_of(PictureFile(path=one.path, taken_at=one.taken_at, size_bytes=size))


def test_a_camera_that_was_unplugged_meanwhile_is_said(tmp_path: Path):
    (one,) = pictures_in(file(tmp_path / "a.jpg", 1).parent)
    one.path.unlink()
    with pytest.raises(NoPictureFolder):
        content_of(one)


def test_one_bad_entry_takes_nothing_from_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A year that is none, a folder closed to this account, a file that went between two looks."""
    file(tmp_path / "good.jpg", 10), file(tmp_path / "far.jpg", 20), file(tmp_path / "gone.jpg", 30)
    (tmp_path / "closed").mkdir()
    stat, listed = Path.stat, Path.iterdir

    def told(self: Path, **how: bool) -> os.stat_result:
        if self.name == "gone.jpg":
            raise FileNotFoundError(self)
        found = stat(self, **how)
        return os.stat_result((*found[:8], 999_999_999_999, *found[9:])) if self.name == "far.jpg" else found

    def inside(self: Path):
        if self.name == "closed":
            raise PermissionError(self)
        return listed(self)

    monkeypatch.setattr(Path, "stat", told)
    monkeypatch.setattr(Path, "iterdir", inside)
    assert [one.name for one in pictures_in(tmp_path)] == ["good.jpg"]
