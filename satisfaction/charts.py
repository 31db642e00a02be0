"""The drawings of a survey's report, each with its table and its export (S4); figures by crm.reports.charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.exchange.tables import TABLES, Table
from crm.reports.charts import BARS, EXPORT, LINE, SCATTER, Cross, Figure, Row, Value, cells_of, drawn
from crm.small import whole
from crm.web.areas import may_list
from satisfaction.models import Campaign, Invitation
from satisfaction.report import FINE, FIRST, KEEP, LATER, Evaluation, Group, means, quadrant_of
from satisfaction.results import Result
from satisfaction.scoring import shown

RIGHT = "satisfaction.view_campaign"
FULL = 100.0  # the best score
S = Invitation.Status
TONES = {FIRST: "late", KEEP: "done", LATER: "soon", FINE: "neutral"}

OfSurvey = Callable[[Evaluation], Figure]


@dataclass(frozen=True)
class Part:
    """One drawing of the report; `definition` says how its figure is computed."""

    key: str
    title: Any
    definition: Any
    kind: str
    figure: OfSurvey = field(compare=False)

    def drawn(self, of: Evaluation, *, links: bool = True) -> dict[str, Any] | None:
        """What templates/parts/chart.html needs of it; None where there is nothing. Paper has no `links`."""
        found = self.figure(of)
        if not found.rows:
            return None
        if not links:
            found = replace(found, rows=[_on_paper(row) for row in found.rows])
        asked = {"figure": f"report-{self.key}", "query": urlencode({"campaign": of.campaign.pk})}
        url = f"{reverse('do', args=[EXPORT])}?{urlencode(asked)}" if links and of.user.has_perm(EXPORT) else ""
        said = {"key": self.key, "title": str(self.title), "definition": str(self.definition), "export_url": url}
        return {**said, **drawn(self.kind, found)}


PARTS: dict[str, Part] = {}


def _on_paper(row: Row) -> Row:
    def plain(values: Sequence[Value | None]) -> list[Value | None]:
        return [each and replace(each, url="") for each in values]

    return replace(row, url="", values=plain(row.values), more=plain(row.more))


def part(key: str, title: Any, kind: str, *, definition: Any) -> Callable[[OfSurvey], OfSurvey]:
    """Declare a drawing of the report; they stand in the order of their declaration."""

    def declare(figure: OfSurvey) -> OfSurvey:
        PARTS[key] = Part(key, title, definition, kind, figure)
        TABLES[f"report-{key}"] = Table(
            title,
            allowed=lambda user: user.has_perm(RIGHT),
            cells=lambda user, query: _cells(figure, user, query),
        )
        return figure

    return declare


def _cells(figure: OfSurvey, user: User, query: QueryDict) -> tuple[list[str], list[list[Any]]]:
    """The table of a survey that the user sees and that may be shown; else an empty one."""
    rows: Any = Campaign.objects.visible_to(user)
    pk = whole(query.get("campaign", ""))
    campaign = rows.select_related("edition").filter(pk=pk).first() if pk is not None else None
    of = Evaluation(campaign, user) if campaign is not None else None
    return cells_of(figure(of)) if of is not None and of.shown else ([], [])


def charts_of(of: Evaluation, *, links: bool = True) -> dict[str, dict[str, Any]]:
    """The drawings that there are of a survey that may be shown, by their keys."""
    found = {key: each.drawn(of, links=links) for key, each in PARTS.items()}
    return {key: each for key, each in found.items() if each is not None}


def _score(score: Fraction | None, url: str = "", tone: str = "active") -> Value | None:
    number = shown(score)
    return None if number is None else Value(number, f"{number}", url, tone)


def _percent(rate: Fraction | None) -> Value | None:
    number = shown(rate, 1)
    return None if number is None else Value(number, f"{number} %")


def _text(value: Value | None) -> str:
    return value.text if value is not None else "–"


def month_of(campaign: Campaign) -> str:
    """How a survey is called beside others."""
    return f"{campaign.opens_on:%Y-%m}"


@part(
    "survey-index",
    gettext_lazy("Overall score over the years"),
    LINE,
    definition=gettext_lazy(
        "The overall score of this survey and of the earlier ones of the same kind with the same questionnaire."
    ),
)
def index_over_years(of: Evaluation) -> Figure:
    """The overall score of each wave, the earliest first."""
    waves = [*reversed(of.waves), (of.campaign, of.result)]
    return waves_figure(waves if of.waves else [])  # a single point tells nothing that the score does not


def waves_figure(waves: Sequence[tuple[Campaign, Result]]) -> Figure:
    """The overall scores of some surveys in their order, with how many sheets came back."""
    rows = []
    for campaign, result in waves:
        url = reverse("campaign-evaluation", args=[campaign.pk])
        recovered = Value(result.recovered, f"{result.recovered}")
        score = _score(result.overall, url)
        rows.append(Row(month_of(campaign), [score], _text(score), more=[recovered]))
    series = [(_("Overall score"), "active")]
    return Figure(_("Survey"), series, rows, more=[_("Recovered sheets")], full=FULL)


@part(
    "survey-scores",
    gettext_lazy("Score by item"),
    BARS,
    definition=gettext_lazy(
        "What the answers are worth over all recovered sheets, out of 100; the line is the overall score."
    ),
)
def by_item(of: Evaluation) -> Figure:
    """The score of each item beside the overall score, with its coefficient and its score of the last survey."""
    before = {line.wording.item_id: line.score for line in of.waves[0][1].lines} if of.waves else {}
    steps = reverse("campaign-result", args=[of.campaign.pk])
    rows = []
    for number, line in enumerate(of.result.lines, 1):
        score = _score(line.score, f"{steps}#item-{line.wording.item.code}")
        more: list[Value | None] = [Value(line.coefficient, f"{line.coefficient}")]
        if of.waves:
            more.append(_score(before.get(line.wording.item_id)))
        rows.append(_row(of, f"{number}. {line.wording}", score, more))
    head = [_("Coefficient"), *([month_of(of.waves[0][0])] if of.waves else [])]
    return _scores(of, _("Item"), rows if of.result.recovered else [], head)


@part(
    "survey-sections",
    gettext_lazy("Score by section"),
    BARS,
    definition=gettext_lazy("The mean of a section's items, each counting by its coefficient."),
)
def by_section(of: Evaluation) -> Figure:
    """The score of each section beside the overall score."""
    rows = [_row(of, label, _score(score), []) for label, score in of.result.sections]
    return _scores(of, _("Section"), rows if of.result.recovered else [], [])


def _row(of: Evaluation, label: str, score: Value | None, more: Sequence[Value | None]) -> Row:
    return Row(label, [score], _text(score), score.url if score else "", mark=shown(of.result.overall), more=more)


def _scores(of: Evaluation, heading: str, rows: list[Row], more: list[str]) -> Figure:
    series = [(_("Item score") if heading == _("Item") else _("Score"), "active")]
    return Figure(heading, series, rows, more=more, mark=_("Overall score"), full=FULL)


def _groups(of: Evaluation, dimension: str, heading: str, column: str = "") -> Figure:
    """The groups of the customers by one column, the least content first; each opens its invitations."""
    rows = []
    for group in sorted(of.groups(dimension), key=lambda each: (each.overall is None, each.overall or 0)):
        score = _score(group.overall, _invitations(of, {column or dimension: group.key}) if group.key else "")
        rows.append(_row(of, group.label, score, _recovered(group)))
    head = [_("Sent"), _("Recovered sheets"), _("Recovery rate")]
    return _scores(of, heading, rows, head)


def _recovered(group: Group) -> list[Value | None]:
    counts = [Value(number, f"{number}") for number in (group.sent, group.recovered)]
    return [*counts, _percent(group.rate)]


def _invitations(of: Evaluation, which: dict[str, Any]) -> str:
    """The list of those invitations; nothing where it is not for the reader, as for the departments of the report."""
    if not may_list(of.user, Invitation):
        return ""
    return f"{reverse('survey-invitations')}?{urlencode({'campaign': of.campaign.pk, **which})}"


GROUPED = gettext_lazy("The overall score of their customers' sheets, with the coefficients of the whole survey.")


@part("survey-owners", gettext_lazy("Score by owner"), BARS, definition=GROUPED)
def by_owner(of: Evaluation) -> Figure:
    """How content the customers of each owner are."""
    return _groups(of, "owner", _("Owner"))


@part("survey-departments", gettext_lazy("Score by department"), BARS, definition=GROUPED)
def by_department(of: Evaluation) -> Figure:
    """How content the customers of each department are."""
    return _groups(of, "department", _("Department"))


@part("survey-tiers", gettext_lazy("Score by tier"), BARS, definition=GROUPED)
def by_tier(of: Evaluation) -> Figure:
    """How content the customers of each tier are."""
    return _groups(of, "tier", _("Tier"))


@part("survey-regions", gettext_lazy("Score by region"), BARS, definition=GROUPED)
def by_region(of: Evaluation) -> Figure:
    """How content the customers of each region are."""
    return _groups(of, "region", _("Region"))


@part(
    "survey-quadrants",
    gettext_lazy("Importance and satisfaction"),
    SCATTER,
    definition=gettext_lazy(
        "Each item by its number: the more it matters the further right, the better its score the higher. The lines "
        "are the mean score of all items and the mean coefficient."
    ),
)
def importance(of: Evaluation) -> Figure:
    """Each item by its coefficient and its score, between the means of both."""
    between = means(of.result)
    rows = []
    for number, line in enumerate(of.result.lines if between else [], 1):
        assert between is not None
        score = _score(line.score, "", TONES[quadrant_of(line, between)])
        rows.append(Row(f"{number}. {line.wording}", [score, Value(line.coefficient, f"{line.coefficient}")]))
    series = [(_("Score"), "active"), (_("Coefficient"), "active")]
    corners = [_("Enough is done"), _("Keep up"), _("Mend later"), _("Mend first")]
    cross = Cross(float(between.coefficient), float(between.score), corners) if between else None
    return Figure(_("Item"), series, rows, full=FULL, cross=cross)


@part(
    "survey-funnel",
    gettext_lazy("How far it came, by owner"),
    BARS,
    definition=gettext_lazy(
        "Of the surveys that were sent: how many were opened, begun, and answered whole. Of an anonymous one only "
        "whether it was answered is known."
    ),
)
def funnel(of: Evaluation) -> Figure:
    """Sent, opened, begun, whole: all together, then by owner."""
    rows = of.funnel
    names = ("sent", "opened", "started", "begun", "whole")
    whole_ = {"label": _("All"), "owner": None, **{name: sum(row[name] for row in rows) for name in names}}
    found = [_steps(of, row) for row in ([whole_, *rows] if len(rows) > 1 else rows)]
    if of.campaign.anonymous:
        series = [(_("Has answered"), "done"), (_("Has not answered"), "neutral")]
        head = [_("Sent")]
    else:
        series = [
            (_("All items answered"), "done"),
            (_("Answered in part"), "active"),
            (_("Begun only"), "pressing"),
            (_("Opened only"), "soon"),
            (_("Not opened"), "neutral"),
        ]
        head = [_("Sent"), _("Opened"), _("Has begun"), _("Has answered")]
    return Figure(_("Owner"), series, found, more=[*head, _("Recovery rate")])


def _steps(of: Evaluation, row: dict[str, Any]) -> Row:
    sent, opened, started, begun, complete = (row[name] for name in ("sent", "opened", "started", "begun", "whole"))
    mine = {"owner": row["owner"]} if row["owner"] else {}
    all_of_them = _invitations(of, mine)

    def value(number: int, state: str = "") -> Value:
        return Value(number, f"{number}", _invitations(of, {**mine, "status": state}) if state else all_of_them)

    if of.campaign.anonymous:
        values, more = [value(begun), value(sent - begun)], [value(sent)]
    else:
        answered = ((complete, S.RETURNED), (begun - complete, S.PARTLY))
        counts = (*answered, (started - begun, ""), (opened - started, ""), (sent - opened, ""))
        values = [value(max(number, 0), state) for number, state in counts]
        more = [value(sent), value(opened), value(started), value(begun)]
    rate = Fraction(100 * begun, sent) if sent else None
    total = f"{begun} / {sent}" + (f" · {shown(rate, 1)} %" if rate is not None else "")
    return Row(row["label"], values, total, all_of_them, more=[*more, _percent(rate)])
