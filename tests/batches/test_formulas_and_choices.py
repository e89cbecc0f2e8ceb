"""Fields that are computed from others, and answers that are one of a few: the record says how, the database does it."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from app.batches.formula import LONGEST, why_not
from app.batches.master import Parameters
from app.batches.master_file import MasterNotReadable, parse
from app.batches.queries import exceptions_of
from app.batches.rules import DeviationWanted, FieldNotAsked, MasterNotWhole, StepLacks, ValueCannotBe
from app.deviations.queries import deviations_of
from tests.attack.target import sqlstate_of
from tests.batches.bench import Bench, open_bench
from tests.batches.masters import revised, signed
from tests.batches.refusals import current, move, refuses, tried
from tests.batches.runs import Run
from tests.batches.test_batch_hold import hold
from tests.batches.test_record import between, paper, words
from tests.batches.test_step_looks import SIZES, troubles
from tests.inspection.station import elsewhere
from ui.batches.step_correction import CorrectionSheet
from ui.deviations.words import what

pytestmark = pytest.mark.capability("F4")

PRESSURE = "unit: kPa, decimals: 0, lower: 380, upper: 440, source: typed}\n"
WORK = (
    "      - {key: work, name: {en: Jaw work, zh: 压合功}, unit: kPa·s, decimals: 1, lower: 450, soft_upper: 520, upper: 560,"
    ' source: formula, formula: "pressure * dwell"}\n'
    "      - {key: share, name: {en: Share, zh: 占比}, unit: '%', decimals: 2, upper: 600,"
    ' source: formula, formula: "100 * (work - 400) / (pressure - 400)"}\n'
)
FILM = """    choices:
      - key: film
        name: {en: Film side, zh: 膜面}
        options:
          - {key: matt, name: {en: Matt side up, zh: 哑面朝上}}
          - {key: gloss, name: {en: Gloss side up, zh: 亮面朝上}, accepted: false}
          - {key: either, name: {en: Both sides alike, zh: 两面相同}}
"""
SOURCE = revised(2, (PRESSURE, PRESSURE + WORK + FILM))


@pytest.fixture
def sealing(run: Run) -> Run:
    """A batch by a record with formulas and a choice; its sealing step is under way and has a machine's samples."""
    own = Run(run.plant, run.plant.start_batch(master=signed(run.plant, SOURCE)), run.hubs, run.clips)
    own.clear()
    own.load()
    own.assemble()
    own.start("sealing")
    own.says("137.0", "137.2")
    return own


def values(run: Run) -> dict[str, tuple[Decimal | None, str]]:
    return {field: (value, verdict) for (field, _), (_, value, verdict) in current(run, "sealing").items()}


def entry(run: Run, field: str) -> UUID:
    return current(run, "sealing")[field, 1][0]


def test_the_record_is_read_as_it_is_written():
    step = parse(SOURCE).step("sealing")
    assert isinstance(step, Parameters)
    assert [one.formula for one in step.parameters if one.source == "formula"] == [
        "pressure * dwell",
        "100 * (work - 400) / (pressure - 400)",
    ]
    assert [(option.key, option.accepted) for option in step.choices[0].options] == [("matt", True), ("gloss", False), ("either", True)]


WRONG = [
    ('formula: "pressure * dwell"', 'formula: "pressure * force"', "names force"),
    ('formula: "pressure * dwell"', 'formula: "pressure * share"', "names share"),
    ('formula: "pressure * dwell"', 'formula: "pressure * temperature"', "names temperature"),
    ('formula: "pressure * dwell"', 'formula: "pressure ** dwell"', "cannot have “*” there"),
    ('formula: "pressure * dwell"', 'formula: "abs(dwell)"', "names abs"),
    ('formula: "pressure * dwell"', 'formula: "(pressure * dwell"', "not finished"),
    ('formula: "pressure * dwell"', 'formula: "pressure * dwell; DROP"', "cannot have “;” there"),
    (', formula: "pressure * dwell"', "", "with source: formula"),
    ('source: formula, formula: "pressure * dwell"', 'source: typed, formula: "pressure * dwell"', "with source: formula"),
    ("key: gloss", "key: matt", "key twice"),
    ("zh: 哑面朝上}}", "zh: 哑面朝上}, accepted: maybe}", "Write true or false"),
    ("key: film", "key: dwell", "stands on two parameters"),
    ("key: work,", "key: minutes,", "the database's own"),
    ("key: film", "key: made", "the database's own"),
]


@pytest.mark.parametrize(("old", "new", "reason"), WRONG, ids=[reason for *_, reason in WRONG])
def test_what_is_wrong_is_named_by_step_and_reason_in_both_languages(old: str, new: str, reason: str):
    assert old in SOURCE
    with pytest.raises(MasterNotReadable) as told:
        parse(SOURCE.replace(old, new, 1))
    assert str(told.value.facts["where"]) == "step sealing"
    assert reason in str(told.value.facts["reason"])
    assert "未读取" in told.value.what.in_language(Language.ZH)


INPUTS = ("a", "b_2")
TOKENS = st.sampled_from(
    [*INPUTS, "c", "1", "2.50", "0.000001", "1e3", "007", "(", ")", "+", "-", "*", "/", "--", "/*", ";", "'", '"', "$1", "π"]
)
FIGURES = st.decimals(min_value=-1000, max_value=1000, places=3)


LEAF = st.sampled_from([*INPUTS, "1", "2.50", "100", "7"])
WHOLE = st.recursive(
    LEAF,
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner, st.booleans()).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})" if parts[3] else f"{parts[0]} {parts[1]} {parts[2]}"
    ),
    max_leaves=8,
).filter(lambda formula: len(formula) <= LONGEST)
"""Formulas that can be read, with brackets and without."""


def _computed(formula: str, a: Decimal, b: Decimal) -> Fraction | None:
    """By another arithmetic, exact fractions; ``None``: nothing can be divided."""
    parts = [f"F('{part}')" if part[0].isdigit() else part for part in formula.replace("(", "( ").replace(")", " )").split()]
    try:
        found = eval(" ".join(parts), {"__builtins__": {}}, {"a": Fraction(a), "b_2": Fraction(b), "F": Fraction})
    except ZeroDivisionError:
        return None
    assert isinstance(found, Fraction)
    return found


def _asked(shell: psycopg.Connection, formula: str, a: Decimal, b: Decimal, decimals: int = 3) -> Decimal | None:
    """What the database makes of it."""
    given = f'{{"a": {a:f}, "b_2": {b:f}}}'
    told = shell.execute("SELECT lineside.formula_result(%s, %s::jsonb, %s)", [formula, given, decimals]).fetchone()
    assert told is not None
    assert told[0] is None or isinstance(told[0], Decimal)
    return told[0]


def _rounded(exact: Fraction, decimals: int) -> Decimal:
    """Half away from zero, in whole numbers."""
    scaled = abs(exact) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-decimals)


def test_database_and_file_read_the_same_formulas_and_the_figures_are_those_of_exact_fractions(floor: Run):
    shell = floor.plant.superuser()

    @settings(max_examples=200, deadline=None)
    @given(st.lists(TOKENS, max_size=9).map(" ".join) | WHOLE)
    def read_alike(formula: str) -> None:
        told = shell.execute("SELECT lineside.formula_reads(%s, %s)", [formula, [*INPUTS]]).fetchone()
        assert told == (why_not(formula, INPUTS) is None,), formula

    @settings(max_examples=200, deadline=None)
    @given(WHOLE, FIGURES, FIGURES)
    def compute_alike(formula: str, a: Decimal, b: Decimal) -> None:
        found, exact = _asked(shell, formula, a, b), _computed(formula, a, b)
        assert (found is None) == (exact is None), formula
        assert exact is None or found == _rounded(exact, 3), formula

    read_alike()
    compute_alike()
    floor.home()


def test_halves_are_rounded_away_from_zero_after_a_quotient_that_never_ends_too(floor: Run):
    shell = floor.plant.superuser()
    assert _asked(shell, "a / 3 * 3", Decimal("2.5"), Decimal(0), 0) == 3
    assert _asked(shell, "a / (a / 3 - b_2 / 3)", Decimal("1.1"), Decimal("1.1")) is None, "nothing is divided by what is nothing"
    assert [_asked(shell, "a / 2", Decimal(a), Decimal(0)) for a in ("0.001", "-0.001", "0.003")] == [
        Decimal("0.001"),
        Decimal("-0.001"),
        Decimal("0.002"),
    ]
    floor.home()


def test_a_formula_is_entered_with_its_last_input_judged_and_counted_again_when_one_is_corrected(sealing: Run):
    sealing.enter("sealing", "dwell", "1.20", unit="s")
    assert "work" not in values(sealing)
    sealing.enter("sealing", "pressure", "410", unit="kPa")
    assert values(sealing)["work"] == (Decimal("492.0"), "conforms")
    assert values(sealing)["share"] == (Decimal("920.00"), "too high")  # a formula over a formula
    rows = sealing.plant.rows("SELECT origin, unit, entered_by, near_limit FROM step_entry WHERE field = 'work'")
    assert rows == [("computed", "kPa·s", "chen.jing", False)]
    sealing.enter("sealing", "pressure", "430", unit="kPa", corrects=entry(sealing, "pressure"), reason="read the wrong gauge")
    assert values(sealing)["work"] == (Decimal("516.0"), "conforms")
    assert values(sealing)["share"] == (Decimal("386.67"), "conforms")
    sealing.enter("sealing", "pressure", "440", unit="kPa", corrects=entry(sealing, "pressure"), reason="read again")
    near = sealing.plant.rows("SELECT near_limit, reason FROM step_entry WHERE field = 'work' ORDER BY entered_at DESC LIMIT 1")
    assert near == [(True, "counted again")]
    told = [(x.kind, x.field) for x in sealing.at.ask(lambda session: exceptions_of(session, sealing.batch))]
    assert ("correction", "pressure") in told
    assert ("correction", "work") not in told, "nobody corrected what the database counted again"


def test_what_cannot_be_computed_any_more_is_lacking_and_nothing_is_made_up_for_it(sealing: Run):
    sealing.enter("sealing", "film", said="matt")
    sealing.enter("sealing", "dwell", "1.20", unit="s")
    refuses(sealing.plant, StepLacks, partial(sealing.finish, "sealing"), missing="pressure")
    sealing.enter("sealing", "pressure", "400", unit="kPa")  # 100 · … / (400 − 400)
    assert "share" not in values(sealing)
    refuses(sealing.plant, StepLacks, partial(sealing.finish, "sealing"), missing="share")
    assert tried(sealing, "chen.jing", move(sealing, "sealing", "done")) == StepLacks.sqlstate
    sealing.enter("sealing", "pressure", "420", unit="kPa", corrects=entry(sealing, "pressure"), reason="misread")
    assert values(sealing)["share"] == (Decimal("520.00"), "conforms")
    sealing.enter("sealing", "pressure", "400", unit="kPa", corrects=entry(sealing, "pressure"), reason="it was right")
    refuses(sealing.plant, StepLacks, partial(sealing.finish, "sealing"), missing="share")  # what stands there is of another pressure


def test_a_correction_after_the_end_counts_again_raises_the_version_and_lets_signatures_fall(sealing: Run):
    _seal(sealing)
    before = sealing.version("sealing")
    sealing.enter("sealing", "dwell", "1.10", unit="s", corrects=entry(sealing, "dwell"), reason="misread")
    assert values(sealing)["work"] == (Decimal("462.0"), "conforms")
    assert sealing.version("sealing") > before


def _seal(run: Run) -> None:
    """All in order."""
    run.enter("sealing", "film", said="matt")
    run.enter("sealing", "dwell", "1.20", unit="s")
    run.enter("sealing", "pressure", "420", unit="kPa")
    run.finish("sealing")


def test_nobody_enters_a_formula_and_nobody_answers_what_the_record_does_not_name_from_sql_either(sealing: Run):
    refuses(sealing.plant, FieldNotAsked, partial(sealing.enter, "sealing", "work", "500", unit="kPa·s"), field="work")
    refuses(sealing.plant, ValueCannotBe, partial(sealing.enter, "sealing", "film", said="yes"), field="film")
    step = sealing.steps["sealing"]
    typed = f"""INSERT INTO lineside.step_entry (id, batch_step, field, value, unit, origin)
        VALUES (uuidv7(), '{step}', 'work', 500, 'kPa·s', 'typed')"""
    assert tried(sealing, "chen.jing", typed) == FieldNotAsked.sqlstate
    early = f"INSERT INTO lineside.step_entry (id, batch_step, field, value, origin) VALUES (uuidv7(), '{step}', 'work', 500, 'computed')"
    assert tried(sealing, "chen.jing", early) == ValueCannotBe.sqlstate  # its inputs are not there: there is nothing to compute
    odd = f"INSERT INTO lineside.step_entry (id, batch_step, field, said, origin) VALUES (uuidv7(), '{step}', 'film', 'upside', 'typed')"
    assert tried(sealing, "chen.jing", odd) == ValueCannotBe.sqlstate


def test_an_answer_that_is_not_accepted_is_stored_and_holds_the_step_until_its_deviation_is_decided(sealing: Run):
    sealing.enter("sealing", "film", said="gloss")
    sealing.enter("sealing", "dwell", "1.20", unit="s")
    sealing.enter("sealing", "pressure", "420", unit="kPa")
    assert current(sealing, "sealing")["film", 1][2] == "fails"
    refuses(sealing.plant, DeviationWanted, partial(sealing.finish, "sealing"), field="film")
    assert tried(sealing, "chen.jing", move(sealing, "sealing", "done")) == DeviationWanted.sqlstate
    deviation = sealing.deviate(entry(sealing, "film"))
    row = sealing.at.ask(lambda session: deviations_of(session, kind="batch", subject=sealing.batch))[0]
    assert [what(row).in_language(language) for language in Language] == ["Film side: Gloss side up", "膜面：亮面朝上"]
    ((facts,),) = sealing.plant.rows("SELECT facts FROM deviation WHERE id = %s", deviation)
    assert isinstance(facts, dict)
    assert (facts["said"], facts["said_en"], facts["said_zh"]) == ("gloss", "Gloss side up", "亮面朝上")
    sealing.finish("sealing")
    sealing.home()
    assert "step 7, Pouch sealing: Film side, Gloss side up" in words(paper(sealing.plant, sealing.batch))


HOSTILE = ["1); DROP TABLE lineside.lot; --", "pg_sleep(5)", "pressure -- dwell", "pressure /* dwell", "$1", "lot", "((((1", "", "1 2", "π"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_record_whose_formula_is_none_is_refused_by_the_database_itself(run: Run, text: str):
    """Past the file's own check: by somebody who may prepare records, in a SQL shell."""
    quoted = text.replace("'", "''").replace('"', '\\"')
    master = signed(run.plant, SOURCE)
    shell = run.plant.shell("zhao.lei")
    document = "00000000-0000-7000-8000-00000000f04a"
    prepared = f"""INSERT INTO lineside.document (id, kind, code, revision, site, effective_from)
        SELECT '{document}', 'master_record', 'MR-SIV-2225', 3, site, effective_from FROM lineside.document WHERE id = '{master}'"""
    content = f"""INSERT INTO lineside.master_record (id, product, batch_size, unit, shelf_life_days, content, source)
        SELECT '{document}', product, batch_size, unit, shelf_life_days,
               jsonb_set(content, '{{steps,6,parameters,3,formula}}', to_jsonb('{quoted}'::text)), source
          FROM lineside.master_record_seen WHERE id = '{master}'"""
    assert sqlstate_of(shell, prepared, content) == MasterNotWhole.sqlstate


def test_names_of_the_database_s_own_figures_are_given_to_no_other_from_sql_either(run: Run):
    master = signed(run.plant, SOURCE)
    asked = """SELECT lineside.step_is_whole(jsonb_set(content #> '{steps,6}', %s::text[], to_jsonb(%s::text)))
        FROM master_record WHERE id = %s"""
    for place in (["parameters", "3", "key"], ["choices", "0", "key"]):
        for key, whole in (("own_name", True), ("minutes", False), ("made", False), ("not_found", False)):
            if place[0] == "choices" or key != "own_name":
                assert run.plant.rows(asked, place, key, master) == [(whole,)], (place, key)


def test_a_correction_that_makes_a_figure_computable_counts_while_the_batch_is_held(sealing: Run):
    sealing.enter("sealing", "dwell", "1.20", unit="s")
    sealing.enter("sealing", "pressure", "400", unit="kPa")  # nothing is divided by 400 − 400
    hold(sealing)
    sealing.enter("sealing", "pressure", "420", unit="kPa", corrects=entry(sealing, "pressure"), reason="misread")
    assert values(sealing)["share"] == (Decimal("520.00"), "conforms")


def test_paper_names_answers_and_formulas_in_both_languages(sealing: Run):
    sealing.enter("sealing", "film", said="gloss")
    sealing.enter("sealing", "film", said="matt", corrects=entry(sealing, "film"), reason="the roll was turned")
    sealing.enter("sealing", "dwell", "1.20", unit="s")
    sealing.enter("sealing", "pressure", "410", unit="kPa")
    sealing.home()
    text = words(paper(sealing.plant, sealing.batch))
    sealed = between(text, "7. Pouch sealing", "8. Seal width")
    assert "= pressure * dwell; digits after the point: 1, halves rounded away from zero" in sealed
    assert "Jaw work" in sealed
    assert "492.0" in sealed
    assert "Matt side up or Both sides alike" in sealed
    assert "Gloss side up by Chen Jing" in sealed
    assert between(text, "Exceptions", "1. Line clearance").count("Gloss side up") == 1
    chinese = words(paper(sealing.plant, sealing.batch, Language.ZH)).replace(" ", "")
    for said in ("压合功", "哑面朝上", "亮面朝上", "保留1位小数"):
        assert said in chinese


@pytest.fixture
def bench(sealing: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """The operator at the window, sealing under way."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with open_bench(sealing, qtbot, tmp_path) as bench:
        yield bench


def test_at_the_window_a_digit_chooses_enter_takes_and_the_computed_figure_stands_there_by_itself(bench: Bench):
    bench.reads("Read and enter: Dwell.")
    bench.write("1.20", "Read and enter: Jaw pressure.")
    bench.write("420", "Choose: Film side.")
    bench.until(lambda: "504.0" in bench.glass())
    for size in (*SIZES, SIZES[0]):
        bench.window.resize(*size)
        bench.until(lambda size=size: bench.window.size().toTuple() == size)
        assert troubles(bench, size) == []
    assert bench.reason == "nothing is chosen yet"
    bench.press(Qt.Key.Key_1)
    bench.until(lambda: bench.primary == "Take “Matt side up”")
    assert bench.run.plant.rows("SELECT count(*) FROM step_entry WHERE field = 'film'") == [(0,)], "a digit alone takes nothing"
    bench.enter("Finish the step.")
    assert bench.run.plant.rows("SELECT said, verdict FROM step_entry WHERE field = 'film'") == [("matt", "conforms")]
    bench.until(lambda: "Film side: Matt side up" in bench.glass())


def test_a_station_that_was_killed_comes_back_to_the_answer_that_was_chosen_and_not_yet_taken(
    sealing: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    sealing.enter("sealing", "dwell", "1.20", unit="s")
    sealing.enter("sealing", "pressure", "420", unit="kPa")
    with open_bench(sealing, qtbot, tmp_path) as bench:
        bench.reads("Choose: Film side.")
        bench.press(Qt.Key.Key_3)
        bench.until(lambda: sealing.plant.rows("SELECT count(*) FROM draft WHERE screen = 'batches.step'") == [(1,)])
    with open_bench(sealing, qtbot, tmp_path / "again") as bench:
        bench.until(lambda: bench.primary == "Take “Both sides alike”")
        bench.enter("Finish the step.")
    assert sealing.plant.rows("SELECT said FROM step_entry WHERE field = 'film'") == [("either",)]


def test_a_wrong_answer_is_corrected_with_a_reason_and_both_stay_to_be_seen(bench: Bench):

    def answer() -> None:
        bench.run.enter("sealing", "film", said="gloss")
        bench.run.home()

    elsewhere(answer)
    bench.until(lambda: bench.screen.view is not None and ("film", 1) in bench.screen.view.step.current)
    view = bench.screen.view
    assert view is not None
    assert view.step is not None
    asked = next(one for one in view.step.fields if one.field == "film")
    bench.screen.correct(asked)
    sheet = bench.window.frame.sheet
    assert isinstance(sheet, CorrectionSheet)
    sheet.answer.choose(0)
    sheet.answer.chosen.emit(0)
    sheet.reason.setFocus()
    bench.type("the roll was turned")
    bench.window.idle.touch()
    bench.press(Qt.Key.Key_Return)
    said = "SELECT said FROM step_entry WHERE field = 'film' ORDER BY entered_at"
    bench.until(lambda: bench.run.plant.rows(said) == [("gloss",), ("matt",)])
    bench.until(lambda: "Film side: Matt side up" in bench.glass())
