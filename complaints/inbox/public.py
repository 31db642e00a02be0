"""The public form: anybody complains, without an account, and learns nothing but the number of what he sent."""

import re
from uuid import uuid4

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from complaints.inbox.actions import Private, receive_incoming
from complaints.inbox.forms import PublicComplaintForm
from complaints.inbox.models import Incoming, PublicForm
from complaints.models import Category
from crm import via
from crm.accounts.models import User
from crm.links import answers
from crm.links.throttle import household, throttle
from crm.refusals import Refused
from crm.web.middleware import address_of

SENT_PER_HOUR = 10  # from one address
FASTEST, SLOWEST = 3, 12 * 3600  # seconds between opening the page and sending it
OPENED, SENT = "inbox.opened", "inbox.sent"  # salts
KEY = re.compile(r"[\w-]{1,40}")


@never_cache
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Show the form, and take what somebody sends; he gets a number whoever he is."""
    with override(answers.wish(request) or request.LANGUAGE_CODE):
        if not PublicForm.is_open():
            return answers.page(request, "inbox/closed.html", {}, 503)
        return _complain(request)


def _complain(request: HttpRequest) -> HttpResponse:
    web = User.objects.system("web")
    if request.method == "GET":
        return _show(request, PublicComplaintForm(by=web))
    form = PublicComplaintForm(request.POST, request.FILES, by=web)
    if wait := throttle("complain", household(address_of(request)), limit=SENT_PER_HOUR, seconds=3600):
        form.add_error(None, _("Too many complaints came from here. Please call us."))
        response = _show(request, form, 429)
        response["Retry-After"] = str(wait)
        return response
    valid = form.is_valid()
    if valid and not _typed_by_a_person(request):
        form.add_error(None, _("Please look through what you wrote once more, and send it again."))
    if form.errors:
        return _show(request, form, 422)
    number = ""
    if not request.POST.get("website"):  # a field that people do not see; what fills it in is a robot
        try:
            number = _receive(request, form, web)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _show(request, form, refusal.status)
    url = reverse("complained", args=[signing.dumps(number, salt=SENT)])
    chosen = answers.wish(request)
    response = HttpResponseRedirect(f"{url}?lang={chosen}" if chosen else url)
    response.status_code = 303
    return response


def _typed_by_a_person(request: HttpRequest) -> bool:
    """Whether the page was open as long as people need; a robot sends it at once, or without having opened it."""
    try:
        signing.loads(request.POST.get("_opened", ""), salt=OPENED, max_age=SLOWEST)
    except signing.BadSignature:
        return False
    try:
        signing.loads(request.POST.get("_opened", ""), salt=OPENED, max_age=FASTEST)
    except signing.SignatureExpired:
        return True
    return False


def _receive(request: HttpRequest, form: PublicComplaintForm, web: User) -> str:
    data = dict(form.cleaned_data)
    subject = str(Category(data["category"]).label)
    key = request.POST.get("_key", "")
    way = via.Via(door=via.Door.LINK, address=address_of(request), request_id=request.id)  # type: ignore[attr-defined]
    with via.through(way):
        item: Incoming = receive_incoming(
            by=web,
            key=f"complain:{key}" if KEY.fullmatch(key) else None,
            channel=Incoming.Channel.WEB,
            files=data.pop("photos"),
            language=get_language() or "",
            category=data.pop("category"),
            message=Private(subject=subject, **data),
        )
    return item.number


def _show(request: HttpRequest, form: PublicComplaintForm, status: int = 200) -> HttpResponse:
    kept = request.POST.get("_opened", "")
    opened = kept if kept and _is_ours(kept) else signing.dumps("", salt=OPENED)
    key = request.POST.get("_key", "")
    context = {"form": form, "opened": opened, "key": key if KEY.fullmatch(key) else uuid4()}
    return answers.page(request, "inbox/complain.html", context, status)


def _is_ours(opened: str) -> bool:
    try:
        signing.loads(opened, salt=OPENED, max_age=SLOWEST)
    except signing.BadSignature:
        return False
    return True


@never_cache
@require_GET
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Say that it came, and under which number."""
    try:
        number = signing.loads(token, salt=SENT, max_age=SLOWEST)
    except signing.BadSignature:
        raise Http404 from None
    with override(answers.wish(request) or request.LANGUAGE_CODE):
        return answers.page(request, "inbox/thanks.html", {"number": number})
