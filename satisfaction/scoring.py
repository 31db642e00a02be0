"""The scores of a satisfaction survey, from counted answers alone; a pocket calculator agrees with them (KC 5.3.3.2).

Nothing here knows the database. Fractions are exact; what is stored, the coefficients, has six decimals.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

PLACES = 6  # decimals of a stored coefficient
GRAIN = Decimal(1).scaleb(-PLACES)


class Level(StrEnum):
    """The four answers of an item, the best first (KC 5.3.1.2)."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIR = "fair"
    NOT_SATISFIED = "not_satisfied"


WORTH = {
    Level.VERY_SATISFIED: Fraction(1),
    Level.SATISFIED: Fraction(4, 5),
    Level.FAIR: Fraction(3, 5),
    Level.NOT_SATISFIED: Fraction(0),
}


def item_score(answers: Mapping[str, int], recovered: int) -> Fraction | None:
    """The score of an item, 0 to 100: what its answers are worth, over all recovered sheets (KC 5.3.3.2.2).

    `answers` counts the sheets by level; a sheet that left the item blank counts 0. None without any sheet.
    Raises ValueError for more answers than sheets.
    """
    if sum(answers.values()) > recovered:
        raise ValueError("more answers than recovered sheets")
    if recovered == 0:
        return None
    worth = sum((WORTH[Level(level)] * count for level, count in answers.items()), Fraction(0))
    return worth * 100 / recovered


def answered_score(answers: Mapping[str, int]) -> Fraction | None:
    """The score over those sheets only that answered the item, shown beside the other; None where nobody did."""
    return item_score(answers, sum(answers.values()))


def ranks(marks: Sequence[int]) -> list[Fraction]:
    """The rank of each item by how many sheets marked it as what matters most; equals share their mean rank."""
    found = []
    for count in marks:
        above = sum(each > count for each in marks)
        equal = sum(each == count for each in marks)
        found.append(above + Fraction(equal + 1, 2))
    return found


def usual_step(items: int) -> Fraction:
    """The step from one rank's coefficient to the next where nobody chose another."""
    return Fraction(1, items * items)


def steepest(items: int) -> Fraction:
    """The greatest step with which the last of so many items still has a coefficient above zero, as it is stored."""
    return (Fraction(1, items) - Fraction(GRAIN)) * 2 / (items - 1) if items > 1 else Fraction(1)


def coefficients(marks: Sequence[int], step: Fraction | Decimal | None = None) -> list[Decimal]:
    """How much each item counts: the mean, and steps above and below it by rank; their sum is exactly 1 (KC 5.3.3.2.1).

    What rounding to six decimals leaves over goes to the greatest remainders, among equals to the first by rank.
    Raises ValueError for a step of 0 or less, or one steeper than `steepest`.
    """
    items = len(marks)
    if items == 0:
        return []
    rise = Fraction(step) if step is not None else usual_step(items)
    if not 0 < rise <= steepest(items):
        raise ValueError("the step must lie above 0, and leave every item something")
    placed = ranks(marks)
    exact = [Fraction(1, items) + rise * (Fraction(items + 1, 2) - rank) for rank in placed]
    return rounded(exact, sorted(range(items), key=lambda index: placed[index]))


def rounded(exact: Sequence[Fraction], first: Sequence[int]) -> list[Decimal]:
    """Fractions that sum to 1 as decimals that do, by largest remainder; `first` orders the indexes among equals."""
    grains = [value / Fraction(GRAIN) for value in exact]
    whole = [int(value) for value in grains]  # towards zero, and nothing here is below it
    left = int(1 / Fraction(GRAIN)) - sum(whole)
    by_remainder = sorted(first, key=lambda index: grains[index] - whole[index], reverse=True)
    for index in by_remainder[:left]:
        whole[index] += 1
    return [count * GRAIN for count in whole]


def overall(scores: Sequence[Fraction | None], weights: Sequence[Decimal]) -> Fraction | None:
    """The sum of each item's score times its coefficient (KC 5.3.3.2.3); None where there is no score.

    Raises ValueError where coefficients do not fit the items, or do not sum to 1.
    """
    if len(scores) != len(weights) or sum(weights) != 1:
        raise ValueError("each item has one coefficient, and they sum to 1")
    known = [score for score in scores if score is not None]
    if len(known) != len(scores) or not known:
        return None
    return sum((score * Fraction(weight) for score, weight in zip(known, weights, strict=True)), Fraction(0))


def shown(value: Fraction | None, places: int = 2) -> Decimal | None:
    """A fraction as it is shown, rounded half up at the end and nowhere before."""
    if value is None:
        return None
    scaled = value * 10**places
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-places)
