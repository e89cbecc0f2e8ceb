"""One more device in what is written down for a station: what an engineer connected at the screen."""

from __future__ import annotations

from pathlib import Path

from app.base.errors import OutageError, RuleViolation
from app.core.devices_here import append_instrument, read_devices
from app.devices.settings import DeviceSettings

WRITTEN = "Written by this program: what was connected at the station's screen."


class DeviceTaken(RuleViolation):
    """This asset, or this port, is written down already."""

    code = "settings.device_taken"
    text = "Device {device} was not connected: {taken} is connected to this station already, at {url}."
    next_step = "Take the other one out of the devices of this station first."


class DevicesNotWritten(OutageError):
    """The file of a station's devices takes nothing."""

    code = "settings.devices_not_written"
    text = "Device {device} was not connected: {file} takes no change ({reason})."
    next_step = "Ask for the right to write there or make room on the disk, then press again."


def add_device(file: Path, device: DeviceSettings) -> None:
    """Write one instrument down beside what is connected.

    Raises:
        DevicesUnreadable: what stands there cannot be read; nothing was changed.
        DeviceTaken: its code or its port is written down already.
        DevicesNotWritten: the file or its folder cannot be written; nothing was changed.
    """
    here = read_devices(file)
    for one in here.everything:
        if one.code == device.code or one.url == device.url:
            raise DeviceTaken(device=device.code, taken=one.code, url=one.url)
    try:
        append_instrument(file, device, heading=WRITTEN)
    except OSError as trouble:
        raise DevicesNotWritten(device=device.code, file=file, reason=trouble.strerror or type(trouble).__name__) from trouble
