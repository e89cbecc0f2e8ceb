"""Certificates of authorities that lie at a station, of which an engineer chooses the one a broker must be known by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_KEY = b"PRIVATE KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One file of certificates."""

    name: str
    """Of its file, without ``.pem``."""
    certificate: bytes
    """PEM, the certificates alone: remarks beside them may be in any language."""


def authorities_in(folder: Path) -> list[Authority]:
    """What lies in a folder, by name; the same certificates under several names once. A file with a private key is none.

    Args:
        folder: It need not exist.
    """
    found: dict[bytes, Authority] = {}
    for file in sorted(folder.glob("*.pem")):
        try:
            content = file.read_bytes()
        except OSError:
            continue
        certificates = _CERTIFICATE.findall(content)
        if certificates and _KEY not in content:
            one = Authority(name=file.stem, certificate=b"\n".join(certificates) + b"\n")
            found.setdefault(one.certificate, one)
    return list(found.values())
