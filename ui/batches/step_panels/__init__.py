"""The work of a step, one panel per kind; `PANELS` says which."""

from ui.batches.step_panels.clearance import ClearancePanel
from ui.batches.step_panels.equipment import EquipmentPanel
from ui.batches.step_panels.figures import FiguresPanel
from ui.batches.step_panels.hold import HoldPanel
from ui.batches.step_panels.labels import LabelPanel
from ui.batches.step_panels.material import MaterialPanel
from ui.batches.step_panels.panel import StepPanel
from ui.batches.step_panels.parameters import ParameterPanel
from ui.batches.step_panels.reading import ReadingPanel
from ui.batches.step_panels.signing import SignPanel

PANELS: dict[str, type[StepPanel]] = {
    "instruction": ReadingPanel,
    "line_clearance": ClearancePanel,
    "hold": HoldPanel,
    "parameter": ParameterPanel,
    "inspection": FiguresPanel,
    "yield": FiguresPanel,
    "sign": SignPanel,
    "material": MaterialPanel,
    "equipment": EquipmentPanel,
    "label": LabelPanel,
}

__all__ = ["PANELS", "StepPanel"]
