"""Make a fresh clone ready: Python, `.venv` from the hash-locked set, Qt's system libraries, fonts. What is there is not done again.

Standard library only; any Python from 3.11 to 3.13 starts it: ``python3 tools/bootstrap.py``.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from system_packages import (
    QT_ON_A_SCREEN,
    QT_WITHOUT_A_SCREEN,
    MissingError,
    command_line,
    install,
    libraries_missing,
    not_installed,
    packages,
)

HOUSE = Path(__file__).resolve().parents[1]
VENV = HOUSE / ".venv"
LOCK = HOUSE / "requirements.lock"
STAMP = VENV / "lock.sha256"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
FONTS = HOUSE / "tools" / "build_fonts.py"
OLDEST, NEWEST = (3, 11), (3, 13)


def main() -> int:
    """Do each step that is not done yet. Returns the exit status: 0 ready, 1 something is missing and was named."""
    try:
        check_python()
        make_venv()
        install_locked()
        bring_libraries()
        build_fonts()
    except MissingError as missing:
        print(f"\n{missing}", file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    """See that the program can live with the Python that runs this.

    Raises:
        MissingError: too old, too new, or cut (Debian keeps `ensurepip` in python3-venv) and apt may not be used.
    """
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        wanted = " to ".join(".".join(map(str, version)) for version in (OLDEST, NEWEST))
        raise MissingError(
            f"Lineside needs Python {wanted}; this is {sys.version.split()[0]}. Name another one: make run PYTHON=python3.11"
        )
    if not can_make_venv() and not (install(["python3-venv"]) and can_make_venv()):
        raise MissingError(f"Python's venv could not be installed:\n\n    {command_line(['python3-venv'])}\n")


def can_make_venv() -> bool:
    """Whether `python -m venv` would work, asked in a process of its own because an installation may just have changed the answer."""
    return subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    """Make `.venv`, also anew when its Python is gone or another version."""
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    ask = [str(PYTHON), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    if PYTHON.exists():
        found = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
        if found and (found == wanted or OLDEST <= tuple(map(int, found.split("."))) <= NEWEST):
            return
    print("Making .venv", flush=True)
    STAMP.unlink(missing_ok=True)
    venv.create(VENV, clear=True, with_pip=True)


def install_locked() -> None:
    """Install exactly the locked packages, each compared with its hash; nothing happens while the lock is the one of the last time.

    Raises:
        MissingError: pip could not; it has said why.
    """
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text("ascii").strip() == wanted:
        return
    print("Installing the locked packages into .venv", flush=True)
    STAMP.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--require-hashes", "-r", str(LOCK)]
    if subprocess.run([*pip, "--only-binary", ":all:"], stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise MissingError(
            "The locked packages could not be installed; pip says above why. Mend the network or the proxy, then start again."
        )
    STAMP.write_text(wanted + "\n", "ascii")


def bring_libraries() -> None:
    """Install what Qt asks of the system. Libraries for a screen are demanded only where there is a screen.

    Raises:
        MissingError: Qt cannot work here; the exact command is named.
    """
    without, on_screen = qt_lacks()
    if not without and not on_screen:
        return
    must = bool(without) or has_screen()
    wanted = not_installed(packages()) or packages()
    print(f"Qt asks for {', '.join([*without, *on_screen])}", flush=True)
    try:
        installed = install(wanted)
    except MissingError:
        if must:
            raise
        installed = False
    without, on_screen = qt_lacks()
    if without or (on_screen and has_screen()):
        raise MissingError(f"Qt still lacks {', '.join([*without, *on_screen])}. On Debian 12:\n\n    {command_line(packages())}\n")
    if on_screen and not installed:
        print(f"Going on without a screen. For a window on a screen:\n\n    {command_line(wanted)}\n", flush=True)


def qt_lacks() -> tuple[list[str], list[str]]:
    """Libraries missing for any Qt at all, and those missing only for a window on a screen."""
    folder = site_packages()
    return libraries_missing(folder, QT_WITHOUT_A_SCREEN), libraries_missing(folder, QT_ON_A_SCREEN)


def has_screen() -> bool:
    """Whether a window could be shown here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def site_packages() -> Path:
    """Where `.venv` keeps its packages."""
    ask = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"]
    return Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())


def build_fonts() -> None:
    """Build the fonts of screens and papers; the tool itself knows when they are current.

    Raises:
        MissingError: the tool could not; it has said why.
    """
    if not FONTS.exists():
        print(f"No fonts were built: {FONTS.relative_to(HOUSE)} is not in this tree.", flush=True)
        return
    if subprocess.run([str(PYTHON), str(FONTS)], check=False).returncode != 0:
        raise MissingError("The fonts could not be built; the reason stands above.")


if __name__ == "__main__":
    sys.exit(main())
