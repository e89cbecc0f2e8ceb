"""Seals over the trail, computed anew from what is stored: what each bound, and that it is linked to the one before.

A seal's text (form ``LS1``): ``LS1|number|time in UTC|why|record or -|root|schema or -|SHA-256 of heads``. Its hash is the SHA-256 of the
hash before and this text. The root is a Merkle tree over the heads of all chains, in order of their names, with the prefixes of RFC 6962.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

FORM = "LS1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One seal as it is stored."""

    no: int
    at: datetime
    why: str
    subject: str | None
    heads: str
    root: bytes
    schema: bytes | None
    told: str
    prev: bytes
    hash: bytes


def merkle_root(leaves: Sequence[str]) -> bytes:
    """Root over lines of text; a node without a neighbour goes up as it is."""
    nodes = [hashlib.sha256(b"\0" + leaf.encode()).digest() for leaf in leaves]
    if not nodes:
        return hashlib.sha256(b"").digest()
    while len(nodes) > 1:
        pairs = [nodes[n : n + 2] for n in range(0, len(nodes), 2)]
        nodes = [hashlib.sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return nodes[0]


def merkle_path(leaves: Sequence[str], index: int) -> list[bytes]:
    """The neighbours on the way from one leaf to the root, lowest first (RFC 6962, section 2.1.1).

    Args:
        leaves: As for `merkle_root`, in their order.
        index: Which leaf, from 0.
    """
    nodes, path = [hashlib.sha256(b"\0" + leaf.encode()).digest() for leaf in leaves], []
    while len(nodes) > 1:
        neighbour = index ^ 1
        if neighbour < len(nodes):
            path.append(nodes[neighbour])
        pairs = [nodes[n : n + 2] for n in range(0, len(nodes), 2)]
        nodes = [hashlib.sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0] for pair in pairs]
        index //= 2
    return path


class SealWalk:
    """Goes through the seals in their order and says what does not hold."""

    def __init__(self) -> None:
        self._last: Seal | None = None
        self._heads: dict[str, tuple[int, str]] = {}

    def wrong_with(self, seal: Seal) -> str | None:
        """Why this seal does not hold after those before: ``gap``, ``time``, ``text``, ``hash``, ``heads`` or ``root``."""
        last = self._last
        if seal.no != (last.no + 1 if last else 1) or seal.prev != (last.hash if last else b""):
            return "gap"
        if last is not None and seal.at <= last.at:
            return "time"
        if seal.told != _told(seal):
            return "text"
        if hashlib.sha256(seal.prev + seal.told.encode()).digest() != seal.hash:
            return "hash"
        for line in seal.heads.splitlines():
            chain, seq, digest = line.rsplit(" ", 2)
            if int(seq) <= self._heads.get(chain, (0, ""))[0]:
                return "heads"
            self._heads[chain] = int(seq), digest
        if merkle_root([f"{chain} {seq} {digest}" for chain, (seq, digest) in sorted(self._heads.items())]) != seal.root:
            return "root"
        self._last = seal
        return None


def _told(seal: Seal) -> str:
    at = f"{seal.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    schema = seal.schema.hex() if seal.schema is not None else "-"
    heads = hashlib.sha256(seal.heads.encode()).hexdigest()
    return "|".join([FORM, str(seal.no), at, seal.why, seal.subject or "-", seal.root.hex(), schema, heads])
