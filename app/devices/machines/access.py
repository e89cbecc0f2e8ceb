"""How a station gets into an OPC UA server or an MQTT broker: protection of the line, certificates, name and password."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Security(StrEnum):
    """How the line is protected. Which one is written down for every machine; there is no usual one."""

    NONE = "none"
    """Everybody on the network can read along and can answer in the machine's place."""
    BASIC256SHA256 = "basic256sha256"
    """OPC UA, signed and encrypted, both sides known by their certificates; OPC 10000-7, SecurityPolicy [B] – Basic256Sha256."""
    TLS = "tls"
    """MQTT over TLS, the broker known by a certificate of the plant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Name and password of the station at a machine."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How one machine is reached."""

    security: Security
    certificates: Path
    """Folder of the station's own certificate and of those it trusts; made when it is first needed."""
    sign_in: SignIn | None
    """``None``: anonymous. Never with `Security.NONE`: a password is not sent in plain text."""

    def __post_init__(self) -> None:
        if self.sign_in is not None and self.security is Security.NONE:
            raise ValueError("a password is not sent over an unprotected line")

    def trusted(self, code: str, suffix: str) -> Path:
        """The file with the certificate that is trusted for a machine."""
        return self.certificates / f"{code}{suffix}"
