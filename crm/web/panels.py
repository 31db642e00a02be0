"""Panels: what an app shows on the page of a record, also of a record of an app below it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from crm.actions import ACTIONS
from crm.records.addresses import Addresses

Rows = Callable[[Any, Any], "dict[str, Any] | None"]


@dataclass(frozen=True)
class Panel:
    """`rows(obj, user)` gives the template's context, or None where there is nothing to show to this user."""

    model: type[models.Model] | None
    key: str
    title: Any
    template: str
    rows: Rows
    side: bool
    order: int


PANELS: list[Panel] = []


def panel(
    model: type[models.Model] | None, key: str, title: Any, template: str, *, side: bool = False, order: int = 50
) -> Callable[[Rows], Rows]:
    """Declare a panel on the page of `model`'s records (None: of every record)."""

    def declare(rows: Rows) -> Rows:
        PANELS.append(Panel(model, key, title, template, rows, side, order))
        return rows

    return declare


def panels_of(obj: models.Model, request: HttpRequest, addresses: Addresses, *, side: bool) -> list[dict[str, Any]]:
    """The panels of a record's page, rendered, in their order; `count` and `action` come from the rows' context.

    Their templates link records with the tags `link` and `address`, which ask `addresses`.
    """
    shown = []
    for each in sorted(PANELS, key=lambda each: each.order):
        if each.side != side or (each.model is not None and each.model is not type(obj)):
            continue
        context = each.rows(obj, request.user)
        if context is None:
            continue
        addresses.expect(row for row in context.get("rows", ()) if isinstance(row, models.Model))
        html = render_to_string(each.template, {"object": obj, "addresses": addresses, **context}, request)
        shown.append(
            {
                "key": each.key,
                "title": each.title,
                "html": html,
                "count": context.get("count"),
                "action": context.get("action"),
            }
        )
    return shown


def step(verb: str, obj: models.Model, user: Any, label: Any = "") -> dict[str, Any] | None:
    """A verb as a button of a panel, or None where `user` may not do it now."""
    found = ACTIONS[verb]
    if found.refusal(obj, user):
        return None
    return {"name": verb, "label": label or found.label, "url": reverse("do", args=[verb, obj.pk])}
