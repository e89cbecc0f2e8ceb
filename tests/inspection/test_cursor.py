"""The hand goes along the row with one gauge, then down, one subgroup after the other, and never loses a cell."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.base.measurement import Limits
from app.base.phrases import Language, Name
from ui.inspection.cursor import Place, moved, next_empty, pages, walk
from ui.inspection.words import InSentence, figure, limits_words

rows = st.integers(1, 8)
samples = st.integers(1, 40)


@given(rows, samples)
def test_the_walk_visits_every_cell_once(rows: int, samples: int):
    visited = list(walk(rows, samples))
    assert len(visited) == len(set(visited)) == rows * samples


def test_five_of_a_row_then_the_next_row_then_the_next_five():
    order = [(place.row, place.sample) for place in walk(2, 7)]
    assert order == [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (0, 6), (0, 7), (1, 6), (1, 7)]


@given(rows, samples, st.data())
def test_the_next_empty_cell_is_empty_and_none_means_full(rows: int, samples: int, data: st.DataObject):
    order = list(walk(rows, samples))
    taken = set(data.draw(st.lists(st.sampled_from(order), unique=True)))
    after = data.draw(st.none() | st.sampled_from(order))
    found = next_empty(taken, rows=rows, samples=samples, after=after)
    assert (found is None) == (len(taken) == len(order))
    assert found not in taken


@given(rows, samples, st.data())
def test_arrows_stay_inside_the_grid(rows: int, samples: int, data: st.DataObject):
    place = data.draw(st.sampled_from(list(walk(rows, samples))))
    step = moved(place, rows=rows, samples=samples, down=data.draw(st.integers(-2, 2)), right=data.draw(st.integers(-2, 2)))
    assert step in set(walk(rows, samples))
    assert step.sample in pages(samples)[step.page]


def test_limits_are_written_as_they_are_drawn():
    def limits(lower: str | None, nominal: str | None, upper: str | None) -> Limits:
        lower_, nominal_, upper_ = (None if one is None else Decimal(one) for one in (lower, nominal, upper))
        return Limits(unit="mm", lower=lower_, nominal=nominal_, upper=upper_)

    assert limits_words(limits("24.5", "25", "25.5"), 2) == "25.00 ± 0.50 mm"
    assert limits_words(limits("24.50", "25.00", "25.60"), 2) == "24.50 – 25.60 mm"
    assert limits_words(limits("7", None, None), 1) == "≥ 7.0 mm"
    assert limits_words(limits(None, None, "0.20"), 2) == "≤ 0.20 mm"
    assert figure(Decimal("0.1255"), 2) == "0.1255", "a limit is never rounded"


def test_a_name_begins_small_inside_an_english_sentence_unless_it_is_a_symbol():
    assert InSentence(Name("Effective length", "有效长度")).in_language(Language.EN) == "effective length"
    assert InSentence(Name("pH", "pH")).in_language(Language.EN) == "pH"
    assert InSentence(Name("ID of hub", "座内径")).in_language(Language.EN) == "ID of hub"
    assert InSentence(Name("Effective length", "有效长度")).in_language(Language.ZH) == "有效长度"


def test_a_place_knows_its_page():
    assert [Place(0, sample).page for sample in (1, 5, 6, 20)] == [0, 0, 1, 3]
