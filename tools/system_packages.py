"""What the operating system must bring: found out by asking the loader, installed through apt where that is allowed.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

LIST = Path(__file__).resolve().with_name("debian-packages.txt")
QT_WITHOUT_A_SCREEN = (
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/QtGui.abi3.so",
    "PySide6/QtWidgets.abi3.so",
    "PySide6/QtDBus.abi3.so",
)
QT_ON_A_SCREEN = ("PySide6/Qt/plugins/platforms/libqxcb.so",)


class MissingError(Exception):
    """Something is missing and may not be installed from here; the text says exactly what to do."""


def packages(file: Path = LIST) -> list[str]:
    """The package names of the list, in its order."""
    return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]


def command_line(names: Sequence[str]) -> str:
    """What a person types to install them."""
    return "sudo apt-get install --no-install-recommends " + " ".join(names)


def libraries_missing(site_packages: Path, parts: Sequence[str]) -> list[str]:
    """Shared libraries that parts of Qt ask for and this system lacks, as `ldd` says."""
    if shutil.which("ldd") is None:
        return []  # macOS and Windows bring what Qt needs
    missing: set[str] = set()
    for part in parts:
        said = subprocess.run(["ldd", str(site_packages / part)], capture_output=True, text=True, check=False).stdout
        missing.update(line.split("=>")[0].strip() for line in said.splitlines() if "not found" in line)
    return sorted(missing)


def not_installed(names: Sequence[str]) -> list[str]:
    """Those packages of the list that dpkg does not have; all of them where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return list(names)
    return [name for name in names if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", name]
    said = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    return said.startswith("ii")


def install(names: Sequence[str]) -> bool:
    """Install packages through apt as root or by `sudo` without a password; false when apt was asked and could not.

    Raises:
        MissingError: we may not; the text is the exact command.
    """
    may = _prefix()
    if may is None:
        raise MissingError(f"These system packages are missing. Install them, then start again:\n\n    {command_line(names)}\n")
    print(f"Installing system packages: {' '.join(names)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *names]):
        done = subprocess.run([*may, "apt-get", *step], env=environment, stdin=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def _prefix() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None
