"""The customer's page: one address, one purpose, no account."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import uuid4

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import via
from crm.accounts.models import User
from crm.actions import ACTIONS, Action
from crm.links import answers
from crm.links.models import Link
from crm.links.pages import PAGES, LinkPage
from crm.links.throttle import household, throttle
from crm.links.using import Closed, actor, is_twin, use
from crm.records.looks import DOWNLOAD, note
from crm.records.models import ActionLog
from crm.records.notes import for_customers
from crm.records.views import sent
from crm.refusals import Refused, Stale, WrongState
from crm.small import whole

SEEN = "links.seen"  # salt of what a page showed
KEY = re.compile(r"[\w-]{1,40}")

# Tries within a minute: an office behind one address, one customer with his link, and what his typing asks for; and
# wrong tokens within ten minutes.
FROM_ADDRESS, WITH_TOKEN, TYPED, WRONG = (240, 60), (40, 60), (120, 60), (20, 600)


# A forged POST would have to know the token, which stands in the address itself: that is what holds strangers off. And
# Django's check must stay out, since under "no-referrer" browsers send no origin that it could compare.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is for, and do what the customer chooses."""
    link = _link_of(token)
    language = answers.wish(request) or (link.language if link else request.LANGUAGE_CODE)
    return under_token(request, token, language, partial(_answer, request, link) if link else None)


def under_token(
    request: HttpRequest, token: str, language: str, answer: Callable[[], HttpResponse] | None
) -> HttpResponse:
    """What `answer` makes of a page under a token, in a language and as seldom as is allowed; None: unknown token."""
    address = household(via.current().address)
    with override(language):
        wait = throttle("link-address", address, *FROM_ADDRESS) or (
            throttle("link-token", token, *WITH_TOKEN) if answer else throttle("link-wrong", address, *WRONG)
        )
        if wait:
            response = answers.closed(request, "busy", 429)
            response["Retry-After"] = str(wait)
        else:
            response = answer() if answer else answers.closed(request, "unknown", 404)
    response["Content-Language"] = language
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@never_cache
@require_GET
def find(request: HttpRequest, token: str) -> HttpResponse:
    """What the customer's typing finds while his link holds, where the purpose of the link has something to find."""
    link = _held(token, "link-typed")
    if isinstance(link, JsonResponse):
        return link
    declared = PAGES[link.purpose].find
    if declared is None:
        return _not_found()
    with override(answers.wish(request) or link.language):
        return JsonResponse({"results": declared(link.subject, link, request.GET.get("q", "").strip())})


def _held(token: str, scope: str) -> Link | JsonResponse:
    """The link for which a page asks while the customer types; an answer where it does not hold, or too often."""
    link = _link_of(token)
    address = household(via.current().address)
    wait = throttle(scope, token, *TYPED) if link else throttle("link-wrong", address, *WRONG)
    if wait:
        return JsonResponse({"error": "busy"}, status=429, headers={"Retry-After": str(wait)})
    if link is None or not link.is_open or link.subject is None:
        return _not_found()
    return link


def _not_found() -> JsonResponse:
    return JsonResponse({"error": "not_found"}, status=404)


# As with link_page, the token in the address is what holds strangers off.
@csrf_exempt
@never_cache
@require_POST
def keep(request: HttpRequest, token: str) -> JsonResponse:
    """Keep what the customer has typed so far, while his link holds, where its purpose has a place for it."""
    link = _held(token, "link-kept")
    if isinstance(link, JsonResponse):
        return link
    declared = PAGES[link.purpose].keep
    if declared is None:
        return _not_found()
    kept = declared(link.subject, link, request.POST)
    return JsonResponse({"kept": kept}, status=200 if kept else 409)


@never_cache
@require_GET
def file(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """A paper that the page of the link hands out, to be saved, while the link holds; the look is logged."""
    link = _link_of(token)
    address = household(via.current().address)
    wait = throttle("link-token", token, *WITH_TOKEN) if link else throttle("link-wrong", address, *WRONG)
    if wait:
        response = answers.closed(request, "busy", 429)
        response["Retry-After"] = str(wait)
        return response
    if link is None:
        return answers.closed(request, "unknown", 404)
    subject = link.subject
    if not link.is_open or subject is None:
        return _ended(request, link)
    found = next((each for each in PAGES[link.purpose].files(subject, link) if each.pk == pk), None)
    if found is None:
        return answers.closed(request, "unknown", 404)
    note(DOWNLOAD, by=actor(), subject=subject, customer_id=found.customer_id, inputs={"file": pk, "kind": found.kind})
    saved: HttpResponseBase = sent(found, save=True)
    saved["Referrer-Policy"] = "no-referrer"
    return saved


def _link_of(token: str) -> Link | None:
    """The link that the token opens, where its purpose still exists."""
    link = Link.objects.of_token(token)
    return link if link is not None and link.purpose in PAGES else None


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
        return answers.closed(request, "other", 403)
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
        return answers.closed(request, "gone", 410)
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
    steps, obstacles = [], [refusal] if refusal and not isinstance(refusal, (Stale, WrongState)) else []
    # Steps whose time is over: where he tried one, or where nothing on the page says why, it says how things stand.
    passed: list[Refused] = [refusal] if isinstance(refusal, WrongState) else []
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
    state = ""
    tried = isinstance(refusal, WrongState)
    if passed and (tried or not (obstacles or _holds(done, subject))):
        state = page.state(subject)
        obstacles += passed[:1] if not state and (tried or not (steps or done)) else []
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
        "notes": for_customers(subject),
        "files": page.files(subject, link),
        "state": state,
        "caller": _caller(link),
    }
    return answers.page(request, page.template, context, status)


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
    return [{"what": page.words_for(row.verb), "at": row.at, "verb": row.verb} for row in rows[:5]]


def _holds(done: list[dict[str, Any]], subject: Any) -> bool:
    """Whether what he did last still says where the record stands, so that nothing needs to be said beside it."""
    verb = ACTIONS.get(done[0]["verb"]) if done else None
    target = verb.target if verb else None
    return target is not None and subject.status in (target if isinstance(target, set) else {target})


def _ended(request: HttpRequest, link: Link) -> HttpResponse:
    """The page of a link that does not hold any more, with the reason; a used one says what came of it."""
    if link.status == Link.Status.USED:
        page, subject = PAGES[link.purpose], link.subject
        context = {
            "link": link,
            "what": page.words_for(link.used_verb),
            "facts": page.receipt(subject, link) if subject is not None else [],
            "caller": _caller(link),
        }
        return answers.page(request, "links/used.html", context)
    if link.status == Link.Status.REVOKED:
        return answers.closed(request, "revoked", 410, link, caller=_caller(link))
    if link.status == Link.Status.ENDED and link.subject is not None:
        state = PAGES[link.purpose].state(link.subject)
        return answers.closed(request, "ended", 410, link, state=state, caller=_caller(link))
    return answers.closed(request, "expired" if link.is_expired else "gone", 410, link, caller=_caller(link))


def _caller(link: Link) -> str:
    """Whom the customer may ask: the person who sent the link."""
    return "" if link.made_by.is_system else link.made_by.display_name


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
