"""The evaluation report (顾客满意度评价报告): recovery, groups, earlier waves, what to mend first (KC 5.3.3, S4)."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, User
from customers.models import Customer
from satisfaction import scoring
from satisfaction.funnel import funnel_of
from satisfaction.models import Answer, Campaign, Invitation
from satisfaction.results import Line, Result, at_least, by_level, may_be_shown, result_of, results_of
from satisfaction.scoring import Level

WAVES = 7  # earlier surveys that the line shows
BESIDE = 3  # of them that stand beside the scores of the items
DIMENSIONS = (
    ("owner", _("Owner")),
    ("department", _("Department")),
    ("tier", _("Tier")),
    ("region", _("Region")),
)


@dataclass(frozen=True)
class Group:
    """A part of the customers: how many were asked, how many sheets came, and their overall score."""

    key: Any
    label: str
    sent: int
    recovered: int
    on_time: int
    overall: Fraction | None
    counts: dict[int, dict[str, int]]  # by item, how often each level was answered

    @property
    def rate(self) -> Fraction | None:
        """Recovered sheets of a hundred that were sent."""
        return Fraction(100 * self.recovered, self.sent) if self.sent else None


def recovery(campaign: Campaign) -> dict[str, Any]:
    """How many were sent, recovered, of them in time, and the share of both (KC 5.3.3.1)."""
    sent = campaign.invitations.filter(status__in=Invitation.SENT_OUT).count()
    sheets = campaign.sheets.filter(counted=True)
    counts = sheets.aggregate(back=Count("pk"), in_time=Count("pk", filter=Q(late=False)))
    back, in_time = counts["back"], counts["in_time"]
    of = Fraction(100, sent) if sent else None
    return {
        "sent": sent,
        "recovered": back,
        "on_time": in_time,
        "rate": scoring.shown(back * of, 1) if of else None,
        "on_time_rate": scoring.shown(in_time * of, 1) if of else None,
    }


def _labels(dimension: str, keys: set[Any]) -> dict[Any, str]:
    if dimension == "owner":
        return {each.pk: each.display_name for each in User.objects.filter(pk__in=keys)}
    if dimension == "department":
        return {each.pk: str(each) for each in Department.objects.filter(pk__in=[key for key in keys if key])}
    if dimension == "tier":
        return {key: str(Customer.Tier(key).label) for key in keys}
    return {key: key for key in keys}


def groups_of(campaign: Campaign, result: Result, dimension: str) -> list[Group]:
    """The parts of the customers by one column of the invitation, each scored with the campaign's coefficients.

    Three queries, however many groups there are. An anonymous campaign has none: its sheets belong to nobody.
    """
    if campaign.anonymous:
        return []
    column = f"sheet__invitation__{dimension}"
    rows = Answer.objects.filter(sheet__campaign=campaign, sheet__counted=True)
    answers: dict[Any, dict[int, dict[str, int]]] = defaultdict(dict)
    for row in rows.order_by().values(column, "item").annotate(**by_level()):
        answers[row[column]][row["item"]] = {level.value: row[level.value] for level in Level}
    asked = campaign.invitations.filter(status__in=Invitation.SENT_OUT).order_by().values(dimension)
    counts = asked.annotate(
        sent=Count("pk"),
        back=Count("pk", filter=Q(sheet__counted=True)),
        in_time=Count("pk", filter=Q(sheet__counted=True, sheet__late=False)),
    )
    found = {row[dimension]: row for row in counts}
    labels = _labels(dimension, set(found))
    groups = []
    for key, row in found.items():
        back = at_least(row["back"], answers[key])
        scores = [scoring.item_score(answers[key].get(line.wording.item_id, {}), back) for line in result.lines]
        overall = scoring.overall(scores, [line.coefficient for line in result.lines])
        label = labels.get(key, "") or "–"
        groups.append(Group(key, label, row["sent"], back, row["in_time"], overall, answers[key]))
    return sorted(groups, key=lambda each: (-(each.overall if each.overall is not None else -1), each.label))


def waves_before(campaign: Campaign) -> QuerySet[Campaign]:
    """The surveys of the same kind with the same questionnaire that are over, the latest first."""
    rows = Campaign.objects.filter(
        kind=campaign.kind,
        edition__questionnaire=campaign.edition.questionnaire_id,
        opens_on__lt=campaign.opens_on,
        status__in=[Campaign.Status.ENDED, Campaign.Status.REPORTED],
    )
    return rows.order_by("-opens_on", "-pk")


def earlier(campaign: Campaign, by: User | None = None) -> list[tuple[Campaign, Result]]:
    """The last of them with their results, as far as they may be shown, to `by` where he is given; the latest first."""
    rows: Any = waves_before(campaign)
    waves = list((rows if by is None else rows.visible_to(by))[:WAVES])
    results = results_of(waves)
    return [(each, results[each.pk]) for each in waves if may_be_shown(each, results[each.pk].recovered)]


def compared(result: Result, waves: list[tuple[Campaign, Result]]) -> list[dict[str, Any]]:
    """Each item with its scores in the earlier waves, by its identity, however it was worded then."""
    before = [(each, {line.wording.item_id: line.score for line in wave.lines}) for each, wave in waves]
    rows = []
    for line in result.lines:
        past = [(each, scores.get(line.wording.item_id)) for each, scores in before]
        rows.append(
            {
                "text": str(line.wording),
                "score": scoring.shown(line.score),
                "past": [{"when": f"{each.opens_on:%Y-%m}", "score": scoring.shown(score)} for each, score in past],
                "change": change_of(line.score, past[0][1]) if past else "",
            }
        )
    return rows


def change_of(score: Fraction | None, before: Fraction | None) -> str:
    """By how much a score went up or down, with its sign; empty where there is none to compare with."""
    return _signed(None if score is None or before is None else score - before)


def _signed(change: Fraction | None) -> str:
    if change is None:
        return ""
    size = scoring.shown(abs(change))
    return f"+{size}" if change > 0 else f"−{size}" if change < 0 else f"{size}"


@dataclass(frozen=True)
class Means:
    """Between which an item matters and is well answered: the mean score, and the mean coefficient."""

    score: Fraction
    coefficient: Fraction


def means(result: Result) -> Means | None:
    """The lines between the quadrants; None without a sheet or an item."""
    known = [line.score for line in result.lines if line.score is not None]
    if not known:
        return None
    return Means(sum(known, Fraction(0)) / len(known), Fraction(1, len(result.lines)))


FIRST, KEEP, LATER, FINE = "first", "keep", "later", "fine"
QUADRANTS = {
    FIRST: _("Mend first: matters, and is below the mean"),
    KEEP: _("Keep up: matters, and is above the mean"),
    LATER: _("Mend later: matters less, and is below the mean"),
    FINE: _("Enough is done: matters less, and is above the mean"),
}


def quadrant_of(line: Line, between: Means) -> str:
    """Where an item stands: its coefficient against the mean one, its score against the mean of all items."""
    # A coefficient that is the mean one may have been rounded down by a grain.
    matters = Fraction(line.coefficient) > between.coefficient - Fraction(scoring.GRAIN)
    good = (line.score or Fraction(0)) >= between.score
    return (KEEP if good else FIRST) if matters else (FINE if good else LATER)


def quadrants(result: Result) -> list[dict[str, Any]]:
    """The items by what to do about them, what to mend first at the top; nothing without a sheet."""
    between = means(result)
    if between is None:
        return []
    found: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, line in enumerate(result.lines, 1):
        found[quadrant_of(line, between)].append((number, line))
    return [
        {
            "key": key,
            "label": label,
            "items": [
                {
                    "number": number,
                    "text": str(line.wording),
                    "score": scoring.shown(line.score),
                    "coefficient": line.coefficient,
                }
                for number, line in sorted(found[key], key=lambda each: each[1].score or Fraction(0))
            ],
        }
        for key, label in QUADRANTS.items()
    ]


class Evaluation:
    """A survey as its report tells it to one reader; each part is asked for once, where it is first needed."""

    def __init__(self, campaign: Campaign, user: User) -> None:
        self.campaign, self.user = campaign, user
        self._groups: dict[str, list[Group]] = {}

    @cached_property
    def result(self) -> Result:
        """Counts, scores, coefficients."""
        return result_of(self.campaign)

    @property
    def shown(self) -> bool:
        """Whether anything of it may be shown."""
        return may_be_shown(self.campaign, self.result.recovered)

    @cached_property
    def waves(self) -> list[tuple[Campaign, Result]]:
        """The earlier surveys that the reader sees, the latest first."""
        return earlier(self.campaign, self.user)

    @cached_property
    def funnel(self) -> list[dict[str, Any]]:
        """By owner how many were sent, opened, begun, answered whole."""
        return funnel_of(self.campaign)

    def groups(self, dimension: str) -> list[Group]:
        """The parts of the customers by a column of DIMENSIONS; none of an anonymous survey."""
        if dimension not in self._groups:
            self._groups[dimension] = groups_of(self.campaign, self.result, dimension)
        return self._groups[dimension]

    def parts(self) -> dict[str, Any]:
        """What page and paper say beside the drawings."""
        beside = self.waves[:BESIDE]
        return {
            "recovery": recovery(self.campaign),
            "groups": [
                {"name": name, "label": label, "rows": [_row(each) for each in self.groups(name)]}
                for name, label in DIMENSIONS
            ],
            "waves": [{"campaign": each, "overall": scoring.shown(wave.overall)} for each, wave in beside],
            "compared": compared(self.result, beside),
            "change": change_of(self.result.overall, beside[0][1].overall) if beside else "",
            "quadrants": quadrants(self.result),
        }


def _row(group: Group) -> dict[str, Any]:
    return {
        "label": group.label,
        "sent": group.sent,
        "recovered": group.recovered,
        "on_time": group.on_time,
        "rate": scoring.shown(group.rate, 1),
        "overall": scoring.shown(group.overall),
    }
