"""What can be wrong with a gauge, and with connecting a device; the database holds the same rules."""

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
    code, sqlstate = "GAU-05", "LS193"
    text = "Reading not taken: {gauge} measures from {low} to {high} {unit} only."
    next_step = "Take a gauge that reaches over both limits."


class GaugeTooCoarse(Refused):
    code, sqlstate = "GAU-06", "LS194"
    text = "Reading not taken: {gauge} shows steps of {resolution} {unit}; the tolerance of {tolerance} {unit} needs {steps} steps or more."
    next_step = "Take a gauge with a finer resolution."


class GaugeNotDescribed(Refused):
    code, sqlstate = "GAU-07", "LS195"
    text = "Reading not taken: measuring range or resolution of {gauge} is not on record."
    next_step = "Take another gauge. Engineering records the range in Plant, Devices, Gauges (F5)."


class RangeWanted(Refused):
    code, sqlstate = "GAU-08", "LS196"
    text = "Not registered: {asset} is calibrated, and its measuring range is not said."
    next_step = "Take smallest and largest value from its certificate."


class RangeUpsideDown(RuleViolation):
    code = "GAU-09"
    text = "Not recorded: the smallest value {low} does not lie below the largest value {high}."
    next_step = "Write both as they stand on the certificate or on the maker's sheet."


class MeasuresNothing(RuleViolation):
    code = "GAU-10"
    text = "Not recorded: the record of {asset} has no unit, so it measures nothing."
    next_step = "Choose another one from the list. If it does measure, have it registered anew."


class UnknownAsset(RuleViolation):
    code = "GAU-04"
    text = "Not taken: nobody registered the device {asset}."
    next_step = "Ask Engineering to register it, or take a registered one."


class DeviceNotHere(Refused):
    code, sqlstate = "DVC-01", "LS160"
    text = "Not done: device {device} is connected at a station of its site, and this connection proves none."
    next_step = "Do it at the station the device hangs at."


class DeviceConnected(Refused):
    code, sqlstate = "DVC-02", "LS161"
    text = "Not connected: {device} is on record as connected to station {station} already."
    next_step = "Change it, or take it out first."


class DeviceNotConnected(Refused):
    code, sqlstate = "DVC-03", "LS162"
    text = "Not done: {device} is not on record as connected to station {station}."
    next_step = "Open Devices again; somebody may have taken it out meanwhile, or it was never put on record."


class DeviceDoesNotFit(Refused):
    code, sqlstate = "DVC-04", "LS163"
    text = "Not connected: what is registered as {device} is out of use, or is nothing that speaks {protocol}."
    next_step = "Choose the asset whose kind and unit are those of the device, or have it registered."


class DeviceOfOtherNumber(Refused):
    code, sqlstate = "DVC-05", "LS164"
    text = "Not connected: the device says serial number {said}, the record of {device} says {record}."
    next_step = "Choose the asset with this number. If the record is wrong, have the device registered anew."


class LabelOnItsWay(Refused):
    code, sqlstate = "DVC-06", "LS165"
    text = "Not done: a label is on its way to {device}."
    next_step = "Wait until it has come out, or say at Home that nobody knows; then repeat."


class StepOnMachine(Refused):
    code, sqlstate = "DVC-07", "LS166"
    text = "Not done: step {step} of batch {batch} runs on {device}."
    next_step = "Let the step end first; what the machine says until then belongs to its record."


class ProtocolIsAnothers(Refused):
    code, sqlstate = "OPR-01", "LS167"
    text = "Not stored: the text does not begin with key and revision of {document}, revision {revision}."
    next_step = "Write key and revision of this document into the first two lines."


class ProtocolNotEffective(Refused):
    code, sqlstate = "OPR-02", "LS168"
    text = "Value not taken: this station reads the device by {protocol}, revision {revision}, which is not in effect any more."
    next_step = "Close the window and open it again: it then reads by the revision that is in effect."


class KeyOfOtherSite(RuleViolation):
    code = "OPR-03"
    text = "Not stored: {key} belongs to another site."
    next_step = "Give the protocol a key that no other site uses."


class RevisionWanted(RuleViolation):
    code = "OPR-04"
    text = "Not stored: the next revision of {key} is {wanted}, the text says {written}."
    next_step = "Write revision = {wanted} into the second line."
