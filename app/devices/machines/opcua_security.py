"""The way into an OPC UA server: the station's certificate, the one that is trusted for the machine, name and password.

Nobody is trusted by being there first: a certificate that no person has accepted is laid beside the others as offered, its fingerprint is
said, and nothing more happens.
"""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from app.devices.machines.access import NAMELESS, SUFFIXES, Access, Security
from app.devices.machines.errors import CertificateOffered, CertificateUnknown, ServerRefuses
from app.devices.settings import DeviceSettings

if TYPE_CHECKING:
    from asyncua.client.client import Client

OWN_CERTIFICATE, OWN_KEY = "station.der", "station.pem"
TRUSTED, OFFERED = SUFFIXES[Security.BASIC256SHA256], ".offered.der"


async def enter(client: Client, settings: DeviceSettings, access: Access) -> None:
    """Connect and open a session.

    Raises:
        CertificateUnknown, CertificateOffered: the machine's certificate was not accepted yet.
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
    await client.set_security(
        SecurityPolicyBasic256Sha256,
        certificate=str(certificate),
        private_key=str(key),
        server_certificate=await _accepted(client, code, access),
    )


async def _accepted(client: Client, code: str, access: Access) -> str | bytes:
    """What a person has accepted: the file of this machine, or for one that is tried the certificate itself."""
    if code == NAMELESS:
        if access.certificate is None:
            shown = await _shown(client)
            raise CertificateOffered(shown, fingerprint=in_fours(hashlib.sha256(shown).hexdigest()))
        return access.certificate
    trusted = access.trusted(code, TRUSTED)
    if not trusted.exists():
        raise await _offered(client, access.trusted(code, OFFERED), trusted)
    return str(trusted)


async def _offered(client: Client, file: Path, trusted: Path) -> CertificateUnknown:
    """Lay down what the server shows of itself, for a person to compare."""
    shown = await _shown(client)
    file.write_bytes(shown)
    fingerprint = hashlib.sha256(shown).hexdigest()
    return CertificateUnknown(fingerprint=fingerprint, offered=file.name, trusted=trusted)


async def _shown(client: Client) -> bytes:
    """The server's certificate, DER.

    Raises:
        ServerRefuses: it has none, so that no line to it can be protected.
    """
    endpoints = await client.connect_and_get_server_endpoints()
    shown = next((bytes(one.ServerCertificate) for one in endpoints if one.ServerCertificate), None)
    if shown is None:
        raise ServerRefuses(status="no certificate")
    return shown


def in_fours(digest: str) -> str:
    """A fingerprint as people compare it: four signs, a space, four signs."""
    return " ".join(digest[place : place + 4].upper() for place in range(0, len(digest), 4))
