"""Identities made by the client: UUIDv7, so that asking again after a lost reply finds the first answer."""

from uuid import UUID

import uuid6


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 §5.7), monotonic inside this process; plain `uuid.UUID`, as every driver expects."""
    return UUID(int=uuid6.uuid7().int)
