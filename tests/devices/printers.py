"""A line to a simulated label printer, and damage that a line can do to an answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st

UNTIL_A_PERSON_NOTICES_S = 5


@contextmanager
def line_to(printer: Any) -> Iterator[socket.socket]:
    host, port = printer.url.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port)), timeout=UNTIL_A_PERSON_NOTICES_S) as line:
        yield line


def hear(line: socket.socket, *, patience_s: float = UNTIL_A_PERSON_NOTICES_S) -> bytes | None:
    """What the printer says next, ``None`` when it kept silent for so long."""
    line.settimeout(patience_s)
    try:
        return line.recv(1000)
    except TimeoutError:
        return None


def ask(line: socket.socket, question: bytes, *, patience_s: float = UNTIL_A_PERSON_NOTICES_S) -> bytes | None:
    line.sendall(question)
    return hear(line, patience_s=patience_s)


@st.composite
def damaged(draw: st.DrawFn, answers: list[bytes]) -> bytes:
    """One of the answers with a byte changed, lost or put in, cut, or with a piece of another one behind it."""
    answer, other = draw(st.sampled_from(answers)), draw(st.sampled_from(answers))
    place, byte = draw(st.integers(0, len(answer))), bytes([draw(st.integers(0, 255))])
    return draw(
        st.sampled_from(
            [
                answer[:place] + byte + answer[place + 1 :],
                answer[:place] + answer[place + 1 :],
                answer[:place] + byte + answer[place:],
                answer[:place],
                answer[place:],
                answer + other[: place + 1],
            ]
        )
    )
