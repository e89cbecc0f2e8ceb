"""Why a pack is not received; the database holds the same rules at the receipt itself."""

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class SupplierNotApproved(Refused):
    code, sqlstate = "RCV-02", "LS040"
    text = "Not received: {supplier} is not approved for {item} today; the approval ended on {ended}."
    next_step = "Put the pack on the red shelf and ask Quality for a new approval."


class OtherItem(Refused):
    code, sqlstate = "RCV-03", "LS042"
    text = "Not received: the pack holds {read}, the order is for {ordered}."
    next_step = "Put the pack aside and scan the next one, or scan the order it belongs to."


class TooMuch(Refused):
    code, sqlstate = "RCV-04", "LS044"
    text = "Not received: {quantity} is more than the {left} still open on this line."
    next_step = "Put the pack aside and ask Purchasing."


class NotAQuarantineLocation(Refused):
    code, sqlstate = "RCV-05", "LS045"
    text = "Not received: {location} is not a quarantine location."
    next_step = "Scan a quarantine location."


class LotIsDecided(Refused):
    code, sqlstate = "RCV-06", "LS046"
    text = "Not received: lot {lot} is decided already, nothing is added to it."
    next_step = "Put the pack aside and call Quality."


class InspectionIsComplete(Refused):
    code, sqlstate = "RCV-14", "LS048"
    text = "Not received: the inspection of lot {lot} is complete, nothing is added to it."
    next_step = "Put the pack on the red shelf and call Quality: it was not inspected."


class ReceiptStands(Refused):
    code, sqlstate = "RCV-07", "LS047"
    text = "Not undone: lot {lot} is being inspected or decided."
    next_step = "Call Quality; a discrepancy can be opened on the lot."


class UnknownProduct(RuleViolation):
    code = "RCV-01"
    text = "Not received: no item has the GTIN {gtin}."
    next_step = "Put the pack aside and ask Purchasing which item it is."


class UnknownOrder(RuleViolation):
    code = "RCV-08"
    text = "Not opened: there is no order {order}."
    next_step = "Scan the code on the delivery note again, or ask Purchasing."


class UnknownLocation(RuleViolation):
    code = "RCV-09"
    text = "Not received: there is no location {location} here."
    next_step = "Scan the code on the shelf."


class FactMissing(RuleViolation):
    code = "RCV-11"
    text = "Not received: the code does not say the {fact}."
    next_step = "Scan the pack's other code, or put the pack aside and call Quality."


class OtherExpiry(RuleViolation):
    code = "RCV-12"
    text = "Not received: one lot cannot have two expiry dates. Read {read}, on record {on_record}."
    next_step = "A label from another batch, or the supplier re-labelled: put the pack on the red shelf and call Quality."


class NotStable(RuleViolation):
    code = "SCL-01"
    text = "Weight not taken: {scale} does not call it stable."
    next_step = "Wait until the weight stands still, then take it."


class NoPrice(RuleViolation):
    """Constraints of ``order_line`` in migrations/sql/masking_price.sql."""

    code = "RCV-13"
    text = "Not ordered: line {no} cannot have the price {price}."
    next_step = "Give an amount above zero with six decimals at most, and the three letters of its currency, such as EUR; or none."
