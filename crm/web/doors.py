"""The page door: the dialog of a verb, and running it. Written once for all verbs."""

import re
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.accounts.scopes import sees
from crm.actions import ACTIONS, Action, Input
from crm.forms import PICKABLE, LinesField, picks_by
from crm.records.brief import briefly
from crm.records.history import changes_since
from crm.records.search import brief_hits
from crm.refusals import Forbidden, KeyReused, Refused, Stale
from crm.replays import earlier
from crm.small import whole
from crm.web.requests import SignedIn

KEY = re.compile(r"[\w:-]{1,60}")
OFFERED = 20  # records that a picker shows while one types


def find_verb(name: str) -> Action:
    """The verb of that name. Raises Http404."""
    if name not in ACTIONS:
        raise Http404
    return ACTIONS[name]


def find_object(verb: Action, pk: int | None, user: Any) -> Any:
    """What the verb is to be done to, where `user` may see it. Raises Http404."""
    if verb.model is None or pk is None:
        if (verb.model is None) != (pk is None):
            raise Http404
        return None
    return get_object_or_404(verb.model._default_manager.visible_to(user), pk=pk)  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def do(request: SignedIn, name: str, pk: int | None = None) -> HttpResponse:
    """GET shows the verb's form, POST runs the verb and goes to what came of it."""
    verb = find_verb(name)
    given = request.POST.get("_key", "")
    key = given if KEY.fullmatch(given) else None
    try:
        obj = find_object(verb, pk, request.user)
        refusal = verb.refusal(obj, request.user)
    except Http404:
        if (done := earlier(verb, request.user, pk, key)) is not None:
            return _go(request, done)  # the same click came twice, and took the record out of sight
        raise
    if refusal:
        if (done := earlier(verb, request.user, pk, key)) is not None:
            return _go(request, done)
        return _dialog(request, verb, obj, None, refusal)
    if request.method == "GET":
        if (page := getattr(verb.form, "page", None)) is not None:
            return _to(request, page(obj))  # what needs more than a dialog has a page of its own
        form = verb.form(by=request.user, obj=obj, initial=_asked_for(request, verb, obj))
        return _dialog(request, verb, obj, form)
    form = verb.bind(by=request.user, obj=obj, data=request.POST, files=request.FILES)
    if not form.is_valid():
        if (done := earlier(verb, request.user, pk, key)) is not None:
            return _go(request, done)  # what was made of it is what stands in its own way now
        return _dialog(request, verb, obj, form)
    version = request.POST.get("_version", "")
    try:
        done = verb(
            obj,
            by=request.user,
            key=key,
            version=whole(version),
            **form.cleaned_data,
        )
    except Refused as refusal:
        return _dialog(request, verb, obj, form, refusal)
    except ObjectDoesNotExist:
        raise Http404 from None  # it went out of sight in between
    except ValidationError as error:
        form.add_error(None, error)
        return _dialog(request, verb, obj, form)
    messages.success(request, _("Done: %(what)s") % {"what": verb.label})
    return _go(request, done)


def _asked_for(request: SignedIn, verb: Action, obj: Any) -> dict[str, Any]:
    """What the form begins with: the address's parameters, as a link from another page gives them."""
    return {name: value for name, value in request.GET.items() if name in verb.form.base_fields}


def _dialog(
    request: SignedIn, verb: Action, obj: Any, form: Input | None, refusal: Refused | None = None
) -> HttpResponse:
    """The verb's dialog as a fragment for htmx, as a page otherwise; a refusal stands on top, nothing typed is lost."""
    stale = []
    if isinstance(refusal, Stale) and form is not None:
        stale = _differences(obj, form, request.POST.get("_version", ""))
    context = {
        "action": {
            "name": verb.name,
            "label": verb.label,
            "post_url": request.path,
            "wide": _is_wide(verb),
            "leads_to": _leads_to(verb, obj),
        },
        "object": obj,
        "form": form,
        "refusal": refusal,
        "stale": stale,
        "key": uuid4() if isinstance(refusal, KeyReused) else request.POST.get("_key") or uuid4(),
        "version": getattr(obj, "version", None),
        "back_url": _back(request, obj),
    }
    status = 200
    if refusal is not None and (request.method == "POST" or isinstance(refusal, Forbidden)):
        status = refusal.status
    elif form is not None and form.is_bound and not form.is_valid():
        status = 422
    template = "dialog.html" if request.htmx and not request.htmx.history_restore_request else "dialog_page.html"
    return render(request, template, context, status=status)


def _leads_to(verb: Action, obj: Any) -> Any:
    """The state that it leads to, where it is another and there is only one: what a dialog without input says."""
    if verb.form.base_fields or not isinstance(verb.target, str) or not hasattr(obj, "STATUS_COLOURS"):
        return ""
    return "" if verb.target == obj.status else dict(type(obj).Status.choices).get(verb.target, "")


def _is_wide(verb: Action) -> bool:
    """Lines need room."""
    return any(isinstance(field, LinesField) for field in verb.form.base_fields.values())


def _differences(obj: Any, form: Input, version: str) -> list[dict[str, Any]]:
    """What others changed since the page was made, beside what this form says: one line per field."""
    obj.refresh_from_db()
    lines = {}
    since = whole(version) or 0
    for row in changes_since(obj, since):
        for name in row.after or {}:
            field = next((each for each in obj._meta.fields if name in (each.name, each.attname)), None)
            if field is not None and field.name not in lines:
                mine = form.data.get(field.name, "")
                lines[field.name] = {"label": field.verbose_name, "theirs": getattr(obj, field.name), "mine": mine}
    return list(lines.values())


def _back(request: SignedIn, obj: Any) -> str:
    given = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}):
        return given
    return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else reverse("today")


def _go(request: SignedIn, done: Any) -> HttpResponse:
    """On to the record that came of it; a page that only shows the record is loaded anew where it stands.

    Whoever sees it no more goes back to his day, and is told why: what is said of oneself, say, or what was passed on.
    """
    if hasattr(done, "get_absolute_url") and not sees(request.user, done):
        messages.info(request, _("%(record)s is kept, but is for others from now on.") % {"record": done})
        return _to(request, reverse("today"))
    url = done.get_absolute_url() if hasattr(done, "get_absolute_url") else _back(request, None)
    if request.htmx:
        try:
            current = (request.htmx.current_url_abs_path or "").partition("?")[0]
        except ValueError:
            current = ""  # the header is the browser's to write, and may be anything
        stays = "_stay" in request.POST or current in (reverse("today"), url) or not hasattr(done, "get_absolute_url")
        return HttpResponse(headers={"HX-Refresh": "true"} if stays else {"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _to(request: SignedIn, url: str) -> HttpResponse:
    """On to another page, from a dialog too."""
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else HttpResponseRedirect(url)


@login_required
@require_GET
def pick(request: SignedIn, label: str) -> JsonResponse:
    """What a picker offers while one types: some visible records, each with its id, name and a detail."""
    if label not in PICKABLE:
        raise Http404
    model = apps.get_model(label)
    rows = model._default_manager.visible_to(request.user)
    for name, value in request.GET.items():
        if picks_by(model, name):
            key = whole(value)
            fits = key in (0, 1) if name == "active" else key is not None
            rows = rows.filter(**{name: key}) if fits else rows.none()
    query = request.GET.get("q", "").strip()
    found = brief_hits(rows, query, OFFERED) if query else briefly(rows.order_by("-pk"), OFFERED)
    results = [{"id": each.pk, "text": str(each), "detail": getattr(each, "detail", "")} for each in found]
    return JsonResponse({"results": results}, json_dumps_params={"ensure_ascii": False})
