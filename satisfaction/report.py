"""The evaluation report (顾客满意度评价报告): recovery, groups, earlier waves, what to mend first (KC 5.3.3, S4)."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, User
from customers.models import Customer
from satisfaction import scoring
from satisfaction.models import Answer, Campaign, Invitation
from satisfaction.results import Line, Result, may_be_shown, result_of
from satisfaction.scoring import Level

WAVES = 3
DIMENSIONS = (
    ("owner", _("Owner")),
    ("department", _("Department")),
    ("tier", _("Tier")),
    ("region", _("Region")),
)


@dataclass(frozen=True)
class Group:
    """A part of the customers: how many were asked, how many sheets came, and their overall score."""

    label: str
    sent: int
    recovered: int
    on_time: int
    overall: Fraction | None

    @property
    def rate(self) -> Fraction | None:
        """Recovered sheets of a hundred that were sent."""
        return Fraction(100 * self.recovered, self.sent) if self.sent else None


def recovery(campaign: Campaign) -> dict[str, Any]:
    """How many were sent, recovered, of them in time, and the share of both (KC 5.3.3.1)."""
    sent = campaign.invitations.filter(status__in=Invitation.SENT_OUT).count()
    sheets = campaign.sheets.filter(counted=True)
    back, late = sheets.count(), sheets.filter(late=True).count()
    in_time = back - late
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
    levels: dict[str, Any] = {level.value: Count("pk", filter=Q(level=level.value)) for level in Level}
    answers: dict[Any, dict[int, dict[str, int]]] = defaultdict(dict)
    for row in rows.order_by().values(column, "item").annotate(**levels):
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
        scores = [scoring.item_score(answers[key].get(line.wording.item_id, {}), row["back"]) for line in result.lines]
        overall = scoring.overall(scores, [line.coefficient for line in result.lines])
        groups.append(Group(labels.get(key, "") or "–", row["sent"], row["back"], row["in_time"], overall))
    return sorted(groups, key=lambda each: (-(each.overall if each.overall is not None else -1), each.label))


def earlier(campaign: Campaign) -> list[tuple[Campaign, Result]]:
    """The last surveys of the same kind with the same questionnaire that are over, the latest first."""
    rows = Campaign.objects.filter(
        kind=campaign.kind,
        edition__questionnaire=campaign.edition.questionnaire_id,
        opens_on__lt=campaign.opens_on,
        status__in=[Campaign.Status.ENDED, Campaign.Status.REPORTED],
    )
    found = []
    for each in rows.select_related("edition__questionnaire").order_by("-opens_on", "-pk")[:WAVES]:
        result = result_of(each)
        if may_be_shown(each, result.recovered):
            found.append((each, result))
    return found


def compared(result: Result, waves: list[tuple[Campaign, Result]]) -> list[dict[str, Any]]:
    """Each item with its scores in the earlier waves, by its identity, however it was worded then."""
    before = [{line.wording.item_id: line.score for line in wave.lines} for _campaign, wave in waves]
    rows = []
    for line in result.lines:
        past = [each.get(line.wording.item_id) for each in before]
        change = line.score - past[0] if past and past[0] is not None and line.score is not None else None
        rows.append(
            {
                "text": str(line.wording),
                "score": scoring.shown(line.score),
                "past": [scoring.shown(each) for each in past],
                "change": _signed(change),
            }
        )
    return rows


def _signed(change: Fraction | None) -> str:
    if change is None:
        return ""
    size = scoring.shown(abs(change))
    return f"+{size}" if change > 0 else f"−{size}" if change < 0 else f"{size}"


FIRST, KEEP, LATER, FINE = "first", "keep", "later", "fine"
QUADRANTS = {
    FIRST: _("Mend first: matters, and is below the mean"),
    KEEP: _("Keep up: matters, and is above the mean"),
    LATER: _("Mend later: matters less, and is below the mean"),
    FINE: _("Enough is done: matters less, and is above the mean"),
}


def quadrant_of(line: Line, mean: Fraction, usual: Fraction) -> str:
    """Where an item stands: its coefficient against the mean one, its score against the mean of all items."""
    matters, good = Fraction(line.coefficient) >= usual, (line.score or Fraction(0)) >= mean
    return (KEEP if good else FIRST) if matters else (FINE if good else LATER)


def quadrants(result: Result) -> list[dict[str, Any]]:
    """The items by what to do about them, what to mend first at the top; nothing without a sheet."""
    if result.recovered == 0 or not result.lines:
        return []
    known = [line.score for line in result.lines if line.score is not None]
    mean, usual = sum(known, Fraction(0)) / len(known), Fraction(1, len(result.lines))
    found: dict[str, list[Line]] = defaultdict(list)
    for line in result.lines:
        found[quadrant_of(line, mean, usual)].append(line)
    return [
        {
            "key": key,
            "label": label,
            "items": [
                {"text": str(line.wording), "score": scoring.shown(line.score), "coefficient": line.coefficient}
                for line in sorted(found[key], key=lambda each: each.score or Fraction(0))
            ],
        }
        for key, label in QUADRANTS.items()
    ]


def report_of(campaign: Campaign, result: Result) -> dict[str, Any]:
    """All parts of the report."""
    waves = earlier(campaign)
    return {
        "recovery": recovery(campaign),
        "groups": [
            {"label": label, "rows": [_row(each) for each in groups_of(campaign, result, name)]}
            for name, label in DIMENSIONS
        ],
        "waves": [{"campaign": each, "overall": scoring.shown(wave.overall)} for each, wave in waves],
        "compared": compared(result, waves),
        "quadrants": quadrants(result),
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
