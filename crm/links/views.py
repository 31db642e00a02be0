"""The customer's page: one address, one purpose, no account."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm import via
from crm.accounts.models import User
from crm.actions import ACTIONS, Action
from crm.links.models import Link
from crm.links.pages import PAGES, LinkPage
from crm.links.throttle import household, throttle
from crm.links.using import Closed, actor, is_twin, use
from crm.records.models import ActionLog
from crm.refusals import Refused, Stale, WrongState
from crm.small import whole

LANGUAGES = dict(settings.LANGUAGES)
SEEN = "links.seen"  # salt of what a page showed
KEY = re.compile(r"[\w-]{1,40}")

# Tries within a minute: an office behind one address, one customer with his link; and wrong tokens within ten minutes.
FROM_ADDRESS, WITH_TOKEN, WRONG = (240, 60), (40, 60), (20, 600)


# A forged POST would have to know the token, which stands in the address itself: that is what holds strangers off. And
# Django's check must stay out, since under "no-referrer" browsers send no origin that it could compare.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is for, and do what the customer chooses."""
    link = Link.objects.of_token(token)
    if link is not None and link.purpose not in PAGES:
        link = None
    language = _wish(request) or (link.language if link else request.LANGUAGE_CODE)
    address = household(via.current().address)
    with override(language):
        wait = throttle("link-address", address, *FROM_ADDRESS) or (
            throttle("link-token", token, *WITH_TOKEN) if link else throttle("link-wrong", address, *WRONG)
        )
        if wait:
            response = _closed(request, "busy", 429)
            response["Retry-After"] = str(wait)
        else:
            response = _answer(request, link) if link else _closed(request, "unknown", 404)
    response["Content-Language"] = language
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _wish(request: HttpRequest) -> str:
    """The language that the customer chose on the page."""
    wish = request.GET.get("lang", "")
    return wish if wish in LANGUAGES else ""


def _answer(request: HttpRequest, link: Link) -> HttpResponse:
    page, subject, posted = PAGES[link.purpose], link.subject, request.method == "POST"
    if posted and is_twin(link, _key(request)):
        return _again(request)
    if not link.is_open or subject is None:
        return _ended(request, link)
    by = actor()
    if posted:
        return _run(request, link, page, subject, by)
    if request.method == "GET":
        link.opened()
    return _show(request, link, page, subject, by)


def _run(request: HttpRequest, link: Link, page: LinkPage, subject: Any, by: User) -> HttpResponse:
    """Do the verb that the customer chose, or show the page again with what stands in the way."""
    name = request.POST.get("_verb", "")
    if name not in page.verbs or name not in ACTIONS:
        return _closed(request, "other", 403)
    verb = ACTIONS[name]
    data = request.POST.copy()
    for field, value in page.given(name, subject, link).items():
        data.setlist(field, value if isinstance(value, list) else [value])
    form = verb.form(data, request.FILES, by=by, obj=subject, auto_id=_ids(verb))
    if not form.is_valid():
        return _show(request, link, page, subject, by, form=form, verb=verb, status=422)
    try:
        use(
            link,
            page,
            verb,
            by=by,
            key=_key(request),
            version=_version(request, link, page, subject),
            inputs=form.cleaned_data,
        )
    except Closed as closed:
        return _ended(request, closed.link)
    except ObjectDoesNotExist:
        return _closed(request, "gone", 410)
    except Refused as refusal:
        subject.refresh_from_db()
        return _show(request, link, page, subject, by, form=form, verb=verb, refusal=refusal, status=refusal.status)
    except ValidationError as error:
        form.add_error(None, error)
        return _show(request, link, page, subject, by, form=form, verb=verb, status=422)
    return _again(request)


def _show(
    request: HttpRequest,
    link: Link,
    page: LinkPage,
    subject: Any,
    by: User,
    *,
    form: Any = None,
    verb: Action | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the link: facts, the verbs that are possible now with their forms, and what was done already."""
    facts = _facts(page, subject, link)
    steps, obstacles = [], [refusal] if refusal and not isinstance(refusal, Stale) else []
    passed: list[Refused] = []  # steps whose time is over: they are a matter only where nothing else is left to say
    for name in page.verbs:
        each = ACTIONS[name]
        obstacle = each.refusal(subject, by)
        if obstacle is not None:
            (passed if isinstance(obstacle, WrongState) else obstacles).append(obstacle)
            continue
        shown = form if each is verb else each.form(by=by, obj=subject, auto_id=_ids(each))
        for field in page.given(name, subject, link):
            shown.fields.pop(field, None)
        steps.append({"verb": name, "label": page.words_for(name), "form": shown})
    done = _done(link, page, subject)
    if not (steps or obstacles or done):
        obstacles = passed[:1]
    context = {
        **page.context(subject, link),
        "link": link,
        "subject": subject,
        "title": page.title,
        "lead": page.lead,
        "facts": [{"label": label, "html": value} for label, value in facts],
        "steps": steps,
        "form": form,
        "obstacles": list({each.sentence: each for each in obstacles}.values()),
        "stale": (_differences(request, facts) or []) if isinstance(refusal, Stale) else [],
        "was_stale": isinstance(refusal, Stale),
        "key": uuid4(),
        "version": getattr(subject, "version", None),
        "seen": signing.dumps([[label, str(value)] for label, value in facts], salt=SEEN, compress=True),
        "done": done,
    }
    return _page(request, page.template, context, status)


def _facts(page: LinkPage, subject: Any, link: Link) -> list[tuple[str, Any]]:
    return [(str(label), value) for label, value in page.facts(subject, link)]


def _version(request: HttpRequest, link: Link, page: LinkPage, subject: Any) -> int | None:
    """The version that the customer saw; the present one where nothing that he decided on has changed since.

    Otherwise a remark that staff writes down meanwhile would send him round again.
    """
    if not hasattr(subject, "version"):
        return None
    text = request.POST.get("_version", "")
    found = whole(text)
    seen = -1 if found is None else found
    if seen != subject.version and (facts := _facts(page, subject, link)) and _differences(request, facts) == []:
        return subject.version
    return seen


def _differences(request: HttpRequest, facts: list[tuple[str, Any]]) -> list[dict[str, str]] | None:
    """What reads differently from what the customer saw when he decided; None where that is not known."""
    try:
        before = _numbered(signing.loads(request.POST.get("_seen", ""), salt=SEEN))
    except signing.BadSignature:
        return None
    now = _numbered(facts)
    return [
        {"label": key[0], "before": before.get(key, ""), "after": now.get(key, "")}
        for key in {**before, **now}
        if before.get(key, "") != now.get(key, "")
    ]


def _numbered(facts: Iterable[tuple[str, Any]]) -> dict[tuple[str, int], str]:
    """Facts by label, and by how many of the same label stand before."""
    counts: Counter[str] = Counter()
    found = {}
    for label, value in facts:
        found[label, counts[label]] = str(value)
        counts[label] += 1
    return found


def _done(link: Link, page: LinkPage, subject: Any) -> list[dict[str, Any]]:
    """What was done through this link, newest first."""
    rows = ActionLog.objects.about(subject).filter(link=link.pk, cause=None)
    return [{"what": page.words_for(row.verb), "at": row.at} for row in rows[:5]]


def _ended(request: HttpRequest, link: Link) -> HttpResponse:
    """The page of a link that does not hold any more, with the reason."""
    if link.status == Link.Status.USED:
        what = PAGES[link.purpose].words_for(link.used_verb)
        return _page(request, "links/used.html", {"link": link, "what": what}, 200)
    if link.status == Link.Status.REVOKED:
        return _closed(request, "revoked", 410, link)
    return _closed(request, "expired" if link.is_expired else "gone", 410, link)


def _closed(request: HttpRequest, reason: str, status: int, link: Link | None = None) -> HttpResponse:
    return _page(request, "links/closed.html", {"reason": reason, "link": link}, status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    """A page in the customer's language; the other languages are the same address with another `lang`."""
    current = get_language()
    languages = [
        {"code": code, "label": get_language_info(code)["name_local"], "active": code == current} for code in LANGUAGES
    ]
    return render(request, template, {**context, "languages": languages}, status=status)


def _again(request: HttpRequest) -> HttpResponse:
    """After a POST: the same address by GET, which shows what was done, and can be loaded anew without harm."""
    response = HttpResponseRedirect(request.get_full_path())
    response.status_code = 303
    return response


def _key(request: HttpRequest) -> str:
    key = request.POST.get("_key", "")
    return key if KEY.fullmatch(key) else ""


def _ids(verb: Action) -> str:
    """Ids of a form's fields that are no other form's on the page."""
    return f"id_{verb.codename}_%s"
