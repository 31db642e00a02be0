"""How many complaints: by category, product and cause (Pareto), by responsible department, and open ones by state."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.analysis.charts import analysis
from complaints.analysis.span import Span
from complaints.models import Category, Cause, Complaint
from crm.accounts.models import Department, User
from crm.reports.charts import BARS, PARETO, Figure, Row, Value, accumulated
from orders.catalog.models import Product

SEVERITIES = (
    (Complaint.Severity.CRITICAL, "late"),
    (Complaint.Severity.MAJOR, "soon"),
    (Complaint.Severity.MINOR, "active"),
)
MOST = 50  # bars of a figure; what is rarer stands together in the last one
Names = Callable[[list[Any]], dict[Any, str]]


def _pareto(user: User, span: Span, field: str, heading: str, names: Names, unknown: str) -> Figure:
    """Complaints of these days by one field, the most frequent first; two queries at most."""
    counts = dict(span.complaints(user).values_list(field).annotate(number=Count("pk")).order_by("-number", field))
    keys = [key for key in counts if key not in (None, "")][:MOST]
    called = names(keys)
    rows = []
    for key in keys:
        url = span.cases(**{field: key})
        rows.append(Row(called[key], [Value(counts[key], str(counts[key]), url)], total=str(counts[key]), url=url))
    rest = sum(number for key, number in counts.items() if key not in called and key not in (None, ""))
    for label, number in ((_("All others"), rest), (unknown, sum(counts.get(key, 0) for key in (None, "")))):
        if number:
            rows.append(Row(label, [Value(number, str(number), tone="neutral")], total=str(number)))
    return accumulated(
        Figure(heading, [(_("Complaints"), "active")], rows, empty=_("Nobody complained in these days."))
    )


@analysis(
    "complaints-by-category",
    gettext_lazy("Complaints by category"),
    definition=gettext_lazy(
        "Complaints by what they are about, by the day on which they came in, the most frequent first; the line says"
        " what share of all complaints these and those above them make up."
    ),
    kind=PARETO,
    listed=True,
    order=60,
)
def by_category(user: User, span: Span) -> Figure:
    """Complaints by category; one query."""
    names = {key: str(label) for key, label in Category.choices}
    return _pareto(user, span, "category", _("Category"), lambda keys: {key: names[key] for key in keys}, "")


@analysis(
    "complaints-by-product",
    gettext_lazy("Complaints by product"),
    definition=gettext_lazy(
        "Complaints by the product that they are about, by the day on which they came in, the most frequent first;"
        " the line says what share of all complaints these and those above them make up."
    ),
    kind=PARETO,
)
def by_product(user: User, span: Span) -> Figure:
    """Complaints by product; two queries."""
    return _pareto(user, span, "product", _("Product"), _products, _("Of no product"))


def _products(keys: list[Any]) -> dict[Any, str]:
    rows = Product.objects.filter(pk__in=keys).only("name", "name_en", "code")
    return {each.pk: f"{each} ({each.code})" for each in rows}


@analysis(
    "complaints-by-cause",
    gettext_lazy("Complaints by cause"),
    definition=gettext_lazy(
        "Complaints by the cause that was found last, by the day on which they came in, the most frequent first; the"
        " line says what share of all complaints these and those above them make up."
    ),
    kind=PARETO,
)
def by_cause(user: User, span: Span) -> Figure:
    """Complaints by cause; two queries."""
    return _pareto(user, span, "cause", _("Cause"), _causes, _("No finding yet"))


def _causes(keys: list[Any]) -> dict[Any, str]:
    return {each.pk: each.path for each in Cause.objects.filter(pk__in=keys).select_related("parent")}


@analysis(
    "complaints-by-department",
    gettext_lazy("Complaints by responsible department"),
    definition=gettext_lazy(
        "Complaints by the department that the last finding holds responsible, by the day on which they came in; the"
        " colours say how severe they are."
    ),
    kind=BARS,
)
def by_department(user: User, span: Span) -> Figure:
    """Complaints by responsible department and severity; two queries."""
    rows = span.complaints(user).exclude(responsible=None)
    found = _by_severity(rows, "responsible")
    names = {each.pk: str(each) for each in Department.objects.filter(pk__in=found)}
    keys = sorted(found, key=lambda key: (-sum(found[key].values()), names[key]))
    bars = [_bar(names[key], found[key], lambda **asked: span.cases(**asked), responsible=key) for key in keys]
    return Figure(_("Department"), _series(), bars, empty=_("Nothing was found in these days."))


@analysis(
    "complaints-by-state",
    gettext_lazy("Open complaints by state"),
    definition=gettext_lazy(
        "Complaints that are not closed, by the state in which they are now, whenever they came in; the colours say how"
        " severe they are."
    ),
    kind=BARS,
)
def by_state(user: User, span: Span) -> Figure:
    """What is open now, by state and severity; one query."""
    rows: Any = Complaint.objects.visible_to(user)
    found = _by_severity(rows.filter(status__in=Complaint.OPEN).order_by(), "status")
    states = [state for state in Complaint.OPEN if state in found]
    bars = [_bar(str(state.label), found[state], _open, status=state.value) for state in states]
    return Figure(_("State"), _series(), bars, empty=_("No complaint is open."))


def _open(**asked: Any) -> str:
    return f"{reverse('complaints')}?{urlencode(asked)}"


def _series() -> list[tuple[str, str]]:
    return [(str(severity.label), tone) for severity, tone in SEVERITIES]


def _by_severity(rows: Any, field: str) -> dict[Any, dict[str, int]]:
    """How many of each severity, by one field; one query."""
    numbers = {severity.value: Count("pk", filter=Q(severity=severity)) for severity, _tone in SEVERITIES}
    names = [severity.value for severity, _tone in SEVERITIES]
    return {row[field]: {name: row[name] for name in names} for row in rows.values(field).annotate(**numbers)}


def _bar(label: str, numbers: dict[str, int], url: Callable[..., str], **asked: Any) -> Row:
    values = [
        Value(numbers[severity], str(numbers[severity]), url(**asked, severity=severity.value), tone)
        if numbers[severity]
        else None
        for severity, tone in SEVERITIES
    ]
    return Row(label, values, total=str(sum(numbers.values())), url=url(**asked))
