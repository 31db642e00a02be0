"""The result of a campaign, step by step: counts by one query, everything else by satisfaction.scoring (KC 5.3.3.2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from satisfaction import scoring
from satisfaction.models import Answer, Campaign, Corrected, Correction, Section, Sheet, Wording
from satisfaction.models.questionnaire import asked_in
from satisfaction.scoring import Level

FEWEST = 5  # sheets of an anonymous campaign, below which nothing of them is shown


@dataclass(frozen=True)
class Line:
    """One item: how it was answered, and what follows from that."""

    wording: Wording
    counts: dict[str, int]
    marks: int
    recovered: int
    rank: Fraction
    computed: Decimal
    coefficient: Decimal

    @property
    def blank(self) -> int:
        """How many of the recovered sheets leave it out."""
        return self.recovered - sum(self.counts.values())

    @property
    def score(self) -> Fraction | None:
        """0 to 100, over all recovered sheets."""
        return scoring.item_score(self.counts, self.recovered)

    @property
    def answered(self) -> Fraction | None:
        """0 to 100, over those sheets only that answered it."""
        return scoring.answered_score(self.counts)

    @property
    def contribution(self) -> Fraction | None:
        """What it adds to the overall score."""
        return None if self.score is None else self.score * Fraction(self.coefficient)


@dataclass(frozen=True)
class Result:
    """What a campaign, or a part of its sheets, comes to."""

    recovered: int
    lines: list[Line]
    step: Fraction
    correction: Correction | None

    @property
    def overall(self) -> Fraction | None:
        """The overall score, 0 to 100; None without any sheet."""
        return scoring.overall([line.score for line in self.lines], [line.coefficient for line in self.lines])

    @property
    def sections(self) -> list[tuple[str, Fraction | None]]:
        """The score of each section: the mean of its items, each counting by its coefficient."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.wording.section].append(line)
        return [(str(each.label), weighted(found[each])) for each in Section if each in found]


def weighted(lines: list[Line]) -> Fraction | None:
    """The mean of the items' scores by their coefficients; None without any sheet."""
    total = sum((Fraction(line.coefficient) for line in lines), Fraction(0))
    known = [line.contribution for line in lines if line.contribution is not None]
    return sum(known, Fraction(0)) / total if total and len(known) == len(lines) else None


def counted(campaign: Campaign, **which: Any) -> tuple[int, dict[int, dict[str, Any]]]:
    """Recovered sheets, and by item how often each level was answered and how often it was marked; one query.

    `which` narrows down the sheets, by columns as `invitation__owner`.
    """
    sheets = Sheet.objects.filter(campaign=campaign, counted=True, **which).order_by().values("campaign")
    rows = Answer.objects.filter(sheet__campaign=campaign, sheet__counted=True)
    if which:
        rows = rows.filter(**{f"sheet__{name}": value for name, value in which.items()})
    grouped = rows.order_by().values("item").annotate(**by_level(), marks=_marked())
    grouped = grouped.annotate(recovered=sheets.annotate(number=Count("pk")).values("number"))
    found: dict[int, dict[str, Any]] = {row["item"]: dict(row) for row in grouped}
    # A sheet that is counted answers or marks one item at least: without any row there is none.
    return next((row["recovered"] for row in found.values()), 0), found


def at_least(recovered: int, answers: Mapping[int, Mapping[str, int]]) -> int:
    """The recovered sheets, but no fewer than answered some item, of counts that two queries made one after the other.

    `answers` are by item how often each level was answered. A customer may empty his sheet between the two.
    """
    return max([recovered, *(sum(row[level.value] for level in Level) for row in answers.values())])


def by_level() -> dict[str, Any]:
    """How often each level is among the answers."""
    return {level.value: Count("pk", filter=Q(level=level.value)) for level in Level}


def _marked() -> Count:
    return Count("pk", filter=Q(matters=True))


def latest_correction(campaign: Campaign) -> Correction | None:
    """The correction of the coefficients that holds, if there is one."""
    return campaign.corrections.select_related("by").order_by("-pk").first()


def step_of(campaign: Campaign, items: int) -> Fraction:
    """The step of a campaign's coefficients: the chosen one, as far as so many items bear it, else the usual one."""
    if campaign.step is None or items == 0:
        return scoring.usual_step(max(items, 1))
    return min(Fraction(campaign.step), scoring.steepest(items))


def result_of(campaign: Campaign, **which: Any) -> Result:
    """The result of a campaign; of a part of its sheets with the coefficients of all of them, or nothing compares."""
    all_sheets, everything = counted(campaign)
    recovered, found = counted(campaign, **which) if which else (all_sheets, everything)
    correction = latest_correction(campaign)
    values = dict(correction.lines.values_list("item", "value")) if correction else {}
    wordings = asked_in(campaign.edition)
    return _put_together(campaign, wordings, recovered, found, everything, correction, values)


def results_of(campaigns: Sequence[Campaign]) -> dict[int, Result]:
    """The results of some campaigns by their keys; five queries, however many campaigns there are."""
    keys = [each.pk for each in campaigns]
    wordings: dict[int, list[Wording]] = defaultdict(list)
    editions = {each.edition_id for each in campaigns}
    for wording in Wording.objects.filter(edition__in=editions).select_related("item").order_by("position"):
        wordings[wording.edition_id].append(wording)
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    rows = Answer.objects.filter(sheet__campaign__in=keys, sheet__counted=True).order_by()
    for row in rows.values("sheet__campaign", "item").annotate(**by_level(), marks=_marked()):
        found[row["sheet__campaign"]][row["item"]] = dict(row)
    # A late sheet that comes between the two is counted without its answers, one that turns blank as it was before.
    sheets = Sheet.objects.filter(campaign__in=keys, counted=True).order_by().values_list("campaign")
    recovered = dict(sheets.annotate(number=Count("pk")))
    latest = Correction.objects.filter(campaign__in=keys).order_by("campaign_id", "-pk").distinct("campaign_id")
    corrections = {each.campaign_id: each for each in latest.select_related("by")}
    values: dict[int, dict[int, Decimal]] = defaultdict(dict)
    lines = Corrected.objects.filter(correction__in=[each.pk for each in corrections.values()])
    for line in lines:
        values[line.correction_id][line.item_id] = line.value
    results = {}
    for each in campaigns:
        counts, correction = found[each.pk], corrections.get(each.pk)
        own = values[correction.pk] if correction else {}
        number = at_least(recovered.get(each.pk, 0), counts)
        results[each.pk] = _put_together(each, wordings[each.edition_id], number, counts, counts, correction, own)
    return results


def _put_together(
    campaign: Campaign,
    wordings: list[Wording],
    recovered: int,
    found: dict[int, dict[str, Any]],
    everything: dict[int, dict[str, Any]],
    correction: Correction | None,
    values: dict[int, Decimal],
) -> Result:
    """The result of counted answers: `found` are those of the part that is scored, `everything` those of all sheets."""
    marks = [everything.get(each.item_id, {}).get("marks", 0) for each in wordings]
    step = step_of(campaign, len(wordings))
    lines = []
    for each, rank, own in zip(wordings, scoring.ranks(marks), scoring.coefficients(marks, step), strict=True):
        row = found.get(each.item_id, {})
        lines.append(
            Line(
                wording=each,
                counts={level.value: row.get(level.value, 0) for level in Level},
                marks=row.get("marks", 0),
                recovered=recovered,
                rank=rank,
                computed=own,
                coefficient=values.get(each.item_id, own),
            )
        )
    return Result(recovered, lines, step, correction)


def may_be_shown(campaign: Campaign, recovered: int) -> bool:
    """Whether so many sheets may be shown: of an anonymous campaign not before its end, and never a handful.

    While sheets still come in, two looks at the result would tell what the one between them says.
    """
    if not campaign.anonymous:
        return True
    return campaign.status not in (Campaign.Status.PLANNED, Campaign.Status.RUNNING) and recovered >= FEWEST
