"""Rights in the reader's language: a verb by the text of its button, reading and plain edits by their records."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.roles import defaults
from crm.accounts.sync import VERB
from crm.accounts.verb_labels import full_label
from crm.actions import ACTIONS


@dataclass(frozen=True)
class Right:
    """A permission as the back office shows it: its row's key, its name, and what it lets one do."""

    pk: int
    name: str
    label: str


def rights_by_app() -> list[tuple[str, list[Right]]]:
    """Every right that can be given, by app: what one may see, then the verbs, then what is managed in the back office.

    Left out are Django's permissions that nothing here asks for.
    """
    known = {
        f"{row.content_type.app_label}.{row.codename}": row
        for row in Permission.objects.select_related("content_type").order_by("pk")
    }
    groups: dict[str, list[Right]] = {}

    def add(name: str, label: Any) -> None:
        if row := known.pop(name, None):
            groups.setdefault(row.content_type.app_label, []).append(Right(row.pk, name, capfirst(str(label))))

    for model in apps.get_models():
        if hasattr(model._default_manager.all(), "visible_to") or admin.site.is_registered(model):
            add(f"{model._meta.app_label}.view_{model._meta.model_name}", _see(model))
    for name, action in ACTIONS.items():
        add(name, full_label(action))
    for model in apps.get_models():
        for codename, label in _edits_in_back_office(model):
            add(f"{model._meta.app_label}.{codename}", label)
    given = defaults()
    named = set().union(*given.grants.values(), *given.system_grants.values())
    named |= {f"{model._meta.app_label}.{pair[0]}" for model in apps.get_models() for pair in model._meta.permissions}
    for name in sorted(named & known.keys()):
        add(name, label_of_right(known[name]))
    return [(str(apps.get_app_config(label).verbose_name), rights) for label, rights in groups.items()]


def label_of_right(permission: Permission) -> str:
    """The label of one permission."""
    app_label, codename = permission.content_type.app_label, permission.codename
    if action := ACTIONS.get(f"{app_label}.{codename}"):
        return full_label(action)
    model = None if permission.content_type.model == VERB else permission.content_type.model_class()
    labels = {f"view_{model._meta.model_name}": _see(model), **dict(_edits(model))} if model else {}
    return capfirst(labels.get(codename) or _(permission.name))


def _edits_in_back_office(model: Any) -> Iterable[tuple[str, str]]:
    """The edits of the model that its page there offers to anybody: to who may do everything, at the least."""
    if not admin.site.is_registered(model):
        return []
    page, request = admin.site.get_model_admin(model), HttpRequest()
    request.user = User(is_superuser=True)
    offered = [
        page.has_add_permission(request),
        page.has_change_permission(request),
        page.has_delete_permission(request),
    ]
    return compress(_edits(model), offered)


def _see(model: Any) -> str:
    return _("see %(records)s") % {"records": model._meta.verbose_name_plural}


def _edits(model: Any) -> Iterable[tuple[str, str]]:
    name, records = model._meta.model_name, {"records": model._meta.verbose_name_plural}
    return [
        (f"add_{name}", _("add %(records)s") % records),
        (f"change_{name}", _("edit %(records)s") % records),
        (f"delete_{name}", _("delete %(records)s") % records),
    ]
