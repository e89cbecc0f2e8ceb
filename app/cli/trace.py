"""``python main.py trace CODE --person NAME``: where a record came from or went to, for eyes or (``--json``) for programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from app.base.phrases import Language
from app.cli.person import signed_in
from app.cli.telling import language_here, told
from app.tracing.graph import Trace, TraceNode, trace
from app.tracing.graph_words import edge_words, kind_words, node_words, second_words


def main(argv: Sequence[str]) -> int:
    """Print one trace. Everybody may read the records; the password is asked for or taken from PGPASSWORD."""
    parser = argparse.ArgumentParser(prog="main.py trace", description="Where a record came from, and where it went.")
    parser.add_argument("code", help="a supplier lot, lot, container, batch, serial, UDI, gauge, machine, certificate, person or deviation")
    parser.add_argument("--person", required=True, help="who asks")
    parser.add_argument("--json", action="store_true", help="one JSON object: start, nodes, edges")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--backward", dest="forward", action="store_false", help="what is in it, and who and what made it")
    way.add_argument("--forward", dest="forward", action="store_true", help="where it went")
    parser.set_defaults(forward=None)
    return told(lambda: _trace(parser.parse_args(argv)))


def _trace(asked: argparse.Namespace) -> int:
    with signed_in(asked.person) as here:
        found: Trace = here.ask(partial(trace, code=asked.code, forward=asked.forward))
    if asked.json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_lines(found, language_here())))
    return 0


def as_json(found: Trace) -> dict[str, Any]:
    """``start``, ``direction``, ``units`` by status, ``nodes``, ``edges``: the same answer is the same text."""
    return {
        "start": f"{found.start.kind}:{found.start.id}",
        "direction": "forward" if found.forward else "backward",
        "units": dict(found.units),
        "nodes": [_node(node) for node in found.nodes],
        "edges": [{"source": edge.source, "target": edge.target, "what": edge.what, "count": edge.many} for edge in found.edges],
    }


def _node(node: TraceNode) -> dict[str, Any]:
    facts = {
        "key": node.key,
        "kind": node.kind,
        "code": node.code,
        "name": {"en": node.name.en, "zh": node.name.zh} if node.name is not None else None,
        "status": node.status,
        "amount": str(node.amount.value) if node.amount is not None else None,
        "unit": node.amount.unit if node.amount is not None else None,
        "batch": str(node.batch) if node.batch is not None else None,
    }
    return {name: fact for name, fact in facts.items() if fact is not None} | {"count": node.many}


def as_lines(found: Trace, language: Language) -> list[str]:
    """Every node under its kind, and below it what leads to it."""
    by_key, lines, kind = {node.key: node for node in found.nodes}, list[str](), ""
    for node in found.nodes:
        if node.kind != kind:
            kind = node.kind
            lines.append(kind_words(kind).in_language(language))
        name, second = node_words(node).in_language(language), second_words(node).in_language(language)
        lines.append(f"  {name}  {second}".rstrip())
        for edge in found.edges:
            if edge.target == node.key:
                source = node_words(by_key[edge.source]).in_language(language)
                lines.append(f"    ← {source}, {edge_words(edge.what).in_language(language)}")
    return lines
