"""What a bad line does to a frame, and what a station makes of it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from app.devices.meaning import meanings
from app.devices.protocol import families
from tests.devices.transcripts import unit_of


def flipped(frame: bytes) -> st.SearchStrategy[bytes]:
    """One byte became another."""
    return st.builds(
        lambda place, byte: frame[:place] + bytes([byte]) + frame[place + 1 :], st.integers(0, len(frame) - 1), st.integers(0, 255)
    )


def shorter_or_longer(frame: bytes) -> st.SearchStrategy[bytes]:
    """One byte got lost, or one came in between, or two frames came as one, the second perhaps without its beginning."""
    places = st.integers(0, len(frame) - 1)
    return st.one_of(
        st.builds(lambda place: frame[:place] + frame[place + 1 :], places),
        st.builds(lambda place, byte: frame[:place] + bytes([byte]) + frame[place:], places, st.integers(0, 255)),
        st.builds(lambda place: frame + frame[place:], places),
        st.builds(lambda place: frame[: place + 1] + frame, places),
    )


def values_of(key: str, frame: bytes, *, end: bytes = b"\r\n") -> list[Decimal]:
    """Every value the family finds in the frame, taken by a record or not."""
    found = meanings(families()[key], frame + end, unit=unit_of(key))
    return [one.value for one in found if one.kind == "weight" and one.value is not None]


def digits_of(value: Decimal) -> str:
    """The digits as they stand on the line, those after the point included, without sign, point and leading zeros."""
    return f"{abs(value):f}".replace(".", "").lstrip("0")


def stands_in(value: Decimal, frame: bytes) -> bool:
    """Whether these digits, in this order and with nothing else among them, were sent."""
    return digits_of(value) in frame.replace(b".", b"").decode("latin-1")
