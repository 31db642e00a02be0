"""Tags that ask about a record: its state, its identifiers, its verbs. A builtin of every template."""

from typing import Any

from django import template
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from crm.actions import answers
from crm.records.masks import masked
from crm.web.templatetags.crm import status
from crm.words import NO_VALUE

register = template.Library()


@register.simple_tag
def state(obj: Any) -> SafeString:
    """The badge of a record's state."""
    return status(obj.get_status_display(), obj.STATUS_COLOURS.get(obj.status, "neutral"))


@register.simple_tag(takes_context=True)
def address(context: Any, record: Any) -> str:
    """Where a record of a panel leads, "" where the reader may not go there."""
    return context["addresses"].of(record)


@register.simple_tag(takes_context=True)
def link(context: Any, record: Any, text: Any = None) -> SafeString:
    """A record of a panel by its name, or by `text`; a link where the reader may open its page."""
    url, shown = address(context, record), record if text is None else text
    return format_html('<a href="{}">{}</a>', url, shown) if url else format_html("{}", shown)


@register.simple_tag(takes_context=True)
def identifier(context: Any, obj: models.Model, name: str) -> str:
    """A masked identifier; who may sees it whole on asking, which is logged."""
    if not getattr(obj, f"{name}_tail"):
        return NO_VALUE
    shown = masked(obj, name)
    if not context["user"].has_perm("records.reveal"):
        return shown
    label = obj._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    row = {
        "html": shown,
        "label": label,
        "masked": {"url": reverse("reveal", args=[obj._meta.label_lower, obj.pk, name])},
    }
    return render_to_string("parts/masked.html", {"row": row})


@register.simple_tag(takes_context=True)
def verbs(context: Any, obj: models.Model) -> SafeString:
    """The verbs that the user may do to a row of a panel now, as small buttons."""
    found = [
        {"label": verb.label, "url": reverse("do", args=[verb.name, obj.pk])}
        for verb, refusal in answers(obj, context["user"])
        if refusal is None
    ]
    return mark_safe(render_to_string("parts/verbs.html", {"verbs": found}).strip())  # noqa: S308 - our own template
