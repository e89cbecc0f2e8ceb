"""What can be wrong with a gauge; the database holds the same rules at every reading."""

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class GaugeOverdue(Refused):
    code, sqlstate = "GAU-01", "LS050"
    text = "Reading not taken: gauge {gauge} was due for calibration on {due}."
    next_step = "Take another gauge from the list, or call Metrology."


class GaugeOfOtherKind(Refused):
    code, sqlstate = "GAU-02", "LS053"
    text = "Reading not taken: {gauge} is not the kind of gauge this characteristic needs."
    next_step = "Take the gauge that is named beside the characteristic."


class OtherUnit(Refused):
    code, sqlstate = "GAU-03", "LS051"
    text = "Reading not taken: the instrument reads in {read}, the limits are in {wanted}."
    next_step = "Switch the instrument to {wanted} and read again."


class GaugeOutOfRange(Refused):
    code, sqlstate = "GAU-05", "LS163"
    text = "Reading not taken: {gauge} measures from {low} to {high} {unit} only."
    next_step = "Take a gauge that reaches over both limits."


class GaugeTooCoarse(Refused):
    code, sqlstate = "GAU-06", "LS164"
    text = "Reading not taken: {gauge} shows steps of {resolution} {unit}; the tolerance of {tolerance} {unit} needs {steps} steps or more."
    next_step = "Take a gauge with a finer resolution."


class GaugeNotDescribed(Refused):
    code, sqlstate = "GAU-07", "LS165"
    text = "Reading not taken: measuring range or resolution of {gauge} is not on record."
    next_step = "Ask Engineering to record it, or take another gauge."


class RangeWanted(RuleViolation):
    code = "GAU-08"
    text = "Not registered: {asset} is calibrated, and its measuring range is not said."
    next_step = "Take smallest and largest value from its certificate."


class UnknownAsset(RuleViolation):
    code = "GAU-04"
    text = "Not taken: nobody registered the device {asset}."
    next_step = "Ask Engineering to register it, or take a registered one."
