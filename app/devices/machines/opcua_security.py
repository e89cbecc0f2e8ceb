"""The way into an OPC UA server: the station's certificate, the one that is trusted for the machine, name and password.

Nobody is trusted by being there first: a certificate that no person has accepted is laid beside the others as offered, its fingerprint is
said, and nothing more happens.
"""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from app.devices.machines.access import Access, Security
from app.devices.machines.errors import CertificateUnknown
from app.devices.settings import DeviceSettings

if TYPE_CHECKING:
    from asyncua.client.client import Client

OWN_CERTIFICATE, OWN_KEY = "station.der", "station.pem"
TRUSTED, OFFERED = ".der", ".offered.der"


async def enter(client: Client, settings: DeviceSettings, access: Access) -> None:
    """Connect and open a session.

    Raises:
        CertificateUnknown: the machine's certificate was not accepted yet.
        OSError, TimeoutError, UaError: as asyncua raises them.
    """
    client.name = client.description = "Lineside"
    client.application_uri = f"urn:{socket.gethostname()}:lineside"
    if access.security is Security.BASIC256SHA256:
        await _protect(client, settings.code, access)
    if access.sign_in is not None:
        client.set_user(access.sign_in.user)
        client.set_password(access.sign_in.password)
    await client.connect_socket()
    await client.send_hello()
    await client.open_secure_channel()
    await client.create_session()
    sign_in = access.sign_in
    await client.activate_session(
        username=sign_in.user if sign_in is not None else None, password=sign_in.password if sign_in is not None else None
    )


async def _protect(client: Client, code: str, access: Access) -> None:
    from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

    folder = access.certificates
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = folder / OWN_CERTIFICATE, folder / OWN_KEY
    await client.setup_self_signed_certificate(key, certificate)
    key.chmod(0o600)
    trusted = access.trusted(code, TRUSTED)
    if not trusted.exists():
        raise await _offered(client, access.trusted(code, OFFERED), trusted)
    await client.set_security(
        SecurityPolicyBasic256Sha256, certificate=str(certificate), private_key=str(key), server_certificate=str(trusted)
    )


async def _offered(client: Client, file: Path, trusted: Path) -> CertificateUnknown:
    """Lay down what the server shows of itself, for a person to compare."""
    endpoints = await client.connect_and_get_server_endpoints()
    shown = next((bytes(one.ServerCertificate) for one in endpoints if one.ServerCertificate), b"")
    file.write_bytes(shown)
    fingerprint = hashlib.sha256(shown).hexdigest()
    return CertificateUnknown(fingerprint=fingerprint, offered=file.name, trusted=trusted)
