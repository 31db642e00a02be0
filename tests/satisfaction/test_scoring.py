"""The formula of the survey against cases worked out by hand, and what must hold for any answers."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satisfaction import scoring
from satisfaction.scoring import Level, coefficients, item_score, overall, ranks, shown

LEVELS = list(Level)


def counted(*counts):
    return dict(zip(LEVELS, counts, strict=True))


@pytest.mark.parametrize(
    ("counts", "recovered", "score"),
    [
        ((10, 0, 0, 0), 10, "100.00"),
        ((0, 0, 0, 10), 10, "0.00"),
        ((4, 3, 2, 1), 10, "76.00"),  # 4 + 2.4 + 1.2 of 10
        ((4, 3, 2, 0), 10, "76.00"),  # one sheet left it blank, which counts as nothing
        ((1, 1, 0, 0), 3, "60.00"),
        ((1, 0, 1, 0), 3, "53.33"),
        ((0, 0, 0, 0), 4, "0.00"),
    ],
)
def test_an_items_score_is_what_its_answers_are_worth_over_all_recovered_sheets(counts, recovered, score):
    assert shown(item_score(counted(*counts), recovered)) == D(score)


def test_the_figure_over_answered_sheets_leaves_blanks_out():
    answers = counted(4, 3, 2, 0)
    assert shown(item_score(answers, 10)) == D("76.00")
    assert shown(scoring.answered_score(answers)) == D("84.44")  # 7.6 of 9
    assert scoring.answered_score(counted(0, 0, 0, 0)) is None


def test_without_a_sheet_there_is_no_score():
    assert item_score(counted(0, 0, 0, 0), 0) is None
    assert overall([None, None], [D("0.5"), D("0.5")]) is None


def test_more_answers_than_sheets_is_a_mistake():
    with pytest.raises(ValueError, match="more answers"):
        item_score(counted(3, 0, 0, 0), 2)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([9, 7, 5, 3, 1], ["0.28", "0.24", "0.20", "0.16", "0.12"]),
        ([9, 7, 5, 3], ["0.34375", "0.28125", "0.21875", "0.15625"]),
        ([1, 3, 5, 7], ["0.15625", "0.21875", "0.28125", "0.34375"]),  # in the items' order, not the ranks'
        ([4], ["1"]),
        ([0, 0], ["0.5", "0.5"]),
        ([5, 2], ["0.625", "0.375"]),
        ([5, 5, 1], ["0.388889", "0.388889", "0.222222"]),  # 7/18, 7/18, 2/9: ranks 1.5, 1.5 and 3
        ([7, 4, 1], ["0.444445", "0.333333", "0.222222"]),  # 4/9 has the greatest remainder
        ([3, 3, 3], ["0.333334", "0.333333", "0.333333"]),  # equals: the first in the order of the questionnaire
    ],
)
def test_coefficients_worked_out_by_hand(marks, expected):
    assert coefficients(marks) == [D(each) for each in expected]


def test_equals_share_their_mean_rank():
    assert ranks([5, 9, 5, 1]) == [Fraction(5, 2), 1, Fraction(5, 2), 4]
    assert ranks([0, 0, 0]) == [2, 2, 2]


@pytest.mark.parametrize("step", ["0", "-0.01", "0.1"])  # with five items it must stay below 2 / (5 x 4)
def test_a_step_that_leaves_the_last_item_nothing_is_refused(step):
    with pytest.raises(ValueError, match="step"):
        coefficients([5, 4, 3, 2, 1], D(step))


def test_the_steepest_step_still_leaves_the_last_item_something():
    found = coefficients([3, 2, 1], scoring.steepest(3))
    assert found[-1] == D("0.000001")
    assert sum(found) == 1


def test_the_overall_score_is_the_weighted_sum_rounded_only_at_the_end():
    scores = [item_score(counted(1, 0, 1, 0), 3), item_score(counted(1, 1, 0, 0), 3)]  # 53.333..., 60
    found = overall(scores, coefficients([2, 1]))
    assert found == Fraction(160, 3) * Fraction(5, 8) + 60 * Fraction(3, 8)
    assert shown(found) == D("55.83")


def test_coefficients_that_do_not_sum_to_one_give_no_overall_score():
    with pytest.raises(ValueError, match="sum to 1"):
        overall([Fraction(50), Fraction(60)], [D("0.5"), D("0.499999")])


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.data())
def test_coefficients_are_positive_sum_to_exactly_one_and_follow_the_ranks(marks, data):
    steep = scoring.steepest(len(marks))
    step = data.draw(st.one_of(st.none(), st.fractions(min_value=steep / 1000, max_value=steep)))
    found = coefficients(marks, step)
    assert sum(found) == 1
    assert all(each > 0 and each == each.quantize(scoring.GRAIN) for each in found)
    for mine, weight in zip(marks, found, strict=True):
        assert all(weight >= other for theirs, other in zip(marks, found, strict=True) if mine > theirs)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.data())
def test_a_coefficient_is_rounded_up_only_where_the_remainder_is_among_the_greatest(marks, data):
    items = len(marks)
    step = data.draw(st.fractions(min_value=scoring.steepest(items) / 1000, max_value=scoring.steepest(items)))
    up, down = [Fraction(1)], [Fraction(0)]
    for rank, weight in zip(ranks(marks), coefficients(marks, step), strict=True):
        grains = (Fraction(1, items) + step * (Fraction(items + 1, 2) - rank)) / Fraction(scoring.GRAIN)
        rounded, remainder = weight / scoring.GRAIN, grains - int(grains)
        assert rounded in (int(grains), int(grains) + 1)
        (up if rounded > int(grains) else down).append(remainder)
    assert min(up) >= max(down)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=40), st.data())
def test_one_more_mark_never_lowers_what_an_item_counts(marks, data):
    place = data.draw(st.integers(0, len(marks) - 1))
    more = [count + (index == place) for index, count in enumerate(marks)]
    # What is left over by rounding may go elsewhere, which is one grain at most.
    assert coefficients(more)[place] >= coefficients(marks)[place] - scoring.GRAIN


SHEETS = st.lists(st.lists(st.sampled_from([*LEVELS, None]), min_size=3, max_size=3), min_size=1, max_size=30)


def score_of(sheets, weights):
    answers = [{level: sum(sheet[item] == level for sheet in sheets) for level in LEVELS} for item in range(3)]
    return overall([item_score(each, len(sheets)) for each in answers], weights)


@given(SHEETS, st.data())
def test_raising_one_answer_never_lowers_the_score(sheets, data):
    weights = coefficients(data.draw(st.lists(st.integers(0, 9), min_size=3, max_size=3)))
    row, item = data.draw(st.integers(0, len(sheets) - 1)), data.draw(st.integers(0, 2))
    rising = [None, *reversed(LEVELS)]  # a blank is worth what "not satisfied" is
    place = rising.index(sheets[row][item])
    better = [list(sheet) for sheet in sheets]
    better[row][item] = data.draw(st.sampled_from(rising[place:]))
    assert score_of(better, weights) >= score_of(sheets, weights)


@given(SHEETS, st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_does_not_matter(sheets, chance):
    shuffled = list(sheets)
    chance.shuffle(shuffled)
    weights = coefficients([3, 2, 1])
    assert score_of(shuffled, weights) == score_of(sheets, weights)
