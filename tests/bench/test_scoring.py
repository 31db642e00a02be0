"""The bench scores what a pocket calculator can score as well, in one query, and tells the ratio."""

import pytest

from crm.accounts.models import User
from satisfaction import bench, first_form
from satisfaction.models import Answer, Edition, Item, Questionnaire, Sheet, Wording
from satisfaction.results import result_of
from satisfaction.scoring import shown


@pytest.fixture
def form(transactional_db: None) -> None:
    """The form that a new company begins with; whoever is there plans the survey."""
    first_form.make(Questionnaire, Edition, Item, Wording)
    User.objects.create_user("alice", name="爱丽丝")


def test_what_it_fills_in_are_whole_sheets_with_one_mark_each(form: None) -> None:
    campaign = bench.fill(12 * 97 * 4)
    assert (Sheet.objects.count(), Answer.objects.count()) == (388, 4656)
    result = result_of(campaign)
    assert result.recovered == 388
    assert {line.blank for line in result.lines} == {0}
    assert sum(line.marks for line in result.lines) == 388
    # Of each 97 answers 25 are the best one and 24 each of the others: (25 + .8 × 24 + .6 × 24) / 97 of a hundred.
    assert {shown(line.score) for line in result.lines} == {shown(result.overall)}
    assert str(shown(result.overall)) == "60.41"


def test_scoring_takes_one_query_and_its_ratio_to_the_count_is_told(
    form: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "FEW", 1200)
    size, row = bench.scoring(small=True)
    assert (size, row.failed, row.aim) == ("1,200", 0, 3)
    assert row.label == "score 1,200 answers of a survey in one query, to a plain count of them"
    assert row.base > 0 and row.ours > 0 and row.ratio > 0
