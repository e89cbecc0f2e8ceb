"""Each row of a pack against the record: what it says, whether that fits, and the one thing that stops it.

Pure: what is known comes in, words go out. The command and the database check again; here the person learns it before the second scan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from app.base.errors import AppError
from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.materials.rules import LotExpired
from app.receiving.queries import PackFacts
from app.receiving.rules import (
    FactMissing,
    LotIsDecided,
    OtherExpiry,
    OtherItem,
    SupplierNotApproved,
    TooMuch,
    UnknownProduct,
)
from ui.kit import State, Words
from ui.receiving.pack import Pack
from ui.receiving.rules import NoOrderYet, UnreadablePack

PRODUCT, LOT, EXPIRES, MADE, QUANTITY = "product", "lot", "expires", "made", "quantity"
_IDENTIFIERS = {PRODUCT: ("01", "02"), LOT: ("10",), EXPIRES: ("17", "7003"), MADE: ("11",), QUANTITY: ("30", "37")}
"""GS1 application identifiers that may say a fact; the first one stands in the box when the code says none of them."""
APPROVAL = "approval"
"""Not a row of the pack: the supplier's approval is what stops it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRow:
    """One fact of the pack as it stands on the screen."""

    key: str
    """``product``, ``lot``, ``expires``, ``made`` or ``quantity``."""
    ai: str
    """What stands in the box before it: the identifier in the code."""
    name: Words
    value: Words
    second: Words
    state: State
    word: Words
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why the pack is not received, which row (by its key) says it, and what was read against what is on record."""

    error: AppError
    wrong: str | None
    word: Words
    read: Words = ""
    expected: Words = ""
    expected_name: Words = ""
    heading: Words = ""
    """Stands in place of the error's own sentence where the two values are shown beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pack with its rows, and what stops it if anything does."""

    rows: tuple[PackRow, ...]
    stop: Stop | None


def judge(pack: Pack, facts: PackFacts, zone: tzinfo) -> Judged:
    """Check a readable pack against what is on record, in the order in which the command would refuse it.

    Args:
        pack: Whose code can be read (`Status.VALID`).
        facts: What is on record now.
        zone: The plant's, for days on record.
    """
    stop = next(_stops(pack, facts), None)
    return Judged(rows=tuple(_rows(pack, facts, stop, zone)), stop=stop)


def judge_again(pack: Pack, facts: PackFacts, error: AppError, zone: tzinfo) -> Judged:
    """The command refused what the check had let pass: somebody was faster, or a rule only the database holds."""
    stop = next(_stops(pack, facts), None) or Stop(error=error, wrong=_row_of(error), word=Phrase("not received"))
    return Judged(rows=tuple(_rows(pack, facts, stop, zone)), stop=stop)


def judge_unreadable(pack: Pack, zone: tzinfo) -> Judged:
    """A code that broke its own rules: what could be read of it is shown, nothing of it is used."""
    refusal = pack.scanned.error
    if refusal is None:
        raise ValueError("the code can be read")
    named = refusal.text.facts.get("ai")
    wrong = LOT if refusal.code == "separator_lost" else next((key for key, ais in _IDENTIFIERS.items() if named in ais), None)
    stop = Stop(error=UnreadablePack(why=refusal.text, then=refusal.next_step), wrong=wrong, word=Phrase("not readable"))
    return Judged(rows=tuple(_rows(pack, None, stop, zone)), stop=stop)


_ROWS = {
    OtherItem: PRODUCT,
    LotIsDecided: LOT,
    OtherExpiry: EXPIRES,
    LotExpired: EXPIRES,
    TooMuch: QUANTITY,
    SupplierNotApproved: APPROVAL,
}


def _row_of(error: AppError) -> str | None:
    return _ROWS.get(type(error))


def _stops(pack: Pack, facts: PackFacts) -> Iterator[Stop]:
    yield from _wrong_product(pack, facts)
    yield from _not_said(pack)
    yield from _not_approved(facts)
    yield from _wrong_dates(pack, facts)
    yield from _too_much(pack, facts)


def _wrong_product(pack: Pack, facts: PackFacts) -> Iterator[Stop]:
    gtin = pack.gtin or "–"
    if facts.item is None:
        yield Stop(error=UnknownProduct(gtin=gtin), wrong=PRODUCT, word=Phrase("unknown product"))
    elif facts.order is None:
        yield Stop(error=NoOrderYet(item=facts.item.name), wrong=None, word=Phrase("no order"))
    elif facts.line is None:
        ordered = facts.order.lines[0].item
        more = len(facts.order.lines) > 1
        names: Words = Phrase("{item} and others", item=ordered.name) if more else ordered.name
        yield Stop(
            error=OtherItem(read=facts.item.name, ordered=names),
            heading=Phrase("Not received: {item} is not on this order", item=facts.item.name),
            wrong=PRODUCT,
            word=Phrase("not on this order"),
            read=facts.item.code,
            expected=ordered.code,
            expected_name=Phrase("ordered"),
        )


def _not_said(pack: Pack) -> Iterator[Stop]:
    for value, row, fact in (
        (pack.lot, LOT, Phrase("supplier's lot")),
        (pack.expires_on, EXPIRES, Phrase("expiry date")),
        (pack.quantity, QUANTITY, Phrase("quantity")),
    ):
        if value is None:
            yield Stop(error=FactMissing(fact=fact), wrong=row, word=Phrase("missing"))


def _not_approved(facts: PackFacts) -> Iterator[Stop]:
    approval = facts.approval
    if facts.order is None or facts.item is None or (approval is not None and approval.in_force):
        return
    ended: object = min(approval.valid_to, approval.certificate_valid_to) if approval is not None else "–"
    error = SupplierNotApproved(supplier=facts.order.supplier_name, item=facts.item.name, ended=ended)
    heading = Phrase("Not received: the supplier is not approved for this item today")
    yield Stop(
        error=error,
        wrong=APPROVAL,
        word=Phrase("not approved"),
        expected=_day(ended) if isinstance(ended, date) else "–",
        expected_name=Phrase("approval ended"),
        heading=heading,
    )


def _wrong_dates(pack: Pack, facts: PackFacts) -> Iterator[Stop]:
    if pack.expires_on is None or facts.line is None:
        return
    left, least = (pack.expires_on - facts.today).days, facts.line.item.min_days_left
    if left < least:
        yield Stop(
            error=LotExpired(expires_on=pack.expires_on),
            wrong=EXPIRES,
            word=Phrase("expired") if left < 0 else Phrase("too short"),
            read=Phrase("{count} days left", count=left) if left >= 0 else Phrase("{count} days over", count=-left),
            expected=Phrase("{count} days", count=least),
            expected_name=Phrase("at least"),
        )
    known = facts.known
    if known is not None and known.expires_on != pack.expires_on:
        yield Stop(
            error=OtherExpiry(read=pack.expires_on, on_record=known.expires_on),
            wrong=EXPIRES,
            word=Phrase("other expiry"),
            read=_day(pack.expires_on),
            expected=_day(known.expires_on),
            expected_name=Phrase("on record"),
            heading=Phrase("Not received: one lot cannot have two expiry dates"),
        )
    if known is not None and known.status != "quarantine":
        yield Stop(error=LotIsDecided(lot=known.code), wrong=LOT, word=Phrase("decided"))


def _too_much(pack: Pack, facts: PackFacts) -> Iterator[Stop]:
    if facts.line is None or pack.quantity is None or pack.quantity <= facts.line.left.value:
        return
    quantity = Quantity(pack.quantity, facts.line.item.unit)
    yield Stop(
        error=TooMuch(quantity=quantity, left=facts.line.left),
        wrong=QUANTITY,
        word=Phrase("more than ordered"),
        read=amount(quantity),
        expected=amount(facts.line.left),
        expected_name=Phrase("still open"),
    )


def _rows(pack: Pack, facts: PackFacts | None, stop: Stop | None, zone: tzinfo) -> Iterator[PackRow]:
    for row in (
        _product_row(pack, facts),
        _lot_row(pack, facts, zone),
        _expiry_row(pack, facts),
        _made_row(pack, facts),
        _quantity_row(pack, facts, stop),
    ):
        if row is None:
            continue
        if stop is not None and row.key == stop.wrong:
            yield _changed(row, State.FAIL, stop.word)
        elif facts is None:
            yield _changed(row, State.WAITING, Phrase("not used"))
        else:
            yield row


def _changed(row: PackRow, state: State, word: Words) -> PackRow:
    return replace(row, state=state, word=word)


def _row(pack: Pack, key: str, *, name: Words, value: Words, second: Words, state: State, word: Words, typed: bool = False) -> PackRow:
    said = [element.ai for element in pack.scanned.elements]
    ai = next((one for one in _IDENTIFIERS[key] if one in said), _IDENTIFIERS[key][0])
    return PackRow(key=key, ai=ai, name=name, value=value, second=second, state=state, word=word, typed=typed)


def _product_row(pack: Pack, facts: PackFacts | None) -> PackRow:
    gtin = pack.gtin or "–"
    name = Phrase("Product")
    item = facts.item if facts is not None else None
    if item is None:
        return _row(pack, PRODUCT, name=name, value=gtin, second="GTIN" if pack.gtin else "", state=State.WAITING, word=Phrase("not used"))
    second = Phrase("{item} • GTIN {gtin}", item=item.code, gtin=gtin)
    line = facts.line if facts is not None else None
    if line is None:
        return _row(pack, PRODUCT, name=name, value=item.name, second=second, state=State.WAITING, word=Phrase("no order"))
    word = Phrase("matches PO line {no}", no=line.no)
    return _row(pack, PRODUCT, name=name, value=item.name, second=second, state=State.PASS, word=word)


def _lot_row(pack: Pack, facts: PackFacts | None, zone: tzinfo) -> PackRow:
    known = facts.known if facts is not None else None
    if known is not None:
        second: Words = Phrase("our lot {lot}, opened {day}", lot=known.code, day=known.opened_at.astimezone(zone).date())
        word = Phrase("known lot")
    else:
        second, word = Phrase("our lot is opened by the receipt") if facts is not None and pack.lot else "", Phrase("new lot")
    return _row(pack, LOT, name=Phrase("Supplier lot"), value=pack.lot or "–", second=second, state=State.PASS, word=word)


def _expiry_row(pack: Pack, facts: PackFacts | None) -> PackRow:
    name, second = Phrase("Expires"), Phrase("the code does not say it")
    if pack.expires_on is None or facts is None:
        value: Words = "–" if pack.expires_on is None else _day(pack.expires_on)
        quiet: Words = second if pack.expires_on is None and facts is not None else ""
        return _row(pack, EXPIRES, name=name, value=value, second=quiet, state=State.WAITING, word=Phrase("not used"))
    left = (pack.expires_on - facts.today).days
    least = facts.line.item.min_days_left if facts.line is not None else 0
    if left < 0:
        said = Phrase("expired {count} days ago • at least {least} required", count=-left, least=least)
    elif facts.line is not None:
        said = Phrase("{left} days left • at least {least} required", left=left, least=least)
    else:  # which item it is for, and so what it must still last, is not known
        said = Phrase("{count} days left", count=left)
    if facts.known is not None and facts.known.expires_on != pack.expires_on:
        said = Phrase("on record for this lot: {day}", day=facts.known.expires_on)
    return _row(pack, EXPIRES, name=name, value=_day(pack.expires_on), second=said, state=State.PASS, word=Phrase("in date"))


def _made_row(pack: Pack, facts: PackFacts | None) -> PackRow | None:
    if pack.made_on is None:
        return None
    name, value = Phrase("Made"), _day(pack.made_on)
    if facts is None:
        return _row(pack, MADE, name=name, value=value, second="", state=State.WAITING, word=Phrase("not used"))
    ago = (facts.today - pack.made_on).days
    if ago < 0 or (pack.expires_on is not None and pack.made_on >= pack.expires_on):
        second = Phrase("after today or after the expiry")
        return _row(pack, MADE, name=name, value=value, second=second, state=State.ATTENTION, word=Phrase("not plausible"))
    second = Phrase("{count} days ago", count=ago)
    return _row(pack, MADE, name=name, value=value, second=second, state=State.PASS, word=Phrase("plausible"))


def _quantity_row(pack: Pack, facts: PackFacts | None, stop: Stop | None) -> PackRow:
    name, typed = Phrase("Quantity"), pack.typed_quantity is not None
    line = facts.line if facts is not None else None
    if pack.quantity is None:
        second = Phrase("the code does not say it") if facts is not None else ""
        return _row(pack, QUANTITY, name=name, value="–", second=second, state=State.WAITING, word=Phrase("not used"))
    if line is None:
        value = amount(Quantity(pack.quantity, ""))
        return _row(pack, QUANTITY, name=name, value=value, second="", state=State.WAITING, word=Phrase("set aside"), typed=typed)
    value = amount(Quantity(pack.quantity, line.item.unit))
    if stop is not None:
        second = Phrase("not counted • {received} of {ordered} received", received=line.received.value, ordered=line.ordered.value)
        return _row(pack, QUANTITY, name=name, value=value, second=second, state=State.WAITING, word=Phrase("set aside"), typed=typed)
    second = Phrase("{received} of {ordered} received before", received=line.received.value, ordered=line.ordered.value)
    printed = pack.scanned.fields.get("quantity")
    if typed:
        second = Phrase("the code says {printed}", printed=printed if printed is not None else "–")
    return _row(pack, QUANTITY, name=name, value=value, second=second, state=State.PASS, word=Phrase("fits the line"), typed=typed)


def amount(quantity: Quantity) -> Phrase:
    """A count with its unit in the reader's words: 4 000 pcs, 4 000 件."""
    if quantity.unit == "pcs":
        return Phrase("{count} pcs", count=quantity.value)
    return Phrase("{quantity}", quantity=quantity)


def _day(day: date) -> Phrase:
    return Phrase("{day}", day=day)
