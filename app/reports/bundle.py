"""A record as one file that needs none of our software: paper, rows, trail, signatures, and a manifest with the hash of every part.

The same parts make the same bytes, on every computer: names in order, no time of packing, nothing compressed.
``tools/verify_export.py`` checks such a file with Python's standard library alone.

Form 1, a ZIP archive:

- ``manifest.json``: ``{"form": 1, "practice": false, "record": {…}, "parts": {name: {"sha256", "bytes"}}}``
- ``rows.jsonl``: one row of the record a line, ``{"table", "row"}``, as the database wrote it
- ``trail.jsonl``: every entry of the trail on these rows, ``{"chain", "seq", "prev", "hash", "payload"}``, payload the very text hashed
- ``signatures.jsonl``: ``{"signature", "digest", "content"}``, content the very text that was signed
- ``seals.jsonl``, where the record was released: ``{"told", "prev", "hash", "size", "heads"}``, told the very text of the seal; heads:
  of each chain the record has entries in where it stood by then, the way to the seal's root, and the release's entries up to there
- ``record.<language>.pdf``: the paper
- ``attachment.<SHA-256>``: a file the record names

and where the record is of a batch:

- ``cited.jsonl``: the trail's entries of the making of rows in other records that this one names, as in ``trail.jsonl``
- ``samples.jsonl``: what machines said, ``{"sample_batch", "digest", "content"}``
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping

FORM = 1
MANIFEST = "manifest.json"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The oldest time a ZIP can name: when it was packed is no fact of the record."""
_READABLE = 0o644 << 16


def bundle(parts: Mapping[str, bytes], *, record: Mapping[str, str], practice: bool) -> bytes:
    """Pack the parts of one record.

    Args:
        parts: Content by name; names are plain file names.
        record: What it is, e.g. ``{"kind": "lot", "code": "L26-0001", "version": "2"}``.
        practice: Whether it comes from a plant for practice and is no record, as the plant's database says.

    Raises:
        ValueError: a name is no plain file name, or is the manifest's. A bug.
    """
    for name in parts:
        if name == MANIFEST or "/" in name or "\\" in name or name.startswith("."):
            raise ValueError(f"{name} cannot stand in a bundle")
    measured = {name: _measured(content) for name, content in sorted(parts.items())}
    told = {"form": FORM, "practice": practice, "record": dict(record), "parts": measured}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in [(MANIFEST, json_line(told)), *sorted(parts.items())]:
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.external_attr, entry.create_system = _READABLE, 3
            archive.writestr(entry, content)
    return out.getvalue()


def _measured(content: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def json_line(value: object) -> bytes:
    """One line of JSON in UTF-8, keys in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
