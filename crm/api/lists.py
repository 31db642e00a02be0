"""Lists: the rows of a Listing, straight from the database to JSON."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.response import Response

from crm.api.call import Call
from crm.api.errors import BadInput, problem
from crm.api.permissions import OutOfScope, may_read
from crm.api.resources import Resource
from crm.api.schema import Operations, describe_list, describe_search
from crm.api.shapes import Schema
from crm.api.views import ApiView
from crm.deadlines.models import Deadline
from crm.listing import MOST, PAGE, Listing, Page
from crm.records.kinds import mask_of_tail
from crm.web.areas import may_list

OWN = ("order", "cursor", "size", "fields", "tab")
FRAMEWORK = ("format",)  # chooses JSON or the browsable page


@dataclass(frozen=True)
class Asked:
    """What a request asks of a list, beside its filters."""

    order: str
    cursor: str
    size: int
    tab: str
    fields: list[str]


class ListView(ApiView):
    """One page of the records that the caller may see."""

    resource: Resource = None  # type: ignore[assignment]

    def get_view_name(self) -> str:
        return str(self.resource.listing.title)

    def describe(self, op: Operations) -> Schema | None:
        return describe_list(op, self.resource, filter_fields(self.resource.listing, self.request))

    def get(self, request: Call) -> Response:
        """One page of the rows that match the parameters."""
        page = self.page(request, request.query_params)
        base = request.build_absolute_uri(request.path)
        return Response(
            {
                "results": page.rows,
                "next": _page_url(base, request.query_params, page.next),
                "previous": _page_url(base, request.query_params, page.previous),
            }
        )

    def page(self, request: Call, query: QueryDict) -> Page:
        """The rows that `query` asks for, as they are answered. Raises BadInput, PermissionDenied and OutOfScope."""
        listing = self.resource.listing
        if not may_list(request.user, listing.model):
            raise PermissionDenied
        if not may_read(request, listing.model):
            raise OutOfScope("read")
        asked = read(listing, query)
        matching = listing.filtered(request.user, query, request=request, tab=asked.tab)
        columns = [name for name in asked.fields if name != "pk"]
        order = listing.order_of(asked.order, asked.tab)
        page = listing.page(
            matching, order=order, cursor=asked.cursor, size=asked.size, columns=columns, as_stored=True
        )
        masked = [name for name in columns if listing.by_name[name].kind == "masked"]
        for row in page.rows if masked else ():
            for name in masked:
                row[name] = mask_of_tail(row[name])
        due = [name for name in columns if listing.by_name[name].kind == "deadline"]
        if due and page.rows:
            _add_deadlines(listing, page.rows, due)
        return page


class SearchView(ListView):
    """A list whose parameters come in the body: a phone or another identifier has no place in an address."""

    def describe(self, op: Operations) -> Schema | None:
        if op.method == "GET":
            return None
        return describe_search(op, self.resource, filter_fields(self.resource.listing, self.request))

    @property
    def allowed_methods(self) -> list[str]:
        return ["POST", "OPTIONS"]

    def get(self, request: Call) -> Response:
        """The parameters belong into a body."""
        return self.http_method_not_allowed(request)

    def post(self, request: Call) -> Response:
        """One page of the rows that match the body; `next` and `previous` are values for `cursor`."""
        page = self.page(request, _as_query(dict(request.data)))
        return Response({"results": page.rows, "next": page.next or None, "previous": page.previous or None})


def _as_query(body: dict[str, Any]) -> QueryDict:
    """A JSON object as the parameters of an address. Raises BadInput for values that have no place there."""
    query = QueryDict(mutable=True)
    for name, value in body.items():
        values = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(each, (str, int, Decimal)) for each in values):
            raise problem(name, "invalid", _("This must be a text, a number, true or false, or a list of them."))
        texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in values]
        query.setlist(name, [",".join(texts)] if name == "fields" else texts)
    return query


def default_fields(listing: Listing) -> list[str]:
    """The columns of a row unless the request chooses: all but deadlines, which cost a query of their own."""
    return [column.name for column in listing.columns if column.kind != "deadline"]


def read(listing: Listing, query: Any) -> Asked:
    """The parameters of a list beside its filters. Raises BadInput, also for parameters that do not exist."""
    known = {*OWN, *FRAMEWORK, *listing.filterset.base_filters}
    if unknown := [name for name in query if name not in known]:
        message = _("There is no such parameter; possible are: %(names)s.") % {"names": ", ".join(sorted(known))}
        raise BadInput({name: [{"code": "unknown", "message": message}] for name in unknown})
    size = query.get("size") or str(PAGE)
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= MOST):
        raise problem("size", "invalid", _("This must be a number from 1 to %(most)s.") % {"most": MOST})
    tab = query.get("tab", "")
    tabs = [view.key for view in listing.tabs]
    if tab and tab not in tabs:
        message = _("There is no such tab; possible are: %(names)s.") % {"names": ", ".join(tabs)}
        raise problem("tab", "invalid", message)
    fields = [name for name in query.get("fields", "").split(",") if name]
    if missing := [name for name in fields if name != "pk" and name not in listing.by_name]:
        message = _("There is no column “%(name)s”; possible are: %(names)s.")
        raise problem("fields", "invalid", message % {"name": missing[0], "names": ", ".join(listing.by_name)})
    return Asked(query.get("order", ""), query.get("cursor", ""), int(size), tab, fields or default_fields(listing))


def filter_fields(listing: Listing, request: Any) -> dict[str, forms.Field]:
    """The filters of a list by the names of their parameters, with the choices of whoever asks."""
    fields: dict[str, forms.Field] = listing.filterset(
        {}, listing.model._default_manager.none(), request=request
    ).form.fields
    return fields


def _add_deadlines(listing: Listing, rows: list[dict[str, Any]], names: list[str]) -> None:
    found = Deadline.objects.most_urgent(listing.model, [row["pk"] for row in rows])
    for row in rows:
        deadline = found.get(row["pk"])
        for name in names:
            row[name] = deadline and {"rule": deadline.rule, "due_at": deadline.due_at, "warn_at": deadline.warn_at}


def _page_url(base: str, query: Any, cursor: str) -> str | None:
    if not cursor:
        return None
    changed = query.copy()
    changed["cursor"] = cursor
    return f"{base}?{changed.urlencode()}"
