"""A small inspection record as every slice's report would print it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.base.measurement import Quantity
from app.base.phrases import Language, Name, Phrase
from app.reports.facts import Corrected, Signature, Strong, Unprintable
from app.reports.page import Paper
from app.reports.table import Align, Column

SHANGHAI = ZoneInfo("Asia/Shanghai")
SIGNED_AT = datetime(2026, 9, 30, 7, 12, 44, tzinfo=UTC)
FACTS = [
    (Phrase("Supplier lot"), "LOT-A123"),
    (Phrase("Our lot"), "L26-0003"),
    (Phrase("Expiry"), date(2029, 9, 30)),
    (Phrase("Quantity"), Quantity(Decimal("4000"), "pcs")),
    (Phrase("Location"), Corrected(before=["A-01-01"], now="A-01-02")),
    (Phrase("Received"), SIGNED_AT),
    (Phrase("Item"), Name("PVC tubing 3.0 × 4.1 mm, medical grade, coil", "医用聚氯乙烯软管 3.0 × 4.1 mm，盘卷包装，用于输液管路")),
    (Phrase("Certificate"), None),
]
COLUMNS = [
    Column(title=Phrase("Sample"), share=1, align=Align.RIGHT),
    Column(title=Phrase("Characteristic"), share=4, align=Align.LEFT),
    Column(title=Phrase("Value"), share=2, align=Align.RIGHT),
    Column(title=Phrase("Gauge"), share=2, align=Align.LEFT),
    Column(title=Phrase("Verdict"), share=2, align=Align.LEFT),
]
SIGNATURES = [
    Signature(meaning=Phrase("Measured and recorded"), name="Wang Li 王丽", at=SIGNED_AT, remark="Inspector, station ST-03"),
    Signature(meaning=Phrase("Reviewed and released"), name=None, at=None, remark=None),
]


def rows(count):
    return [
        [
            str(number),
            Name("Outer diameter", "外径"),
            Corrected(before=["4.71 mm"], now="4.12 mm") if number == 3 else f"4.{number % 90 + 10} mm",
            "DC-014",
            Strong(Phrase("Too high")) if number % 17 == 0 else Phrase("Conforms"),
        ]
        for number in range(1, count + 1)
    ]


def record(language=Language.EN, *, count=12, draft=False, practice=False, unprintable=Unprintable.REFUSE, facts=FACTS):
    printed = Phrase("Printed {at} by {person} at {station}", at=SIGNED_AT, person="Wang Li", station="ST-03")
    paper = Paper(
        Phrase("Inspection record"),
        language,
        SHANGHAI,
        number="L26-0003",
        printed=printed,
        watermark=Phrase("Draft") if draft else None,
        practice=practice,
        unprintable=unprintable,
    )
    paper.section(Phrase("Lot")).facts(facts)
    paper.section(Phrase("Measurements")).table(COLUMNS, rows(count), none=Phrase("Nothing was measured."))
    return paper.section(Phrase("Signatures")).signatures(SIGNATURES)
