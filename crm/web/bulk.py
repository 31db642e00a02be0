"""The bulk door: one verb for many rows of a list, with a preview, a report, and taking back what can be taken back."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from crm.actions import ACTIONS, Action, Input
from crm.api.resources import is_edit
from crm.exchange.exporting import matching, sorting
from crm.listing import COUNTED, LISTINGS
from crm.opposites import OPPOSITES
from crm.refusals import Forbidden, KeyReused, Refused
from crm.small import whole
from crm.web.actions import do_to_many, take_back_many
from crm.web.areas import may_list
from crm.web.bulk_rows import Backs, Judged, judge, rows_of, shared_form
from crm.web.doors import KEY, find_verb
from crm.web.models import BulkRow, BulkRun
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn

OURS = {"rows", "_key", "csrfmiddlewaretoken"}  # what a preview sends beside the verb's own input
EARLIER = 50  # bulk actions on the page of the earlier ones


@login_required
@require_http_methods(["GET", "POST"])
def do_many(request: SignedIn, name: str) -> HttpResponse:
    """GET shows what would be done to which rows, POST does it and reports."""
    verb = find_verb(name)
    if not any(name in listing.bulk for listing in LISTINGS.values()):
        raise Http404  # nobody does to rows unseen what no list offers
    if not request.user.has_perm(name):
        return _preview(request, verb, [], None, problem=Forbidden(name, verb.label))
    if request.method == "GET":
        pks, problem = _asked_for(request, verb)
        return _preview(request, verb, pks, shared_form(verb, request.user)[0], problem=problem)
    inputs = QueryDict(mutable=True)
    for field, values in request.POST.lists():
        if field not in OURS:
            inputs.setlist(field, values)
    pks = _numbers(request.POST.get("rows", "").split(","))
    form, names = shared_form(verb, request.user, inputs)
    if not form.is_valid():
        return _preview(request, verb, pks, form)
    given = QueryDict(mutable=True)
    for field in inputs:
        # Of an edit only what was filled in; any other form gets everything, the parts of its widgets, too.
        if field in names or not is_edit(verb):
            given.setlist(field, inputs.getlist(field))
    asked = do_to_many.bind(
        by=request.user, data={"verb": name, "rows": ",".join(map(str, pks)), "inputs": given.urlencode()}
    )
    if not asked.is_valid():
        messages = [message for errors in asked.errors.values() for message in errors]
        return _preview(request, verb, pks, form, problem=Refused("invalid", " ".join(messages)))
    return _begin(request, lambda key: do_to_many(by=request.user, key=key, **asked.cleaned_data)) or _preview(
        request, verb, pks, form, problem=KeyReused(), key=str(uuid4())
    )


def _begin(request: SignedIn, start: Any) -> HttpResponse | None:
    """Begin it under the key of the form and show the report; None where the key was used for something else."""
    given = request.POST.get("_key", "")
    try:
        run: BulkRun = start(given if KEY.fullmatch(given) else None)
    except KeyReused:
        return None
    run = BulkRun.objects.select_related("by").get(pk=run.pk)
    if not request.htmx:
        return HttpResponseRedirect(run.get_absolute_url())
    return render(request, "bulk.html", {"run": run, "title": str(run), **report(run, request.user)})


def _numbers(given: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(pk for pk in map(whole, given) if pk is not None))


def _asked_for(request: SignedIn, verb: Action) -> tuple[list[int], Refused | None]:
    """The ticked rows, or all that the list's filter finds; more than the limit are refused, and not cut off."""
    if not request.GET.get("all"):
        return _numbers(request.GET.getlist("pk")), None
    listing = LISTINGS.get(request.GET.get("listing", ""))
    if listing is None or verb.name not in listing.bulk or not may_list(request.user, listing.model):
        raise Http404
    query = QueryDict(request.GET.get("query", ""))
    try:
        rows = matching(listing, query, request.user).order_by(*sorting(listing, query))
    except ValidationError as error:
        return [], Refused("filter", " ".join(error.messages))
    pks = list(rows.values_list("pk", flat=True)[: COUNTED + 1])
    if len(pks) > COUNTED:
        return [], Refused(
            "too_many",
            _("More than %(most)s records match.") % {"most": f"{COUNTED:,}"},
            _("Narrow the filter, and do it in parts."),
        )
    return pks, None


def _preview(
    request: SignedIn,
    verb: Action,
    pks: list[int],
    form: Input | None,
    *,
    problem: Refused | None = None,
    key: str = "",
) -> HttpResponse:
    """What would be done to which rows, which are refused and why, and whether it can be taken back."""
    found = rows_of(verb, request.user).in_bulk(pks[:COUNTED])
    judged = judge(verb, [found[pk] for pk in pks if pk in found], request.user)
    possible = [each for each in judged if each.refusal is None]
    unseen = len(pks) - len(judged)
    refused: list[tuple[Any, str]] = [(each.obj, str(each.refusal)) for each in judged if each.refusal]
    context = {
        "title": verb.label,
        "verb": verb.label,
        "post_url": request.path,
        "form": form,
        "edit": is_edit(verb),
        "problem": problem,
        "possible": [each.obj for each in possible],
        "rows": ",".join(str(each.obj.pk) for each in possible),
        "groups": _grouped(refused, unseen),
        "refused": len(refused) + unseen,
        "note": _prospect(verb, possible),
        "key": key or request.POST.get("_key") or uuid4(),
    }
    bad = (form is not None and form.is_bound and not form.is_valid()) or problem is not None
    status = problem.status if isinstance(problem, Forbidden) else 422 if bad and request.method == "POST" else 200
    return _render(request, context, status)


def _grouped(refused: list[tuple[Any, str]], unseen: int = 0) -> list[dict[str, Any]]:
    """The refused rows by reason, the most frequent reason first."""
    groups: dict[str, list[Any]] = {}
    for obj, reason in refused:
        groups.setdefault(reason, []).append(obj)
    found = [{"reason": reason, "objs": objs, "count": len(objs)} for reason, objs in groups.items()]
    if unseen:
        found.append({"reason": _("No longer there, or not for you to see."), "objs": [], "count": unseen})
    return sorted(found, key=lambda each: -each["count"])


def _prospect(verb: Action, possible: list[Judged]) -> dict[str, Any]:
    """Whether it can be taken back afterwards, said before it is done."""
    if not possible:
        return {}
    returning = sum(each.returns for each in possible)
    if not returning:
        return {"tone": "soon", "text": _("This cannot be taken back as a whole.")}
    if returning == len(possible):
        return {"tone": "active", "text": _("It can be taken back, as long as nobody changes the records in between.")}
    text = _("%(some)s of %(all)s can be taken back afterwards; the others had nothing that could be restored.")
    return {"tone": "soon", "text": text % {"some": returning, "all": len(possible)}}


def report(run: BulkRun, user: Any) -> dict[str, Any]:
    """What became of each row, as the report shows it."""
    rows = list(run.rows.order_by("pk"))
    verb = ACTIONS.get(run.verb)
    objs = rows_of(verb, user).in_bulk([row.subject_pk for row in rows]) if verb else {}
    refused = [(objs.get(row.subject_pk), row.sentence) for row in rows if row.state == BulkRow.State.REFUSED]
    done = [row for row in rows if row.state == BulkRow.State.DONE]
    return {
        "run": run,
        "work": run,
        "progress_url": reverse("bulk-progress", args=[run.pk]),
        "done_objs": [objs[row.subject_pk] for row in done if row.subject_pk in objs],
        "done": len(done),
        "refused": len(refused),
        "groups": _grouped(refused),
        "back_url": "" if take_back_many.refusal(run, user) else reverse("bulk-back", args=[run.pk]),
        "no_opposite": bool(done) and not run.takes_back_id and run.verb not in OPPOSITES,
        "taken_back_by": getattr(run, "taken_back_by", None),
    }


@login_required
@require_GET
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """How far it is, as a fragment that asks again, and at the end the report in its place."""
    run = get_object_or_404(BulkRun.objects.visible_to(request.user).select_related("by"), pk=pk)
    return render(request, "parts/bulk_report.html", report(run, request.user))


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    """GET shows which rows can still be taken back and which no longer and why, POST does it."""
    run = get_object_or_404(BulkRun.objects.visible_to(request.user).select_related("by"), pk=pk)
    if request.method == "POST":
        try:
            answer = _begin(request, lambda key: take_back_many(run, by=request.user, key=key))
        except Refused as refused:
            return _back_preview(request, run, refused)
        return answer or _back_preview(request, run, KeyReused())
    return _back_preview(request, run, take_back_many.refusal(run, request.user))


def _back_preview(request: SignedIn, run: BulkRun, problem: Refused | None) -> HttpResponse:
    possible: list[Any] = []
    refused: list[tuple[Any, str]] = []
    if problem is None:
        rows = list(run.rows.filter(state=BulkRow.State.DONE).order_by("pk"))
        backs = Backs(run, request.user, rows)
        for back in map(backs.back, rows):
            if back.refusal:
                refused.append((back.obj, str(back.refusal)))
            else:
                possible.append(back.obj)
    context = {
        "title": _("Take back: %(what)s") % {"what": run.label},
        "verb": take_back_many.label,
        "post_url": request.path,
        "form": None,
        "problem": problem,
        "possible": possible,
        "rows": "",
        "groups": _grouped(refused),
        "refused": len(refused),
        "note": {},
        "key": uuid4() if isinstance(problem, KeyReused) else request.POST.get("_key") or uuid4(),
    }
    status = problem.status if problem and request.method == "POST" else 200
    return _render(request, context, status)


def _render(request: SignedIn, context: dict[str, Any], status: int = 200) -> HttpResponse:
    whole_page = not request.htmx or request.htmx.history_restore_request
    return render(request, "bulk_page.html" if whole_page else "bulk.html", context, status=status)


@login_required
@require_GET
def earlier_runs(request: SignedIn) -> HttpResponse:
    """The user's latest bulk actions, each with its report."""
    runs = BulkRun.objects.filter(by=request.user).select_related("takes_back").order_by("-pk")[:EARLIER]
    return render(request, "bulk_runs.html", {"runs": runs})


class BulkRunView(RecordView):
    """The report of one bulk action."""

    model = BulkRun
    related = ("by", "takes_back")
    facts = ((gettext_lazy("Bulk action"), ("at", "finished_at", "total", "takes_back")),)

    def record(self, obj: BulkRun, request: SignedIn) -> dict[str, Any]:
        record = super().record(obj, request)
        shown = render_to_string("parts/bulk_report.html", report(obj, request.user), request)
        html = format_html('<div class="panel-body">{}</div>', shown)
        panel = {"key": "report", "title": _("What became of it"), "html": html, "count": None, "action": None}
        record["panels_main"] = [panel, *record["panels_main"]]
        return record
