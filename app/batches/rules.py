"""Why a master record or a batch does not go on."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class MasterNotWhole(Refused):
    code, sqlstate = "MBR-02", "LS070"
    text = "Not stored: step {step} of the master record cannot be carried out as it is written."
    next_step = "Check its item, unit, plan and figures against the plant's; then import the file again."


class OtherContent(Refused):
    code, sqlstate = "MBR-03", "LS071"
    text = "Not stored: this content belongs to another kind of document."
    next_step = "Import it as what it is."


class ProductUnknown(RuleViolation):
    code = "MBR-04"
    text = "Not stored: nobody registered the item {item}."
    next_step = "Ask the planner to register it, or mend the code in the file."


class EffectiveRecordWanted(Refused):
    code, sqlstate = "BAT-01", "LS072"
    text = "Not started: {document} revision {revision} is not the effective, signed one."
    next_step = "Choose the effective revision, or have this one signed."


class StepNotStarted(Refused):
    code, sqlstate = "BAT-02", "LS073"
    text = "Not stored: step {step} is {status}."
    next_step = "Start the step first; a finished one is only corrected, with a reason."


class StepWaits(Refused):
    code, sqlstate = "BAT-03", "LS074"
    text = "Not started: step {step} waits for step {waits}."
    next_step = "Finish step {waits} first."


class StepLacks(Refused):
    code, sqlstate = "BAT-04", "LS075"
    text = "Not finished: step {step} still needs {missing}."
    next_step = "Enter what is missing, then finish the step."


class DeviationWanted(Refused):
    code, sqlstate = "BAT-05", "LS076"
    text = "Not done: {field} of step {step} needs a deviation that is decided and signed."
    next_step = "Open the deviation here and let the supervisor sign."


class FieldNotAsked(Refused):
    code, sqlstate = "BAT-06", "LS077"
    text = "Not stored: step {step} does not ask for {field} in this way."
    next_step = "Read again what the step asks for."


class WhyWanted(Refused):
    code, sqlstate = "BAT-07", "LS078"
    text = "Not stored: {field} was typed or corrected, and that needs a reason."
    next_step = "Write one line why, or take the value from the device."


class NotTheCurrentEntry(Refused):
    code, sqlstate = "BAT-08", "LS079"
    text = "Not corrected: the entry of {field} is not the current one."
    next_step = "Read the step again: somebody may have corrected it already."


class OtherMaterial(Refused):
    code, sqlstate = "BAT-09", "LS080"
    text = "Not taken: lot {lot} is not {wanted}, which step {step} takes."
    next_step = "Put it back and scan the right material."


class LotNotReleased(Refused):
    code, sqlstate = "BAT-10", "LS081"
    text = "Not taken: lot {lot} is {status}, not released."
    next_step = "Put it aside and call Quality."


class LotIsExpired(Refused):
    code, sqlstate = "BAT-11", "LS082"
    text = "Not taken: lot {lot} expired on {expires_on}."
    next_step = "Put it on the red shelf and take another lot."


class NotEnoughLeft(Refused):
    code, sqlstate = "BAT-12", "LS083"
    text = "Not taken: lot {lot} holds {balance} {unit} only."
    next_step = "Take what is left, then scan the next lot."


class MoreThanDemanded(Refused):
    code, sqlstate = "BAT-13", "LS084"
    text = "Not taken: step {step} takes only {room} {unit} more."
    next_step = "Count again; put the rest back."


class UnitWanted(Refused):
    code, sqlstate = "BAT-14", "LS085"
    text = "Not stored: no unit of this batch with the serial {unit} can take it."
    next_step = "Scan the serial of the unit in your hand."


class SublotWanted(Refused):
    code, sqlstate = "BAT-75", "LS115"
    text = "Not stored: no sub-lot of this batch with the number {sublot} can take it."
    next_step = "Scan the tray's card, or a unit that lies in it."


class TooEarly(Refused):
    code, sqlstate = "BAT-15", "LS086"
    text = "Not yet: {passed} of {wanted} minutes have passed."
    next_step = "Wait until the time is over."


class BatchIsClosed(Refused):
    code, sqlstate = "BAT-16", "LS087"
    text = "Not done: batch {batch} is not open any more."
    next_step = "Open the batch that is being made."


class BatchIsHeld(Refused):
    code, sqlstate = "BAT-78", "LS116"
    text = "Not done: batch {batch} is held by {deviation}."
    next_step = "Leave everything as it is; the batch goes on when the deviation is decided and signed."


class CleanedTooLongAgo(Refused):
    code, sqlstate = "BAT-17", "LS088"
    text = "Not stored: it was not cleaned within the last {hours} hours."
    next_step = "Clean it, then enter the time of cleaning."


class ValueCannotBe(Refused):
    code, sqlstate = "BAT-18", "LS089"
    text = "Not stored: {field} cannot have this value."
    next_step = "Enter what the step asks for: yes or no, a whole count, a figure, or a registered device."


class CauseOfOtherBatch(Refused):
    code, sqlstate = "BAT-19", "LS100"
    text = "Not opened: that cause or disposition does not belong to this batch."
    next_step = "Open the deviation from the step itself; a batch is used as is or rejected."


class StepsNotDone(Refused):
    code, sqlstate = "BAT-20", "LS090"
    text = "Not done: step {step} of batch {batch} is not finished."
    next_step = "Finish it, or have it left out by a signed deviation."


class OutsideUndecided(Refused):
    code, sqlstate = "BAT-21", "LS092"
    text = "Not released: {field} in step {step} is outside its limits without a decided deviation."
    next_step = "Have the deviation decided and signed."


class BatchHasOpenDeviation(Refused):
    code, sqlstate = "BAT-22", "LS093"
    text = "Not released: deviation {deviation} of batch {batch} is open, or not what was signed."
    next_step = "Have it decided and signed."


class BatchIsToBeRejected(Refused):
    code, sqlstate = "BAT-23", "LS094"
    text = "Not released: deviation {deviation} says that batch {batch} is rejected."
    next_step = "Reject the batch."


class StepSignatureFell(Refused):
    code, sqlstate = "BAT-24", "LS095"
    text = "Not released: the signature of step {step} does not stand on what is recorded now."
    next_step = "Have step {step} signed again."


class StepIncomplete(Refused):
    code, sqlstate = "BAT-25", "LS096"
    text = "Not released: step {step} lacks something it needs."
    next_step = "Open the step and correct it with a reason."


class ComponentNotReleased(Refused):
    code, sqlstate = "BAT-26", "LS097"
    text = "Not released: lot {lot}, which went into it, is not released."
    next_step = "Have the lot decided first."


class LargerThanRecord(Refused):
    code, sqlstate = "BAT-27", "LS098"
    text = "Not started: a batch of this record has at most {most} {unit}."
    next_step = "Plan two batches."


class PlanNotEffective(Refused):
    code, sqlstate = "BAT-28", "LS099"
    text = "Not started: the in-process plan {plan} is not effective."
    next_step = "Ask Engineering and Quality for a signed plan."


class MachineSilent(Refused):
    code, sqlstate = "BAT-29", "LS102"
    text = "Not stored: the machine sent no good value of {channel} since the step began."
    next_step = "Look at the machine and its line; the step goes on when values arrive."


class MachineRuns(Refused):
    code, sqlstate = "BAT-81", "LS145"
    text = "Not started: {machine} runs in batch {batch}, step {step}. It makes one batch at a time."
    next_step = "Finish that step first, or scan another machine for this batch."


class LabellingNotUnderWay(Refused):
    code, sqlstate = "BAT-30", "LS103"
    text = "Not done: no labelling of units is under way in batch {batch}."
    next_step = "Start the label step first."


class KitOfOtherBatch(Refused):
    code, sqlstate = "BAT-31", "LS104"
    text = "Not taken: container {container} is laid out for batch {batch}."
    next_step = "Put it back to the kit of {batch}; take a container of your own kit."


class UnitHasLabel(Refused):
    code, sqlstate = "BAT-32", "LS105"
    text = "No label was asked for: unit {unit} has one already."
    next_step = "Put that one on, or destroy it with a reason; then ask for another."


class OtherUnitsLabel(Refused):
    code, sqlstate = "BAT-33", "LS106"
    text = "Not accepted: what was scanned is not the label of unit {unit}."
    next_step = "Scan the label that was printed for this unit; a foreign one is destroyed."


class NoLabelWaits(Refused):
    code, sqlstate = "BAT-34", "LS107"
    text = "Not accepted: no printed label waits for unit {unit}."
    next_step = "Print its label, put it on, scan it there."


class ContainerNotTaken(Refused):
    code, sqlstate = "BAT-35", "LS108"
    text = "Not laid out: batch {batch} takes nothing from container {container}."
    next_step = "Look at the material list of the batch."


class ContainerHoldsLess(Refused):
    code, sqlstate = "BAT-36", "LS109"
    text = "Not taken: container {container} holds {left} {unit} only."
    next_step = "Take what is left, then scan the next container."


class PictureWanted(Refused):
    code, sqlstate = "MBR-09", "LS112"
    text = "Not stored: step {step} names the picture {file}, and it was not brought."
    next_step = "Put the picture beside the record under this name, then import again."


class NothingToAccept(Refused):
    code, sqlstate = "BAT-71", "LS110"
    text = "Not accepted: this does not wait for a reviewer of batch {batch}."
    next_step = "Open the review again: it was corrected, or a deviation decides it."


class ExceptionsNotReviewed(Refused):
    code, sqlstate = "BAT-72", "LS111"
    text = "Not released: {count} exceptions of batch {batch} were accepted by nobody."
    next_step = "Open each in the review and accept it, or have a deviation opened on it."


class StepMovedAlready(Refused):
    code, sqlstate = "BAT-73", "LS113"
    text = "Nothing was done: {who} was faster and has done this with step {step} already."
    next_step = "Go on where the batch stands now."


class NoHandInIt(Refused):
    code, sqlstate = "BAT-74", "LS114"
    text = "Not signed: {who} had no hand in the steps that are signed as performed."
    next_step = "Let somebody sign who did some of this work."


class PictureUsed(Refused):
    code, sqlstate = "BAT-79", "LS118"
    text = "Not stored: this picture stands already in step {step} of batch {batch}."
    next_step = "Take a picture of what is shown here."


class TimeCannotBe(Refused):
    code, sqlstate = "BAT-80", "LS120"
    text = "Not stored: {field} is of {at}, which is still to come or lies far before this work."
    next_step = "Look at the clock of the camera or of this computer, then enter or take it again."


class BatchUnknown(RuleViolation):
    code = "BAT-37"
    text = "Not opened: there is no batch {code}."
    next_step = "Scan the paper of the batch, or choose it in the list."
