"""How a machine that tells by itself is reached, in words; never its password."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.devices.machines.access import Access, Security
from ui.kit import Words

PROTECTIONS: dict[Security, Words] = {
    Security.NONE: Phrase("Unprotected"),
    Security.BASIC256SHA256: Phrase("Signed and encrypted"),
    Security.TLS: Phrase("TLS"),
}


def access_words(access: Access) -> Words:
    """Protection, and as whom the station signs in."""
    protection = PROTECTIONS[access.security]
    return Phrase("{protection}, as {user}", protection=protection, user=access.sign_in.user) if access.sign_in is not None else protection
