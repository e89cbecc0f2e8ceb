"""How a station listens to a machine that tells by itself, as ``devices.toml`` says it.

    [[devices]]
    code = "SL-05"
    protocol = "opcua"
    url = "opc.tcp://10.0.4.30:4840"
    listen = { model = "sealer_opcua", looks_per_s = 10, security = "basic256sha256", sign_in = true }

    [[devices]]
    code = "SL-06"
    protocol = "mqtt"
    url = "mqtts://broker.plant:8883"        # mqtt:// with security = "none"
    listen = { model = "sealer_mqtt", security = "tls", sign_in = true }

Maps lie in the folder “machines” beside this file, where they are not shipped; there too ``SL-05.secret`` with name and password, one a
line, for ``sign_in = true``, and the folder “certificates”. Neither name nor password is ever written anywhere else.
"""

from __future__ import annotations

import re
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.devices.machines.access import Access, Security, SignIn
from app.devices.machines.map_file import read_map
from app.devices.machines.tag_map import TagMap
from app.devices.settings import MOST_LOOKS_PER_S, MQTT, OPCUA, TagSettings

LISTENED = (OPCUA, MQTT)
_OPC_URL = re.compile(r"opc\.tcp://[^/:\s@]+:\d{1,5}(/[^\s@]*)?")
_MQTT_URL = re.compile(r"mqtts?://[^/:\s@]+:\d{1,5}")
_SECURITIES = {
    OPCUA: (Security.NONE, Security.BASIC256SHA256),
    MQTT: (Security.NONE, Security.TLS),
}


class MachineSecretUnreadable(RuleViolation):
    """Name and password at a machine cannot be used."""

    code = "settings.machine_secret"
    text = "its name and password cannot be used: {file} is missing, has not two lines, or can be read by other accounts of this computer."
    next_step = "Write the name in its first line and the password in its second, readable by the station's account only."


class WrittenListening(BaseModel):
    """``listen`` of a device."""

    model_config = ConfigDict(extra="forbid")
    model: Annotated[str, Field(min_length=1, max_length=60)]
    looks_per_s: Annotated[float, Field(gt=0, le=MOST_LOOKS_PER_S)] | None = None
    security: Literal["none", "basic256sha256", "tls"]
    sign_in: Annotated[bool, Field(strict=True)] = False


def why_not_listened(protocol: str, url: str, listen: WrittenListening | None) -> Phrase | None:
    """Why a well-formed entry of such a machine cannot be used; ``None`` when it can."""
    if listen is None:
        return Phrase("a machine that tells by itself has “listen” with model and security.")
    if not (_OPC_URL if protocol == OPCUA else _MQTT_URL).fullmatch(url):
        return Phrase(
            "“{url}” is no address of it. Write opc.tcp://host:port, mqtt://host:port or mqtts://host:port, without a name.", url=url
        )
    security = Security(listen.security)
    if security not in _SECURITIES[protocol] or (protocol == MQTT and (security is Security.TLS) != url.startswith("mqtts:")):
        return Phrase("its security is none or basic256sha256 for OPC UA, none at mqtt:// and tls at mqtts://.")
    if listen.sign_in and security is Security.NONE:
        return Phrase("a password is not sent over an unprotected line: set security, or leave sign_in out.")
    if (protocol == OPCUA) != (listen.looks_per_s is not None):
        return Phrase("looks_per_s is written for OPC UA; an MQTT machine decides itself how often it tells.")
    return None


def tag_settings(code: str, protocol: str, listen: WrittenListening, folder: Path, sign_in: SignIn | None = None) -> TagSettings:
    """How the machine is listened to.

    Args:
        code: Of the asset.
        protocol: ``opcua`` or ``mqtt``.
        listen: Found possible by `why_not_listened`.
        folder: Of the station.
        sign_in: Name and password that are about to be written down for it; ``None``: those that lie there count.

    Raises:
        MapMissing, MapTwice, MapUnreadable: of its map.
        MachineSecretUnreadable: of its name and password.
        MapOfAnother: its map is written for something else.
    """
    machines = folder / "machines"
    found = read_map(listen.model, own=machines)
    if not isinstance(found, TagMap) or found.speaks != protocol:
        raise MapOfAnother(model=listen.model, protocol=protocol)
    access = Access(
        security=Security(listen.security),
        certificates=machines / "certificates",
        sign_in=(sign_in or _sign_in(machines / f"{code}.secret")) if listen.sign_in else None,
    )
    access = replace(access, certificate=_content_of(access.trusted_file(code)))
    return TagSettings(map=found, looks_per_s=listen.looks_per_s, access=access)


def _content_of(file: Path | None) -> bytes | None:
    """What is trusted for a machine; what cannot be read is said when it connects."""
    if file is None:
        return None
    try:
        return file.read_bytes()
    except OSError:
        return None


def listen_row(tags: TagSettings) -> dict[str, object]:
    """The same as it is written; without what stands in the secret file."""
    rows: dict[str, object] = {"model": tags.map.model}
    if tags.looks_per_s is not None:
        rows["looks_per_s"] = tags.looks_per_s
    rows["security"] = tags.access.security.value
    if tags.access.sign_in is not None:
        rows["sign_in"] = True
    return rows


class MapOfAnother(RuleViolation):
    """A machine's map is written for another protocol."""

    code = "settings.map_of_another"
    text = "the map {model} is not written for {protocol}."
    next_step = "Name a map for this protocol, or correct the protocol."


def _sign_in(file: Path) -> SignIn:
    try:
        lines = file.read_text("utf-8").splitlines()
        mode = stat.S_IMODE(file.stat().st_mode)
    except (OSError, UnicodeDecodeError) as trouble:
        raise MachineSecretUnreadable(file=file) from trouble
    if len(lines) != 2 or not all(lines) or (sys.platform != "win32" and mode & 0o077):
        raise MachineSecretUnreadable(file=file)
    return SignIn(user=lines[0], password=lines[1])
