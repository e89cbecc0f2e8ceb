"""Every screen of the house, found by itself: a file ``*_screen.py`` anywhere under ``ui`` registers what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.base.phrases import Phrase
from app.core.command import Permission
from ui.kit import WORKBENCHES

if TYPE_CHECKING:
    from ui.shell.screen import Screen

Kind = TypeVar("Kind", bound="type[Screen]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One registered screen."""

    key: str
    title: Phrase
    workbench: str
    permission: Permission
    scans: frozenset[str]
    tasks: frozenset[str]
    rings: frozenset[str]
    leads: bool
    """Whether the rail opens this screen when its workbench is asked for."""
    make: type[Screen]


SCREENS: dict[str, Entry] = {}
_packages: list[str] = ["ui"]
_modules: list[str] = []
"""Modules of the screens that are offered."""


def screen(
    *,
    key: str,
    title: str,
    workbench: str,
    permission: Permission,
    scans: tuple[str, ...] = (),
    tasks: tuple[str, ...] = (),
    rings: tuple[str, ...] = (),
    leads: bool = True,
) -> Callable[[Kind], Kind]:
    """Register a screen.

    Args:
        key: ``inspection.measure``: folder and name; drafts are kept under it.
        title: Its name; an English sentence of the catalogue.
        workbench: One of the rail's: ``home receive inspect batches labels deviate trace plant``.
        permission: Who may open it. There is no default: that decision matters.
        scans: What it owns when no open screen wants a scan: words of `Scanned.what` (``lot``, ``location``) or `Scanned.kind` (``gs1``).
        tasks: Kinds of tasks it opens; it also says how they read on the home screen (`Screen.task_words`).
        rings: Those of them that somebody elsewhere cannot go on without: they sound and stand over any screen when they come up.
        leads: The first screen of a workbench that says so is opened by the rail.

    Raises:
        ValueError: the key is taken or the workbench does not exist.
    """
    if workbench not in {bench.key for bench in WORKBENCHES}:
        raise ValueError(f"there is no workbench {workbench!r}")

    def register(kind: Kind) -> Kind:
        if key in SCREENS:
            raise ValueError(f"a screen {key} is registered already")
        SCREENS[key] = Entry(
            key=key,
            title=Phrase(title),
            workbench=workbench,
            permission=permission,
            scans=frozenset(scans),
            tasks=frozenset(tasks),
            rings=frozenset(rings),
            leads=leads,
            make=kind,
        )
        kind.key = key
        return kind

    return register


def offer(*packages: str) -> None:
    """From now on every ``*_screen.py`` of these packages is offered, however deep it lies, and these alone; others stay registered.

    Nothing is imported here: nobody needs a screen before somebody is signed in, and all of them take a third of the client's start.
    """
    _packages[:] = packages
    _modules[:] = [name for package in packages for name in _screens_in(package)]


def _screens_in(package: str) -> list[str]:
    folder = Path(import_module(package).__path__[0])
    files = sorted(folder.rglob("*_screen.py"))
    return [".".join((package, *file.relative_to(folder).with_suffix("").parts)) for file in files]


def load_screens() -> None:
    """Import what is offered and not there yet. Whoever comes while another thread does it waits for that one."""
    for name in tuple(_modules):
        import_module(name)


def offered() -> list[Entry]:
    """Screens of the packages this window was opened with, and those registered from outside the house."""
    load_screens()
    house, wanted = "ui.", tuple(f"{name}." for name in _packages)
    return [entry for entry in SCREENS.values() if not (place := f"{entry.make.__module__}.").startswith(house) or place.startswith(wanted)]


def of_scan(what: str | None, kind: str) -> list[Entry]:
    """Screens that own such a code; what it names goes before how it was written."""
    named = [entry for entry in offered() if what is not None and what in entry.scans]
    return named or [entry for entry in offered() if kind in entry.scans]


def of_task(kind: str) -> Entry | None:
    """The screen that opens tasks of this kind."""
    return next((entry for entry in offered() if kind in entry.tasks), None)


def of_workbench(workbench: str, rights: frozenset[Permission]) -> Entry | None:
    """The screen the rail opens for somebody with these rights."""
    own = [entry for entry in offered() if entry.workbench == workbench and entry.leads]
    return next((entry for entry in own if entry.permission in rights), own[0] if own else None)
