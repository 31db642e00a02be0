"""How a figure of complaints is declared: drawn for a stretch of days, with its table and its export."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from complaints.analysis import span as spans
from complaints.analysis.span import Span
from crm.accounts.models import User
from crm.exchange.tables import TABLES, Table
from crm.reports.charts import EXPORT, Figure, Report, cells_of, chart, report

RIGHT = "complaints.view_complaint"
SpannedFigure = Callable[[User, Span], Figure]
ANALYSES: dict[str, "Analysis"] = {}


@dataclass(frozen=True)
class Analysis:
    """One figure of the page: `listed` ones stand among all reports too, over the usual days."""

    key: str
    title: Any
    definition: Any
    kind: str
    right: str
    figure: SpannedFigure = field(compare=False)

    def drawn(self, user: User, days: Span) -> dict[str, Any]:
        """What templates/parts/chart.html needs of it."""
        shown = Report(
            self.key, self.title, self.definition, self.kind, self.right, lambda reader: self.figure(reader, days)
        )
        asked = urlencode({"figure": f"report-{self.key}", "query": urlencode(days.query)})
        url = f"{reverse('do', args=[EXPORT])}?{asked}" if user.has_perm(EXPORT) else ""
        return {**chart(shown, user), "export_url": url}


def analysis(
    key: str, title: Any, *, definition: Any, kind: str, right: str = RIGHT, listed: bool = False, order: int = 60
) -> Callable[[SpannedFigure], SpannedFigure]:
    """Declare a figure of the analysis page; see Analysis for the words."""

    def declare(figure: SpannedFigure) -> SpannedFigure:
        ANALYSES[key] = Analysis(key, title, definition, kind, right, figure)
        if listed:
            usual = report(key, title, definition=definition, kind=kind, right=right, order=order)
            usual(lambda user: figure(user, spans.usual()))
        TABLES[f"report-{key}"] = Table(
            title,
            allowed=lambda user: user.has_perm(right),
            cells=lambda user, query: cells_of(figure(user, spans.asked(query.dict()))),
        )
        return figure

    return declare
