"""Pages of the frame itself: search, language, saved views."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from crm.actions import ACTIONS
from crm.listing import LISTINGS
from crm.records.search import search_everything
from crm.web.areas import menu
from crm.web.models import SavedView


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything that the user may see and that matches what he typed."""
    query = request.GET.get("q", "").strip()
    return render(
        request, "search.html", {"query": query, "hits": search_everything(request.user, query) if query else []}
    )


@login_required
@require_GET
def palette(request: HttpRequest) -> JsonResponse:
    """What the palette (Ctrl-K) offers: records that match, pages, and verbs that begin something new."""
    query = request.GET.get("q", "").strip()
    hits = [
        {"group": str(hit["model"]), "text": hit["text"], "detail": hit["detail"], "url": hit["url"]}
        for hit in (search_everything(request.user, query) if query else [])
    ]
    pages = [
        {"group": "", "text": str(entry["label"]), "detail": "", "url": entry["url"]}
        for entry in menu(request.user, request.path)  # type: ignore[arg-type]
        if query.lower() in str(entry["label"]).lower()
    ]
    verbs = [
        {"group": "", "text": str(verb.label), "detail": "", "url": reverse("do", args=[verb.name]), "dialog": True}
        for verb in ACTIONS.values()
        if verb.model is None and query.lower() in str(verb.label).lower() and request.user.has_perm(verb.name)
    ]
    return JsonResponse({"results": hits + pages + verbs})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language: the user's own setting, and a cookie for those who are not signed in."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        raise Http404
    if request.user.is_authenticated:
        request.user.language = code  # type: ignore[attr-defined]
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


@login_required
@require_POST
def save_view(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the list as it is filtered now under a name, as a tab."""
    if key not in LISTINGS:
        raise Http404
    name = request.POST.get("name", "").strip()[:40]
    if name:
        kept = request.GET.copy()
        kept.pop("cursor", None)
        SavedView.objects.update_or_create(
            user=request.user, listing=key, name=name, defaults={"query": kept.urlencode()[:1000]}
        )
    return redirect(f"{reverse(key)}?{request.GET.urlencode()}")


@login_required
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of the user's own saved views."""
    view = SavedView.objects.filter(pk=pk, user=request.user).first()
    if view is None:
        raise Http404
    view.delete()
    return redirect(view.listing)
