"""Pages of the frame itself: search and language."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.actions import ACTIONS
from crm.records.search import search_everything
from crm.web.areas import lists_of, menu
from crm.web.requests import SignedIn


@login_required
@require_GET
def search(request: SignedIn) -> HttpResponse:
    """Everything that the user may see and that matches what he typed; the palette (Ctrl-K) asks here too.

    The palette also offers pages and the verbs that begin something new.
    """
    query = request.GET.get("q", "").strip()
    groups: dict[str, list[dict[str, Any]]] = {}
    for hit in search_everything(request.user, query) if query else []:
        entry = {"title": hit["text"], "detail": hit["detail"], "url": hit["url"], "icon": "file"}
        groups.setdefault(str(hit["model"]), []).append(entry)
    lowered = query.lower()
    found = [(entry["label"], entry["url"], entry["icon"]) for entry in menu(request.user, request.path, {})]
    for each in lists_of(request.user):
        found.append((each.title, reverse(each.key), "layout-list"))
        found += [
            (f"{each.title} · {label}", reverse(name), "chart-bar")
            for label, name, right in each.pages
            if request.user.has_perm(right)
        ]
    named = {url: (title, icon) for title, url, icon in reversed(found) if lowered in str(title).lower()}
    pages = [{"title": title, "url": url, "icon": icon} for url, (title, icon) in reversed(named.items())]
    verbs = [
        {"title": verb.label, "url": reverse("do", args=[verb.name]), "icon": "plus", "verb": verb.name}
        for verb in ACTIONS.values()
        if verb.model is None and lowered in str(verb.label).lower() and request.user.has_perm(verb.name)
    ]
    if pages:
        groups[_("Pages")] = pages
    if verbs:
        groups[_("Actions")] = verbs
    context = {"query": query, "groups": [{"label": label, "items_found": found} for label, found in groups.items()]}
    palette = request.headers.get("HX-Target") == "palette-list"
    return render(request, "parts/palette.html" if palette else "search.html", context)


@require_POST
def language(request: SignedIn) -> HttpResponse:
    """Change the language: the user's own setting, and a cookie for those who are not signed in."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        raise Http404
    if request.user.is_authenticated:
        request.user.language = code
        request.user.save(update_fields=["language"])
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(target if safe else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def bad_request(request: SignedIn, exception: Exception | None = None) -> HttpResponse:
    """A request that could not be read, with its id to report."""
    return render(request, "400.html", {"request_id": getattr(request, "id", "")}, status=400)


def server_error(request: SignedIn) -> HttpResponse:
    """Something went wrong on our side, with the request's id to report; needs neither database nor session."""
    return HttpResponse(loader.get_template("500.html").render({"request_id": getattr(request, "id", "")}), status=500)
