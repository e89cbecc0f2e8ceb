#!/usr/bin/env python3
"""Check an exported record without Lineside: ``python3 tools/verify_export.py RECORD.zip [--json]``. Python's standard library only.

What is checked, in this order; the first thing that is wrong is named with the record it belongs to:

1. The archive holds exactly the parts its manifest names, each with its length and SHA-256.
2. Every entry of the trail is what was hashed: hash = SHA-256(previous hash + payload); neighbours in a chain are linked.
3. Every row is the last image the trail has of it: a row that was changed past the trail differs.
4. Every signature is over its content: digest = SHA-256(content), and the trail holds the same signature; so is what machines said.
5. Every row of another record that a batch names (lot, container, device, calibration) is told as the trail has its making; every
   picture that is named is there, the file its fingerprint names; the manifest names the record that the rows are of.
6. Whether it comes from a plant for practice and is no record: manifest and rows say the same, and so does this tool.
7. Every seal of its releases: the hash of its text, each chain's head under its root (RFC 6962), and the release's own entries up to a
   head. The seal is said as the paper has it: who compares both knows that this is the release that was printed.

What it cannot see: what somebody left out of rows and trail alike. A chain's missing numbers may belong to other records; only the
database, its witnesses and the paper show those.
Exit code: 0 everything holds, 1 something does not, 2 the file cannot be read.
"""

import argparse
import hashlib
import json
import re
import struct
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

FORM, MANIFEST, SEALS = 1, "manifest.json", "seals.jsonl"
DEMANDED, OF_BATCH = ("rows.jsonl", "trail.jsonl", "signatures.jsonl"), ("cited.jsonl", "samples.jsonl")
DIGESTED = {"signatures.jsonl": "signature", "samples.jsonl": "sample_batch"}
CITES = {
    "batch": ["product"],
    "consumption": ["lot", "container", "scale"],
    "kit": ["container"],
    "step_entry": ["device", "calibration"],
    "typed_value": ["device", "calibration", "lot", "container"],
}
LARGEST, PLAIN_NAME = 2 * 1024**3, re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,120}")


class Wrong(Exception):
    """The first thing that does not hold: which part, which record, why."""

    part, record, why = (property(lambda self, n=n: self.args[n]) for n in range(3))


class Unreadable(Exception):
    """The file is no bundle of a form known here."""


def check(file):
    """Check one bundle. Returns what was checked, in numbers. Raises `Wrong`, or `Unreadable` where it is no bundle."""
    manifest, parts = read(file)
    check_parts(manifest, parts)
    of_batch = OF_BATCH if manifest["record"].get("kind") == "batch" else ()
    for name in (one for one in DEMANDED + of_batch if one not in parts):
        raise Wrong(name, "-", "the part is missing")
    images, hashes = check_trail(lines(parts, "trail.jsonl"))
    rows = check_rows(lines(parts, "rows.jsonl"), images)
    practice, signatures = check_record(manifest, rows), check_digests("signatures.jsonl", "signature", parts, rows)
    if of_batch:
        check_digests("samples.jsonl", "sample_batch", parts, rows)
        check_cited(lines(parts, "cited.jsonl"), rows)
    check_files(parts, rows)
    record = manifest["record"]
    seals = [check_seal(*one, hashes, {key for table, key in rows if table == record.get("kind")}) for one in lines(parts, SEALS)]
    counts = {"parts": len(parts), "rows": len(rows), "entries": len(hashes), "signatures": signatures}
    return {"record": record, "practice": practice, **counts, "seals": seals}


def read(file):
    """The manifest and the content of every other part."""
    try:
        with Path(file).open("rb") as raw, zipfile.ZipFile(raw) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise Unreadable("it is larger than 2 GiB")
            if len(set(names)) != len(names) or MANIFEST not in names or not all(PLAIN_NAME.fullmatch(name) for name in names):
                raise Unreadable("it has no manifest, or a name in it is not plain or stands twice")
            contents = {entry.filename: content_of(raw, entry) for entry in entries}
    except (OSError, zipfile.BadZipFile, NotImplementedError, struct.error) as trouble:
        raise Unreadable(str(trouble) or type(trouble).__name__) from trouble
    try:
        manifest = json.loads(contents.pop(MANIFEST))
        form, record, told = manifest["form"], manifest["record"], manifest["parts"]
        readable = isinstance(record, dict) and all(isinstance(one, dict) and {"sha256", "bytes"} <= set(one) for one in told.values())
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise Unreadable("its manifest cannot be read") from trouble
    if form != FORM or not readable:
        raise Unreadable(f"its form is {form!r}; this tool knows form {FORM}")
    return manifest, contents


def content_of(raw, entry):
    """The bytes as they lie there: zipfile itself would stop at a flipped byte, before its record could be named."""
    if entry.compress_type != zipfile.ZIP_STORED:
        raise Unreadable(f"{entry.filename} is compressed; a bundle holds its parts as they are")
    raw.seek(entry.header_offset)
    name, extra = struct.unpack("<26xHH", raw.read(30))
    raw.seek(name + extra, 1)
    return raw.read(entry.file_size)


def check_parts(manifest, parts):
    """1. Exactly the named parts. A part that is read line by line below is named there by its record first."""
    for name in sorted(set(parts) ^ set(manifest["parts"])):
        raise Wrong(name, "-", "stands in the manifest alone" if name in manifest["parts"] else "stands in no manifest")
    by_line = {"trail.jsonl": trail_line, "cited.jsonl": lambda *one: trail_line(*one, "cited.jsonl"), SEALS: seal_line}
    for name, told in sorted(manifest["parts"].items()):
        if (len(parts[name]), hashlib.sha256(parts[name]).hexdigest()) != (told["bytes"], told["sha256"]):
            for number, line in lines(parts, name) if name in by_line else ():
                by_line[name](number, line)
            raise Wrong(name, first_difference(name, parts, manifest["record"]), "its bytes are not those of the manifest")


def first_difference(name, parts, record):
    """Line by line against the trail and the rows: the first that differs; of a part without lines what the whole of it is."""
    if not name.endswith(".jsonl"):
        return " ".join(name.split(".", 1)) if name.startswith("attachment.") else f"{record.get('kind')} {record.get('code')}"
    try:
        rows = check_rows(lines(parts, "rows.jsonl"), check_trail(lines(parts, "trail.jsonl"))[0])
        if name in DIGESTED:
            check_digests(name, DIGESTED[name], parts, rows)
    except Wrong as first:
        return first.record
    return "-"


def lines(parts, name):
    """Every line of a part as JSON, with its number; figures stay exact."""
    for number, line in enumerate(parts.get(name, b"").split(b"\n"), 1):
        if line:
            try:
                yield number, json.loads(line.decode("utf-8"), parse_float=Decimal)
            except (ValueError, RecursionError):
                raise Wrong(name, f"line {number}", "it is no JSON") from None


def trail_line(number, entry, part="trail.jsonl"):
    """2. One entry: its hash is of its payload and the hash before. Returns the payload as JSON."""
    try:
        chain, seq, payload = entry["chain"], entry["seq"], entry["payload"]
        said = json.loads(payload, parse_float=Decimal)
        record = f"chain {chain} entry {seq} ({said['tab']} {(said.get('new') or said.get('old'))['id']})"
        linked, stored = hashlib.sha256(bytes.fromhex(entry["prev"]) + payload.encode()).hexdigest(), entry["hash"]
        if not (isinstance(chain, str) and isinstance(seq, int) and isinstance(said["at"], str)):
            raise ValueError("its place in the chain")
    except (KeyError, TypeError, ValueError, AttributeError) as trouble:
        raise Wrong(part, f"line {number}", f"no entry of a trail can be read there ({trouble})") from None
    if linked != stored:
        raise Wrong(part, record, "its hash is not that of its payload")
    if (said.get("chain"), said.get("seq")) != (chain, seq):
        raise Wrong(part, record, "its payload names another place in the trail")
    return said, record


def check_trail(numbered):
    """2. Every entry, and the links between neighbours. Returns the last image of every row, and the hashes by chain and number."""
    images, before, hashes = {}, None, {}
    for number, entry in numbered:
        said, record = trail_line(number, entry)
        if before is not None and before["chain"] == entry["chain"]:
            step = entry["seq"] - before["seq"]
            if step < 1 or (step == 1 and entry["prev"] != before["hash"]):
                raise Wrong("trail.jsonl", record, "it is not linked to the entry before it")
        image = said.get("new")
        key = (said["tab"], (image or said["old"])["id"])
        order = (said["at"], (image or {}).get("version", 0))  # a station's chains may interleave: time and the row's own version tell
        if order >= images.get(key, (order,))[0]:
            images[key] = (order, image)
        before, hashes[entry["chain"], entry["seq"]] = entry, entry["hash"]
    return {key: image for key, (_, image) in images.items()}, hashes


def check_rows(numbered, images):
    """3. Every row is its last image; every row of the trail that was not deleted is there. Returns the rows by table and id."""
    rows = {}
    for number, line in numbered:
        try:
            row, _ = line["row"], line["row"].get("")
            key = (str(line["table"]), str(row["id"]))
        except (KeyError, TypeError, AttributeError):
            raise Wrong("rows.jsonl", f"line {number}", "no row can be read there") from None
        image = images.get(key)
        if key in rows or image is None:
            raise Wrong("rows.jsonl", " ".join(key), "it stands twice" if key in rows else "the trail does not know it")
        for column in sorted(image | row):
            if row.get(column) != image.get(column):  # a column that came later is empty, or it is not what the trail has
                raise Wrong("rows.jsonl", " ".join(key), f"{column} is not what the trail has")
        rows[key] = row
    for missing in sorted(key for key, image in images.items() if image is not None and key not in rows):
        raise Wrong("rows.jsonl", " ".join(missing), "the trail has it, the rows do not")
    return rows


def check_record(manifest, rows):
    """5. The rows are of the record that the manifest names, in that version. 6. A plant for practice has a row that says so."""
    record, practice = manifest["record"], any(table == "practice" for table, _ in rows)
    own = [row for (table, _), row in rows.items() if table == record.get("kind")]
    if [(row.get("code"), str(row.get("version"))) for row in own] != [(record.get("code"), record.get("version"))]:
        raise Wrong(MANIFEST, f"{record.get('kind')} {record.get('code')}", "the rows are of another record")
    if manifest.get("practice", False) is not practice:  # files from before there was practice say nothing of it
        raise Wrong(MANIFEST, "practice", "the rows say otherwise")
    return practice


def check_digests(part, what, parts, rows):
    """4. Every signed text and every batch of samples: its digest is of its content, once, and it is the one its row names."""
    stored = {row["id"]: row for (table, _), row in rows.items() if table == what}
    seen = set()
    for number, line in lines(parts, part):
        try:
            record, digest, content = str(line[what]), str(line["digest"]), line["content"]
            if hashlib.sha256(content.encode()).hexdigest() != digest:
                raise Wrong(part, f"{what} {record}", "its digest is not that of its content")
        except (KeyError, TypeError, AttributeError):
            raise Wrong(part, f"line {number}", f"no {what} can be read there") from None
        row = stored.get(record, {})
        if row.get("digest") != "\\x" + digest or row.get("content", content) != content:
            raise Wrong(part, f"{what} {record}", f"it is not the {what} on record")
        seen.add(record)
    for missing in sorted(set(stored) - seen):
        raise Wrong(part, f"{what} {missing}", "its content is missing")
    return len(seen)


def check_cited(numbered, rows):
    """5. Whatever a row names of another record is told, by the trail's entry of its making."""
    told = set()
    for number, entry in numbered:
        said, record = trail_line(number, entry, "cited.jsonl")
        if said.get("op") != "INSERT":
            raise Wrong("cited.jsonl", record, "it is not the entry of its making")
        told.add(said["new"]["id"])
    for (table, row_id), row in sorted(rows.items()):
        for column in CITES.get(table, ()):
            if row.get(column) is not None and row[column] not in told:
                raise Wrong("cited.jsonl", f"{table} {row_id}", f"what its {column} is, is not told")


def check_files(parts, rows):
    """5. Every file is on record, and every one on record or named by a row is there with the bytes its fingerprint names."""
    kept = {"attachment." + str(row.get("sha256"))[2:]: f"attachment {key}" for (table, key), row in rows.items() if table == "attachment"}
    named = {f"attachment.{row.get('said')}": " ".join(key) for key, row in rows.items() if row.get("origin") == "imported"}
    pictures = [(row.get("picture"), row.get("deviation"), key) for key, row in rows.items() if key[0] == "deviation_photo"]
    named |= {f"attachment.{picture}": " ".join(key) for picture, _, key in pictures}
    for (table, key), row in sorted(rows.items()):
        if table == "deviation" and (row.get("photos") or 0) != sum(deviation == key for _, deviation, _ in pictures):
            raise Wrong("rows.jsonl", f"deviation {key}", "a picture of it is missing")
    for name in sorted({*kept, *named, *(name for name in parts if name.startswith("attachment."))}):
        if name not in parts or name not in kept or "attachment." + hashlib.sha256(parts[name]).hexdigest() != name:
            raise Wrong(name, kept.get(name) or named.get(name, "attachment -"), "it is not the file on record")


def seal_line(number, seal):
    """7. One seal: its hash is of its text and the hash before. Returns its name, itself as it is printed, its record, its root."""
    try:
        form, no, at, _, subject, root, _, _ = seal["told"].split("|")
        linked, stored = hashlib.sha256(bytes.fromhex(seal["prev"]) + seal["told"].encode()).hexdigest(), seal["hash"]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Wrong(SEALS, f"line {number}", "no seal can be read there") from None
    if (form, linked) != ("LS1", stored):
        raise Wrong(SEALS, f"seal {no}", "its hash is not that of its text")
    return f"seal {no}", f"LS1|{no}|{at[:19]}Z|{linked}", subject, root


def check_seal(number, seal, hashes, own):
    """7. A seal of this record, with heads under its root, one of which its own entries lead up to. Returns it as it is printed."""
    name, printed, subject, root = seal_line(number, seal)
    try:
        if subject not in own or not sum(reaches(seal["size"], root, hashes, **head) for head in seal["heads"]):
            raise ValueError("it binds no entry of this record")
    except (KeyError, TypeError, ValueError, AttributeError) as trouble:
        raise Wrong(SEALS, name, str(trouble)) from None
    return printed


def reaches(size, root, hashes, *, chain, seq, hash, index, path, after):
    """7. A head is under the root (RFC 6962: what has no neighbour goes up as it is). Whether the record's entries lead up to it."""
    node, way = hashlib.sha256(f"\0{chain} {seq} {hash}".encode()).digest(), [bytes.fromhex(one) for one in path]
    while size > 1:
        if index ^ 1 < size:
            node = hashlib.sha256(b"\1" + (way.pop(0) + node if index % 2 else node + way.pop(0))).digest() if way else b""
        index, size = index // 2, (size + 1) // 2
    last = max((known for known_in, known in hashes if known_in == chain and known <= seq), default=0)
    link, whole = hashes.get((chain, last)), (node.hex(), way, index) == (root, [], 0)
    for entry in after:
        trail_line(number := last + 1, entry, SEALS)
        whole, link, last = whole and (entry["chain"], entry["seq"], entry["prev"]) == (chain, number, link), entry["hash"], number
    if not whole or (last == seq and link != hash):
        raise ValueError(f"{chain} entry {seq} is not what it bound")
    return last == seq


def main(argv):
    """Check one file and say what was found."""
    parser = argparse.ArgumentParser(description="Check an exported record of Lineside.")
    parser.add_argument("file")
    parser.add_argument("--json", action="store_true", help="say it as one line of JSON")
    asked = parser.parse_args(argv)
    try:
        found, code = {"holds": True, **check(asked.file)}, 0
    except Wrong as first:
        found, code = {"holds": False, "part": first.part, "record": first.record, "why": first.why}, 1
    except Unreadable as trouble:
        found, code = {"holds": None, "why": str(trouble)}, 2
    if asked.json:
        print(json.dumps(found, ensure_ascii=False))
    elif code == 0:
        counted = ", ".join(f"{found[name]} {name}" for name in ("parts", "rows", "entries", "signatures"))
        practice = "\nPRACTICE – NOT A RECORD: from a plant for practice." if found["practice"] else ""
        print(". Seal on the paper: ".join([f"Everything holds: {counted}", *found["seals"]]) + f".{practice}")
    else:
        print(f"Does not hold: {found['part']}: {found['record']}: {found['why']}." if code == 1 else f"Cannot be read: {found['why']}.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
