"""``python main.py shift`` and ``python main.py gallery``: the first lot through the real screens, every row read back."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app.base.phrases import Language
from ui.shell.registry import SCREENS
from ui.shift import administration, broken, devices, dock, lab, office, planning, production, trail
from ui.shift.camera import Camera, Looks, Snapshots
from ui.shift.course import Shift, Step, walk
from ui.shift.hand import WAIT_S, WAIT_SPOILED_S, Hand, ShiftFailed
from ui.shift.stage import THROW_AWAY, House, Stage, house, stage

SPOILS = {
    "scan": "the pack's separator is lost on the wire",
    "approval": "somebody forges a supplier's approval",
    "gauge": "somebody forges a calibration of the overdue gauge",
    "reading": "a stored value is changed behind the triggers",
    "signature": "a signature is deleted behind the triggers",
    "label": "another unit's label is scanned on the unit",
    "verifier": "the verifier's signature is deleted behind the triggers",
    "component": "another lot is written into a consumption behind the triggers",
    "value": "a value typed in the batch is changed behind the triggers",
    "skipped": "a step nobody began is done, behind the triggers",
    "paper": "the batch's paper shows what was planned instead of what was done",
    "trail": "the end of a chain is cut off and its head repaired",
}


OF_THE_LINE = frozenset({"component", "value", "skipped", "label", "verifier", "paper"})


def main(argv: Sequence[str]) -> int:
    """Take the shift.

    Returns:
        0 when every step, every refusal and every row read back was right; 1 when not, with the step named. With ``--spoil`` 1 when each
        shift failed, as it must, and 0 when one went through.
    """
    asked = _arguments().parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(asked.out) if asked.out else Path(tempfile.mkdtemp(prefix="lineside-shift-"))
    pictures, papers = folder / "pictures", folder / "papers"
    for place in (pictures, papers):
        place.mkdir(parents=True, exist_ok=True)
    camera: Camera = Looks(folder=pictures) if asked.gallery else Snapshots(folder=pictures)
    try:
        with house(_tell, server_settings=THROW_AWAY) as built:
            failed = [_failed(built, pictures, papers, camera, spoil) for spoil in asked.spoil or [None]]
    finally:
        print(f"pictures: {pictures}\npapers:   {papers}")
    return 1 if all(failed) else 0


def _failed(built: House, pictures: Path, papers: Path, camera: Camera, spoil: str | None) -> bool:
    """Take one shift on a stage of its own; says what failed."""
    try:
        with stage(_tell, built) as stood:
            pictured = _take(Shift(stage=stood, pictures=pictures, papers=papers, tell=_tell, spoil=spoil), stood, camera)
    except ShiftFailed as trouble:
        spoiled = f" (spoiled on purpose: {spoil}, {SPOILS[spoil]})" if spoil else ""
        print(f"FAILED  {trouble}{spoiled}", file=sys.stderr)
        return True
    troubles = [*camera.troubles, *unseen(pictured)] if isinstance(camera, Looks) else []
    for trouble in troubles:
        print(f"LOOK    {trouble}", file=sys.stderr)
    return bool(troubles)


def unseen(pictured: set[str]) -> list[str]:
    """What a gallery lacks: a sentence for each screen of the house that no picture shows."""
    return [f"no picture of the screen {key}: let a step of the shift open it" for key in sorted(SCREENS.keys() - pictured)]


def _take(shift: Shift, stood: Stage, camera: Camera) -> set[str]:
    pictured: set[str] = set()
    for station, steps in _course(shift.spoil):
        with stood.window(station, language=Language.EN) as shell:
            hand = Hand(shell, camera, patience_s=WAIT_SPOILED_S if shift.spoil else WAIT_S)
            walk(shift, hand, steps)
            pictured |= hand.pictured
    trail.check(shift)
    shift.tell("ok  the trail: every chain holds, every row is what its last entry says")
    if isinstance(camera, Looks):  # the last of all: from here on the plant is not what it was
        with stood.window("IQC-02", language=Language.EN) as shell:
            walk(shift, Hand(shell, camera, patience_s=WAIT_S), broken.STEPS)
    return pictured


def _course(spoil: str | None) -> list[tuple[str, list[Step]]]:
    """Stations and what is done there. Where something is spoiled on the line, the lot before it comes from commands."""
    if spoil in OF_THE_LINE:
        return [("PK-03", [("a released lot and a batch wait", planning.prepare), *production.STEPS])]
    if spoil == "trail":
        return [("REC-01", dock.STEPS)]
    lot = [*lab.STEPS, *office.STEPS, *administration.STEPS, *devices.STEPS, *planning.STEPS]
    return [("REC-01", dock.STEPS), ("IQC-02", lot), ("PK-03", production.STEPS)]


def _tell(words: str) -> None:
    print(words, flush=True)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py shift", description=__doc__)
    parser.add_argument(
        "--spoil", choices=sorted(SPOILS), nargs="+", help="one shift for each, that place spoiled: it must fail and name it"
    )
    parser.add_argument("--out", metavar="FOLDER", help="where pictures and papers go; a new folder for them when left out")
    parser.add_argument("--gallery", action="store_true", help="every picture in every look, checked")
    return parser
