"""How a station gets into an OPC UA server or an MQTT broker: protection of the line, certificates, name and password."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

NAMELESS = "?"
"""Code of a machine that is tried before it has a name: nothing lies in the folder for it, and nothing is laid there."""


class Security(StrEnum):
    """How the line is protected. Which one is written down for every machine; there is no usual one."""

    NONE = "none"
    """Everybody on the network can read along and can answer in the machine's place."""
    BASIC256SHA256 = "basic256sha256"
    """OPC UA, signed and encrypted, both sides known by their certificates; OPC 10000-7, SecurityPolicy [B] – Basic256Sha256."""
    TLS = "tls"
    """MQTT over TLS, the broker known by a certificate of the plant."""


SUFFIXES = {Security.BASIC256SHA256: ".der", Security.TLS: ".pem"}
"""Of the file with what is trusted: a machine's own certificate, or that of the plant's authority."""


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
    certificate: bytes | None = field(default=None, compare=False, repr=False)
    """What is trusted, as it lay in the folder when the station's file was read, or as a person has just accepted it. A session takes
    what lies there when it connects; only a machine without a name is tried by this one."""

    def __post_init__(self) -> None:
        if self.sign_in is not None and self.security is Security.NONE:
            raise ValueError("a password is not sent over an unprotected line")

    def trusted(self, code: str, suffix: str) -> Path:
        """The file with the certificate that is trusted for a machine."""
        return self.certificates / f"{code}{suffix}"

    def trusted_file(self, code: str) -> Path | None:
        """The same by how the line is protected; ``None``: it is not, and nothing is trusted."""
        return self.trusted(code, SUFFIXES[self.security]) if self.security in SUFFIXES else None

    @property
    def fingerprint(self) -> str | None:
        """SHA-256 of what is trusted, in hex; ``None``: nothing was when the station's file was read."""
        return hashlib.sha256(self.certificate).hexdigest() if self.certificate is not None else None
