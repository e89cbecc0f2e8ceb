"""A released record carries the seal of its release: the file proves that it is the one on the paper, and who rewrites it is found."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.embedded_server import ServerAddress
from app.core.trust.seals import merkle_path, merkle_root
from tests.plant import Plant, cloned
from tests.tracing.lots import Walked, clean_lot, rich_lot
from tests.tracing.test_export import checked, exported, forged, loaded_tool, parts

pytestmark = [pytest.mark.capability("F10", "K3", "R11-05")]


@pytest.fixture(scope="module")
def sealed(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[tuple[Plant, Walked, bytes]]:
    """A released lot, exported; afterwards its stations went on with other lots."""
    with cloned(cluster, station_secrets) as plant:
        lot = rich_lot(plant, released=True)
        content = exported(plant, lot)
        plant.close()
        rich_lot(plant, supplier_lot="NF26-0999", released=True)
        yield plant, lot, content


def test_the_seal_in_the_file_is_the_one_on_the_paper(sealed: tuple[Plant, Walked, bytes], tmp_path: Path):
    plant, lot, content = sealed
    code, said = checked(content, tmp_path)
    assert (code, said["holds"]) == (0, True)
    assert [(seal,) for seal in said["seals"]] == plant.rows("SELECT lineside.seal_of(%s)", lot.lot)  # type: ignore[union-attr]


def test_the_file_stays_the_same_when_the_chains_go_on(sealed: tuple[Plant, Walked, bytes]):
    plant, lot, content = sealed
    assert parts(exported(plant, lot))["seals.jsonl"] == parts(content)["seals.jsonl"]
    plant.close()


def test_what_nobody_released_has_no_seal(plant: Plant, tmp_path: Path):
    content = exported(plant, clean_lot(plant, supplier_lot="NF26-0777"))
    assert "seals.jsonl" not in parts(content)
    assert checked(content, tmp_path)[1]["seals"] == []


def told(own: dict[str, bytes]) -> dict[str, object]:
    line: dict[str, object] = json.loads(own["seals.jsonl"])
    return line


def tell(own: dict[str, bytes], seal: dict[str, object]) -> None:
    own["seals.jsonl"] = json.dumps(seal).encode() + b"\n"


def seals_anew(own: dict[str, bytes], change: Callable[[str], str]) -> None:
    """Another text, with a hash that fits."""
    seal = told(own)
    seal["told"] = change(str(seal["told"]))
    seal["hash"] = hashlib.sha256(bytes.fromhex(str(seal["prev"])) + str(seal["told"]).encode()).hexdigest()
    tell(own, seal)


def heads_changed(own: dict[str, bytes], change: Callable[[dict[str, object]], object]) -> None:
    """Something else about every head."""
    seal = told(own)
    for head in seal["heads"]:  # type: ignore[attr-defined]
        change(head)
    tell(own, seal)


def trail_anew(own: dict[str, bytes]) -> None:
    """The reason of the release is another one, and its chain is computed anew from there: rows, links and manifest fit."""
    link, lines = {}, []
    for raw in own["trail.jsonl"].splitlines():
        entry = json.loads(raw)
        if entry["chain"].endswith("/sign"):
            said = json.loads(entry["payload"]) | {"reason": "nothing to speak of"}
            before = link.get((entry["chain"], entry["seq"] - 1), entry["prev"])
            payload = json.dumps(said)
            digest = hashlib.sha256(bytes.fromhex(before) + payload.encode()).hexdigest()
            entry |= {"payload": payload, "prev": before, "hash": digest}
            link[entry["chain"], entry["seq"]] = digest
        lines.append(json.dumps(entry).encode())
    own["trail.jsonl"] = b"\n".join(lines) + b"\n"


FORGERIES: dict[str, Callable[[dict[str, bytes]], None]] = {
    "another text": lambda own: tell(own, told(own) | {"told": str(told(own)["told"]).replace("|release|", "|activity|")}),
    "another record": lambda own: seals_anew(own, lambda text: "|".join([*text.split("|")[:4], "0" * 32, *text.split("|")[5:]])),
    "another root": lambda own: seals_anew(own, lambda text: "|".join([*text.split("|")[:5], "0" * 64, *text.split("|")[6:]])),
    "another form": lambda own: seals_anew(own, lambda text: text.replace("LS1", "LS2", 1)),
    "a later head": lambda own: heads_changed(own, lambda head: head.update(seq=int(str(head["seq"])) + 1)),
    "another hash of a head": lambda own: heads_changed(own, lambda head: head.update(hash="0" * 64)),
    "another place in the tree": lambda own: heads_changed(own, lambda head: head.update(index=int(str(head["index"])) + 1)),
    "a way that is too short": lambda own: heads_changed(own, lambda head: head.update(path=list(head["path"])[1:])),  # type: ignore[call-overload]
    "a way that is too long": lambda own: heads_changed(own, lambda head: head.update(path=[*head["path"], "0" * 64])),  # type: ignore[misc]
    "no way at all": lambda own: heads_changed(own, lambda head: head.pop("path")),
    "no head": lambda own: tell(own, told(own) | {"heads": []}),
    "a tree of one": lambda own: tell(own, told(own) | {"size": 1}),
    "a release written anew": trail_anew,
    "no seal can be read": lambda own: own.update({"seals.jsonl": b'{"told": 1}\n'}),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_who_rewrites_seal_proof_or_release_is_found_though_manifest_and_rows_fit(
    sealed: tuple[Plant, Walked, bytes], tmp_path: Path, forgery: str
):
    _, _, content = sealed
    tool, file = loaded_tool(), tmp_path / "record.zip"
    file.write_bytes(forged(content, lambda own: None))
    assert tool.check(file)["seals"]
    file.write_bytes(forged(content, FORGERIES[forgery]))
    with pytest.raises(tool.Wrong) as found:
        tool.check(file)
    assert found.value.part == "seals.jsonl"
    assert str(found.value.record).startswith(("seal ", "line "))


def test_the_way_to_the_root_is_the_trees_own_whatever_its_size():
    tool = loaded_tool()
    for size in range(1, 18):
        leaves = [f"chain {n} {'ab' * 32}" for n in range(size)]
        for index in range(size):
            head = {"chain": "chain", "seq": index, "hash": "ab" * 32, "index": index, "after": []}
            path = [node.hex() for node in merkle_path(leaves, index)]
            assert tool.reaches(size, merkle_root(leaves).hex(), {("chain", index): "ab" * 32}, path=path, **head)
            with pytest.raises(ValueError, match="is not what it bound"):
                tool.reaches(size, merkle_root([*leaves, "x 1 y"]).hex(), {("chain", index): "ab" * 32}, path=path, **head)
