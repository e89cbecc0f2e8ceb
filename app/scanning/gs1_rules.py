"""The rules per GS1 application identifier (AI), as data: finer parts and checks, what excludes what, what needs what, what it means.

The AIs themselves, their titles, formats and predefined lengths come from biip; a row stands here only where GS1 asks for more than
length and character set. Notation of a structure: parts separated by blanks, each ``<set><length>[:check,check]``, a trailing ``?``
makes the part optional; sets N figures, X CSET 82, Y CSET 39, Z file-safe base 64; ``n`` in an AI stands for any figure.

Source: GS1 General Specifications §3 (formats), §4.13 and §4.14 (pairs), GS1 Digital Link URI Syntax §4 (keys and qualifiers).
"""

from __future__ import annotations

_DATE = "N6:yymmd0"
_GLN = "N13:check_digit,company_prefix"
_GSRN = "N18:check_digit,company_prefix"
_COUNTRIES = "N3:country_number" + " N3:country_number?" * 4

STRUCTURES: dict[str, str] = {
    "00": "N18:check_digit",
    **dict.fromkeys(("01", "02", "03"), "N14:check_digit"),
    **dict.fromkeys(("11", "12", "13", "15", "16", "17"), _DATE),
    "253": "N13:check_digit,company_prefix X..17?",
    "255": "N13:check_digit,company_prefix N..12?",
    "30": "N..8",
    "391n": "N3:currency N..15",
    "393n": "N3:currency N..15",
    "401": "X..30:company_prefix",
    "402": "N17:check_digit,company_prefix",
    **dict.fromkeys(("410", "411", "412", "413", "414", "415", "416", "417"), _GLN),
    "421": "N3:country_number X..9",
    "422": "N3:country_number",
    "423": _COUNTRIES,
    "424": "N3:country_number",
    "425": _COUNTRIES,
    "426": "N3:country_number",
    **dict.fromkeys(("4300", "4301", "4310", "4311", "4320"), "X..35:percent_encoded"),
    **dict.fromkeys(("4302", "4303", "4304", "4305", "4306", "4312", "4313", "4314", "4315", "4316"), "X..70:percent_encoded"),
    **dict.fromkeys(("4307", "4317"), "X2:country_letters"),
    "4309": "N10:latitude N10:longitude",
    **dict.fromkeys(("4321", "4322", "4323"), "N1:yes_no"),
    **dict.fromkeys(("4324", "4325"), "N6:yymmd0 N4:hours_minutes"),
    "4326": "N6:yymmdd",
    **dict.fromkeys(("4330", "4331", "4332", "4333"), "N6 X1:hyphen?"),
    "7003": "N6:yymmdd N4:hours_minutes",
    "7004": "N..4",
    "7006": "N6:yymmdd",
    "7007": "N6:yymmdd N6:yymmdd?",
    "7011": "N6:yymmdd N4:hours_minutes?",
    "7023": "X..30:company_prefix",
    "703n": "N3:country_number_or_999 X..27",
    "7040": "N1 X1 X1 X1:importer_index",
    "7041": "X..4:package_type",
    "723n": "X2 X..28",
    "7241": "N2:media_type",
    "7250": "N8:yyyymmdd",
    "7251": "N8:yyyymmdd N4:hours_minutes",
    "7252": "N1:sex",
    **dict.fromkeys(("7253", "7254", "7259"), "X..40:percent_encoded"),
    "7255": "X..10",
    "7256": "X..90:percent_encoded",
    "7257": "X..70:percent_encoded",
    "7258": "X3:position_slash_end",
    "8001": "N4:not_zero N5:not_zero N3:not_zero N1:winding N1",
    "8003": "N1:zero N13:check_digit,company_prefix X..16?",
    "8004": "X..30:company_prefix",
    "8006": "N14:check_digit N4:piece_of_total",
    "8007": "X..34:iban",
    "8008": "N6:yymmdd N2:hours N2:minutes_or_seconds? N2:minutes_or_seconds?",
    "8010": "Y..30:company_prefix",
    "8011": "N..12:no_leading_zero",
    "8013": "X..25:check_pair,company_prefix",
    "8014": "X..25:check_pair,company_prefix,has_letter_or_sign",
    "8017": _GSRN,
    "8018": _GSRN,
    "8026": "N14:check_digit N4:piece_of_total",
    "8030": "Z..90:base64_padding",
    "8043": "N18 N..2?",
    "8110": "X..70:us_coupon",
    "8112": "X..70:positive_offer",
}

EXCLUDES: dict[str, str] = {
    "01": "255 37",
    "02": "01 03",
    "03": "01 02 37",
    "21": "235",
    "255": "01 02 415 8006 8020 8026",
    **{f"{ai}n": f"{ai}n" for ai in (*range(310, 370), 391, 394) if ai not in {317, 318, 319, 338, 339, 358, 359}},
    "390n": "390n 391n 394n 8111",
    "392n": "392n 393n",
    "393n": "393n",
    "394n": "394n 8111",
    "395n": "392n 393n 395n 8005",
    "420": "421",
    "421": "4307",
    **dict.fromkeys(("422", "423", "424", "425"), "426"),
    "4330": "4331",
    "4332": "4333",
    "7250": "7251",
    **dict.fromkeys(("7253", "7254", "7255"), "7256 7259"),
    "7259": "7256",
    "8006": "01 37",
    "8017": "8018",
    "8026": "02 8006",
}
"""These may not stand in one message together; an identifier never excludes itself."""

_TRADE_ITEM = "01 02 8006 8026"
_MADE_ITEM = "01 02 03 8006 8026"
_MEASURE = "30 31nn 32nn 35nn 36nn"
_NET = (*range(310, 317), *range(320, 330), *range(350, 353), 356, 357, 360, 361, 364, 365, 366)
_GROSS = (*range(330, 337), *range(340, 350), 353, 354, 355, 362, 363, 367, 368, 369)

REQUIRES: dict[str, tuple[str, ...]] = {
    "02": ("37",),
    **dict.fromkeys(("10", "11", "13", "15", "16"), (_MADE_ITEM,)),
    "12": ("8020",),
    "17": ("01 02 03 255 8006 8026",),
    **dict.fromkeys(("20", "240", "241", "242", "422", "7001"), (_TRADE_ITEM,)),
    "21": ("01 03 8006",),
    **dict.fromkeys(("22", "235", "243", "8001", "8014", "8200"), ("01",)),
    "250": ("01 8006", "21"),
    **dict.fromkeys(("251", "7021", "7240", "8012"), ("01 8006",)),
    "254": ("414",),
    "30": ("01 02",),
    **{f"{ai}n": ("01 02",) for ai in _NET},
    **{f"{ai}n": ("00 01",) for ai in _GROSS},
    "337n": ("01",),
    "37": ("00", "02 8026"),
    "390n": ("255 8020",),
    "391n": ("8020",),
    "392n": ("01", _MEASURE),
    "393n": (_MEASURE,),
    "394n": ("255",),
    "395n": (_MEASURE,),
    "403": ("00",),
    "415": ("8020",),
    **dict.fromkeys(("423", "424", "425", "426", "703n", "8005", "8008"), ("01 02",)),
    "427": ("01 02", "422"),
    "43nn": ("00",),
    "4303": ("4302",),
    "4313": ("4312",),
    "7004": ("01+10",),
    "70nn": ("01 02",),
    "7020": ("01 8006", "416"),
    "7022": ("7021",),
    "7023": (),
    "7040": (),
    "7041": ("00",),
    "71n": ("01",),
    "723n": ("01 8004",),
    **dict.fromkeys(("7241", "7242", "7253", "7254", "7255", "7256", "8019"), ("8017 8018",)),
    **dict.fromkeys(("7250", "7251", "7252", "7257", "7259"), ("8018",)),
    "7258": ("8018+7259",),
    "8007": ("415",),
    "8009": ("00 01",),
    "8011": ("8010",),
    "8020": ("415",),
    "8026": ("37",),
    "8030": ("00 01+21 253 255 8003 8004 8006+21 8010+8011 8017 8018",),
    "8040": ("01+21",),
    **dict.fromkeys(("8041", "8042", "8043"), ("01+21+8040",)),
    "8111": ("255",),
}
"""Companions GS1 asks for: every group needs one of its alternatives. Judged over all symbols of a pack, so a fact here, no refusal."""

SERIAL_BESIDE_SIGNATURE = {"253": 13, "255": 13, "8003": 14}
"""Keys that must carry their serial part beside a digital signature (8030), and the length of the key without it."""

KEY_QUALIFIERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "00": ((),),
    "01": (("22", "10", "21"), ("235",)),
    "253": ((),),
    "255": ((),),
    "401": ((),),
    "402": ((),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": ((),),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": ((),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""Digital Link: primary key → qualifiers that may follow it in the path, in this order, each once."""

NEVER_ATTRIBUTES = frozenset({"03", "21", "22", "235", "254", "7040", "7041", "8011", "8014", "8019", "8020", "8110", "8112", "8200"})
"""AIs that may not stand in the query of a Digital Link."""

ALPHAS: dict[str, str] = {
    "cpid": "8010", "cpsn": "8011", "cpv": "22", "gcn": "255", "gdti": "253", "giai": "8004", "ginc": "401", "gln": "414", "glnx": "254",
    "gmn": "8013", "grai": "8003", "gsin": "402", "gsrn": "8018", "gsrnp": "8017", "gtin": "01", "itip": "8006", "lot": "10",
    "party": "417", "refno": "8020", "ser": "21", "srin": "8019", "sscc": "00",
}  # fmt: skip
"""Convenience words of early Digital Links; deprecated, read only when asked for."""

MEANINGS: dict[str, str] = {
    "00": "sscc", "01": "gtin", "02": "content_gtin", "03": "made_to_order_gtin", "10": "lot", "11": "made_on", "12": "due_on",
    "13": "packed_on", "15": "best_before", "16": "sell_by", "17": "expires_on", "20": "variant", "21": "serial", "240": "additional_id",
    "241": "customer_part", "250": "secondary_serial", "30": "quantity", "37": "quantity", "400": "order_number", "410": "ship_to",
    "412": "purchased_from", "414": "location_gln", "422": "origin", "7003": "expires_on", "8008": "made_on", "8012": "software_version",
    "310n": "net_weight_kg", "330n": "gross_weight_kg", "8004": "asset",
}  # fmt: skip
"""What an AI is called in our words."""
