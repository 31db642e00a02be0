"""The door of an anonymous survey: no account, no link of crm.links, no verb, so that no row tells who came when."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.accounts.models import User
from crm.links import answers
from crm.links.views import under_token
from crm.refusals import Refused
from satisfaction.asking import Known, screens
from satisfaction.forms import SheetForm
from satisfaction.models import Invitation, secret_hash
from satisfaction.sheets import take_anonymous
from satisfaction.told import we_did


# A forged POST would have to know the token, as with crm.links, where the reasons stand.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Show the survey that the token opens, and take the sheet, once."""
    rows = Invitation.objects.select_related("campaign__edition", "contact")
    invitation = rows.filter(secret=secret_hash(token)).first()
    language = answers.wish(request) or (invitation.contact.language if invitation else request.LANGUAGE_CODE)
    return under_token(request, token, language, partial(_answer, request, invitation) if invitation else None)


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if invitation.used:
        return answers.page(request, "satisfaction/thanks.html", {})
    if not invitation.campaign.answerable:
        return answers.page(request, "satisfaction/over.html", {}, 410)
    if request.method != "POST":
        return _show(request, invitation, None)
    form = SheetForm(request.POST, by=User.objects.system("links"), obj=invitation)
    if not form.is_valid():
        return _show(request, invitation, form)
    given = form.cleaned_data
    try:
        # The second half of a double click finds it used, and is thanked like the first.
        take_anonymous(invitation, answers=given["answers"], remarks=given["remarks"])
    except Refused:
        return answers.page(request, "satisfaction/over.html", {}, 410)
    return answers.page(request, "satisfaction/thanks.html", {})


def _show(request: HttpRequest, invitation: Invitation, form: Any) -> HttpResponse:
    """The survey, with what was ticked where it comes back with an error."""
    known: Known = {}
    if form is not None:
        lines = form.fields["answers"].widget.value_from_datadict(request.POST, {}, "answers")
        codes = {line.get("item"): line for line in lines if hasattr(line, "get")}
        for each in invitation.campaign.edition.wordings.select_related("item"):
            line = codes.get(each.item.code)
            if line is not None:
                known[each.item_id] = (line.get("level") or "", bool(line.get("matters")))
    context = {
        "campaign": invitation.campaign,
        "asked": screens(invitation.campaign.edition, known),
        "remarks": request.POST.get("remarks", "") if form is not None else "",
        "form": form,
        "we_did": we_did(invitation.campaign),
    }
    return answers.page(request, "satisfaction/anonymous.html", context, 422 if form is not None else 200)
