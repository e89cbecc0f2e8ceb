"""Which kinds of assets are machines, and which may be what a kind of device is."""

from __future__ import annotations

from app.core.devices_here import PRINTERS
from app.devices.protocol import families
from app.devices.settings import MACHINES as MACHINE_PROTOCOLS

MACHINES = frozenset({"machine", "sealer", "bonder", "leak_tester"})
"""They report by channels; ``is_machine`` of the database says the same, and a test compares them."""


_NO_INSTRUMENTS = MACHINES - {"leak_tester"} | {"scanner", "printer"}
"""A leak tester has channels or prints its results as an instrument does."""


def may_be(kind: str, protocol: str) -> bool:
    """Whether an asset of this kind can be a device that speaks so; ``device_fits_asset`` of the database is no narrower.

    Args:
        kind: Of the asset's record.
        protocol: Key of the device's kind.
    """
    family = families().get(protocol)
    if family is not None:
        return kind == "scanner" if family.gives == "code" else kind not in _NO_INSTRUMENTS
    if protocol in PRINTERS:
        return kind == "printer"
    return kind in MACHINES or protocol not in MACHINE_PROTOCOLS
