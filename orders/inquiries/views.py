"""The pages of inquiries, and the public form on the website."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from crm import via
from crm.accounts.models import User
from crm.links import answers
from crm.links.throttle import household, throttle
from crm.web.areas import area
from crm.web.middleware import address_of
from crm.web.recordpage import RecordView
from orders.inquiries.actions import record_inquiry
from orders.inquiries.forms import AskForm
from orders.inquiries.models import Inquiry

area("inquiries", _("Inquiries"), icon="message-question", order=30, listings=["inquiries"])

ASKED_PER_HOUR = 10  # from one address


class InquiryView(RecordView):
    model = Inquiry
    related = ("customer", "owner", "department", "received_by", "answered_by")
    prints = ((_("Inquiry record"), "inquiry-print"),)
    facts = (
        (_("Who"), ("customer", "name", "contact_name", "phone", "email")),
        (_("What"), ("matter", "channel", "urgent", "received_at", "received_by")),
        (_("Answer"), ("answer", "reply", "answered_at", "answered_by", "called_back_at", "closing_reason")),
        (_("Who answers"), ("owner", "department")),
    )


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The public form: anyone asks, without an account; it becomes an inquiry like any other."""
    with override(answers.wish(request) or request.LANGUAGE_CODE):
        return _ask(request)


def _ask(request: HttpRequest) -> HttpResponse:
    web = User.objects.system("web")
    form = AskForm(request.POST if request.method == "POST" else None, by=web)
    if not form.is_bound:
        return answers.page(request, "inquiries/ask.html", {"form": form})
    if wait := throttle("ask", household(address_of(request)), limit=ASKED_PER_HOUR, seconds=3600):
        form.add_error(None, _("Too many questions came from here. Please call us."))
        response = answers.page(request, "inquiries/ask.html", {"form": form}, status=429)
        response["Retry-After"] = str(wait)
        return response
    if not form.is_valid():
        return answers.page(request, "inquiries/ask.html", {"form": form}, status=422)
    number = ""
    if not request.POST.get("website"):  # a field that people do not see; what fills it in is a robot
        way = via.Via(door=via.Door.LINK, address=address_of(request), request_id=request.id)  # type: ignore[attr-defined]
        with via.through(way):
            inquiry = record_inquiry(by=web, channel=Inquiry.Channel.WEB, **form.cleaned_data)
        number = inquiry.number
    return answers.page(request, "inquiries/asked.html", {"number": number})
