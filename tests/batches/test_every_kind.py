"""An engineer writes every kind of step a record can have, and a batch of it is carried out to its release."""

from decimal import Decimal

import pytest

from app.base.ids import new_id
from app.batches.commands import MakeUnits
from app.batches.master_file import parse
from app.batches.queries import exceptions_of
from tests.batches.masters import signed
from tests.batches.refusals import current
from tests.batches.runs import Run

RECORD = """
code: MR-ALL-1
revision: 1
name: {en: Every kind, zh: 各类步骤}
product: SIV-2225
batch_size: 10
unit: pcs
shelf_life_days: 365
steps:
  - key: read
    kind: instruction
    name: {en: Read the drawing, zh: 阅读图纸}
    picture: sealing-jaw.png
    needs: Drawing, revision 2
    text: [{en: Mind the burr., zh: 注意毛刺。}]
  - key: clearance
    kind: line_clearance
    name: {en: Line clearance, zh: 清场}
    checks: [{key: clean, name: {en: Clean, zh: 清洁}}]
  - {key: bonder, kind: equipment, name: {en: Sealer, zh: 封口机}, asset: sealer, calibrated: false}
  - {key: caliper, kind: equipment, name: {en: Caliper, zh: 卡尺}, asset: caliper, calibrated: true, after: [clearance]}
  - {key: hubs, kind: material, name: {en: Hubs, zh: 导管座}, after: [clearance], item: CH-2225, quantity: 2.5, per: batch, unit: pcs,
     tolerance: 0.5, by: count, bound_to: batch}
  - {key: clips, kind: material, name: {en: Clips, zh: 安全夹}, item: SC-2200, quantity: 1, per: unit, unit: pcs, tolerance: 0,
     by: count, bound_to: unit}
  - key: process
    kind: parameter
    name: {en: Process, zh: 工艺}
    after: [clips, caliper]
    parameters:
      - {key: dwell, name: {en: Dwell, zh: 停留}, unit: s, decimals: 2, upper: 1.40, source: typed, readings: 2}
      - {key: length, name: {en: Length, zh: 长度}, unit: mm, decimals: 2, lower: 9.5, soft_lower: 9.9, source: device, device: caliper}
      - {key: heat, name: {en: Heat, zh: 温度}, unit: °C, decimals: 1, lower: 100, upper: 200, source: channel, machine: bonder,
         channel: temperature_actual, longest_gap_s: 60}
  - {key: rest, kind: hold, name: {en: Rest, zh: 静置}, since: process, min_minutes: 0}
  - {key: widths, kind: inspection, name: {en: Widths, zh: 宽度}, plan: IPC-SIV-2225}
  - {key: loose, kind: label, name: {en: Labels by hand, zh: 手工贴标}, form: unit, count: 2, scan_back: false}
  - {key: boxes, kind: label, name: {en: Box labels, zh: 箱标签}, form: box, count: 1, scan_back: false}
  - {key: typed, kind: yield, name: {en: Typed count, zh: 手工清点}, counted: typed}
  - {key: counted, kind: yield, name: {en: Count, zh: 清点}, counted: units}
  - {key: done, kind: sign, name: {en: Done, zh: 完成}, sign: perform, signs: [read, process, boxes, typed]}
  - {key: looked, kind: sign, name: {en: Verified, zh: 复核}, sign: verify, signs: [process, counted], right: inspect_lot}
"""


def both(run: Run, key: str) -> None:
    """Begin it and end it."""
    run.start(key)
    run.finish(key)


def counts(run: Run, key: str, **values: str) -> None:
    run.start(key)
    for field, value in values.items():
        run.enter(key, field, value)
    run.finish(key)


def prepare(run: Run) -> None:
    """Up to the process step, which is begun."""
    both(run, "read")
    run.start("clearance")
    run.enter("clearance", "clean", said="yes")
    run.finish("clearance")
    for key, device in (("bonder", "SL-03"), ("caliper", "DC-014")):
        run.start(key)
        run.enter(key, "asset", device=device)
        run.finish(key)
    run.start("hubs")
    run.consume("hubs", run.hubs, "2.5")
    run.finish("hubs")
    run.start("clips")
    for unit in run.at.give(MakeUnits(command_id=new_id(), batch=run.batch, count=2)):
        run.consume("clips", run.clips, "1", unit=unit)
    run.finish("clips")
    run.start("process")


@pytest.mark.capability("F1", "F3", "F4", "F5", "C11", "G6")
def test_a_record_with_every_kind_of_step_is_written_signed_and_carried_out(run: Run):
    assert {step.kind for step in parse(RECORD).steps} == {
        "instruction",
        "line_clearance",
        "material",
        "equipment",
        "parameter",
        "inspection",
        "label",
        "hold",
        "yield",
        "sign",
    }
    own = Run(run.plant, run.plant.start_batch(master=signed(run.plant, RECORD)), run.hubs, run.clips)
    prepare(own)
    own.says("150.0")
    for sample in (1, 2):
        own.enter("process", "dwell", "1.1", unit="s", sample=sample)
    own.read("process", "length", "9.85", device="DC-014", unit="mm")
    own.finish("process")
    both(own, "rest")
    own.start("widths")
    for sample in (1, 2):
        own.read("widths", "c1", "10.02", device="DC-014", unit="mm", sample=sample)
    own.finish("widths")
    own.start("loose")
    for unit in own.unit_ids():
        own.print_label(unit)
    counts_of_loose = {"applied": "2", "destroyed": "0", "samples": "0", "left": "0"}
    for field, value in counts_of_loose.items():
        own.enter("loose", field, value)
    own.finish("loose")
    assert current(own, "loose")["issued", 1][1] == current(own, "loose")["applied", 1][1] == Decimal(2)
    counts(own, "boxes", issued="3", applied="1", destroyed="1", samples="0", left="1")
    counts(own, "typed", made="2", good="2", scrapped="0", samples="0")
    counts(own, "counted", good="2", scrapped="0", samples="0")
    own.sign("done", "chen.jing")
    own.sign("looked", "li.ming")
    own.complete()
    own.review()
    own.release()
    assert {own.state(key) for key in own.steps} == {"done"}
    found = own.at.ask(lambda session: [(x.kind, x.step, x.field) for x in exceptions_of(session, own.batch)])
    assert found == [("near", 7, "length")]
