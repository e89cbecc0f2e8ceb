"""A station's program in a process of its own, to be killed: it records the counting machine and says ``kept`` for every group on its disk.

``python -m tests.capture.recording_child FOLDER MACHINE-URL HOST PORT DATABASE SECRET``
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.core.database import Server
from app.core.spool.spool import Spool
from app.core.stations import StationLink
from app.devices.settings import MachineSettings
from app.devices.simulators.sealer import UNIT_ID
from tests.capture.recording_station import RecordingStation
from tests.devices.machines.bench import Counting


def main(folder: str, url: str, host: str, port: str, dbname: str, secret: str) -> None:
    link = StationLink(Server(host=host, port=int(port), dbname=dbname), "IQC-02", secret)
    put = Spool.put

    def put_and_say(spool, kind, payloads):  # type: ignore[no-untyped-def]
        ids = put(spool, kind, payloads)
        print("kept", flush=True)
        return ids

    Spool.put = put_and_say  # type: ignore[method-assign]
    station = RecordingStation(link, Path(folder))
    station.read("TC-01", url, MachineSettings(map=Counting().map, unit_id=UNIT_ID, looks_per_s=50))
    while True:
        station.until_heard(100)
        station.recorder.hand_over()


if __name__ == "__main__":
    main(*sys.argv[1:])
