"""``python main.py device replay FILE --protocol KEY``: a frame log of the console once more, and what a station would have made of it.

Time is the recording's: pauses, repeated scans and half lines come out as they did, and nobody waits for them. Nothing is stored, no port
is opened, no database is needed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from app.cli.device_decode import family_of
from app.cli.device_watch import named, told_by
from app.devices.frame_log import Piece
from app.devices.hub import Hub
from app.devices.replay import Replay, pieces_of
from app.devices.settings import Backoff, DeviceSettings

CODE = "REPLAYED"
_WITHIN_S = 60.0
"""A recording of a whole log is played in a few seconds."""


def main(argv: Sequence[str]) -> int:
    """Play to the end.

    Returns:
        0; 1 when the recording did not come to its end.

    Raises:
        UnknownProtocol: by ``--protocol``.
        NothingToReplay: the file.
    """
    parser = argparse.ArgumentParser(prog="main.py device replay", description="Play a frame log once more and say what it means.")
    parser.add_argument("file", type=Path, metavar="FILE", help="written with “Frame log” at the console of a device")
    parser.add_argument("--protocol", metavar="KEY", required=True, help="a kind of `main.py device list`")
    parser.add_argument("--unit", help="of the asset's record")
    asked = parser.parse_args(argv)
    settings = DeviceSettings(code=CODE, protocol=family_of(asked.protocol).key, url=str(asked.file), unit=asked.unit)
    return 0 if replay(settings, pieces_of(asked.file), _print) else 1


def replay(settings: DeviceSettings, pieces: Sequence[Piece], tell: Callable[[str], None]) -> bool:
    """Tell line by line what is played; whether it came to its end."""
    recording = Replay(pieces)
    hub = Hub(frame_logs=None, open_port=recording.open, clock=recording, backoff=Backoff(first_s=0.01, longest_s=0.01))
    told_by(hub, settings, tell)
    hub.start(named(settings))
    try:
        return recording.finished.wait(_WITHIN_S)
    finally:
        hub.stop()


def _print(line: str) -> None:
    print(line, flush=True)
