"""Two looks that are logged: an identifier in clear, and a file."""

from itertools import chain

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.records import attachments, masks
from crm.records.models import Attachment
from crm.records.sniff import INLINE_TYPES
from crm.refusals import Forbidden

# A shown file runs nothing and loads nothing, and is of no origin.
SHOWN = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@login_required
@require_POST
@never_cache
def reveal(request: HttpRequest, label: str, pk: int, name: str) -> HttpResponse:
    """One identifier of one record in clear, as a fragment or as JSON; the look is logged."""
    try:
        rows = apps.get_model(label)._default_manager.all()
    except (LookupError, ValueError):
        raise Http404 from None
    if not hasattr(rows, "visible_to"):
        raise Http404
    obj = get_object_or_404(rows.visible_to(request.user), pk=pk)
    as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    try:
        value = masks.reveal(obj, name, by=request.user)  # type: ignore[arg-type]
    except FieldDoesNotExist:
        raise Http404 from None
    except Forbidden as refusal:
        if as_json:
            return JsonResponse({"code": refusal.code, "detail": str(refusal)}, status=refusal.status)
        return render(request, "records/refused.html", {"refusal": refusal}, status=refusal.status)
    if as_json:
        return JsonResponse({"value": value})
    return render(request, "records/revealed.html", {"value": value})


@login_required
@require_GET
@never_cache
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file, to whoever may see its record; pictures and PDF are shown, all else is saved."""
    try:
        found = attachments.open_attachment(pk, by=request.user)  # type: ignore[arg-type]
    except Attachment.DoesNotExist:
        raise Http404 from None
    return sent(found, save="download" in request.GET)


def sent(found: Attachment, *, save: bool) -> HttpResponseBase:
    """The file as an answer: to be saved, or shown where it is a picture or PDF. Who may see it was asked before."""
    pieces = attachments.content_of(found)
    first = next(pieces)  # a file that is lost or altered is an error page, not half a download
    inline = found.content_type in INLINE_TYPES and not save
    response = StreamingHttpResponse(chain([first], pieces), content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = content_disposition_header(not inline, found.name) or "attachment"
    response["Content-Security-Policy"] = SHOWN
    response["X-Content-Type-Options"] = "nosniff"
    return response
