"""Which run of the operating system this is: monotonic times may be compared only within one."""

from __future__ import annotations

from pathlib import Path

import psutil  # type: ignore[import-untyped]

_LINUX = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """The kernel's own identity of this boot; elsewhere the second it began."""
    try:
        return _LINUX.read_text("ascii").strip()
    except OSError:
        return f"booted {int(psutil.boot_time())}"
