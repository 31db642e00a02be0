"""What the scores of an assessment come to, and which rating they give (JD 7.1)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from customers.credit.models import Aspect, RatingPolicy, Weight

USUAL_WEIGHTS = {Aspect.OPERATIONS: 30, Aspect.FINANCES: 30, Aspect.PAYMENT: 40}
TENTH = Decimal("0.1")


def in_use() -> bool:
    """Whether the company rates its customers: it does from the first rating policy on, and is stopped by it then."""
    return RatingPolicy.objects.exists()


def weights() -> dict[str, int]:
    """How much each aspect counts: as an administrator says, else as usual. Where all are nothing, as usual, too."""
    said = dict(Weight.objects.values_list("aspect", "weight"))
    found = {str(aspect): said.get(aspect, usual) for aspect, usual in USUAL_WEIGHTS.items()}
    return found if any(found.values()) else {str(aspect): usual for aspect, usual in USUAL_WEIGHTS.items()}


def score_of(scores: Mapping[str, int], weighted: Mapping[str, int]) -> Decimal:
    """The weighted mean of scores from 0 to 100, rounded half up to the tenth."""
    total = Decimal(sum(scores[aspect] * weight for aspect, weight in weighted.items()))
    return (total / sum(weighted.values())).quantize(TENTH, ROUND_HALF_UP)


def policy_for(score: Decimal) -> RatingPolicy | None:
    """The best rating that this score reaches, the worst there is where it reaches none; None where there is none."""
    reached = RatingPolicy.objects.filter(from_score__lte=score).order_by("-from_score").first()
    return reached or RatingPolicy.objects.order_by("from_score").first()


def policy_below(rating: str) -> RatingPolicy | None:
    """The next worse rating that the company has, or None for the worst."""
    return RatingPolicy.objects.filter(rating__gt=rating).order_by("rating").first() if rating else None
