"""`manage.py roles`: which role may do which verb, and how far it sees what the verb is done to."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from crm.accounts.models import RoleReach, User
from crm.accounts.roles import label_of
from crm.accounts.sync import registered_verbs


class Command(BaseCommand):
    help = (
        "Prints each verb with the roles (@: system users) that may do it and how far they see, then reaches and names."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        from crm.actions import ACTIONS

        registered_verbs()
        holders: dict[str, list[str]] = defaultdict(list)
        pairs = Group.objects.order_by("pk").values_list(
            "name", "permissions__content_type__app_label", "permissions__codename"
        )
        for role, app_label, codename in pairs:
            holders[f"{app_label}.{codename}"].append(role)
        system = User.objects.filter(kind=User.Kind.SYSTEM).order_by("pk")
        for user, app_label, codename in system.values_list(
            "username", "user_permissions__content_type__app_label", "user_permissions__codename"
        ):
            holders[f"{app_label}.{codename}"].append(f"@{user}")
        reaches: dict[tuple[str, str], str] = {}
        models: dict[str, dict[str, str]] = defaultdict(dict)
        for row in RoleReach.objects.select_related("role", "model").order_by("model", "role"):
            label = f"{row.model.app_label}.{row.model.model}"
            reaches[row.role.name, label] = row.reach
            models[label][row.role.name] = row.reach
        table = []
        for name, action in ACTIONS.items():
            label = _scoping(action.model)
            roles = [
                f"{role} ({reaches.get((role, label), '-')})" if label and not role.startswith("@") else role
                for role in holders.get(name, [])
            ]
            table.append((name, str(action.label), ", ".join(roles) or "-"))
        self._print(("verb", "label", "roles (reach)"), table)
        self.stdout.write("")
        rows = [
            (label, ", ".join(f"{role} ({width})" for role, width in widths.items()))
            for label, widths in models.items()
        ]
        self._print(("records", "roles (reach)"), rows)
        self.stdout.write("")
        self._print(("role", "name"), [(name, label_of(name)) for name in Group.objects.values_list("name", flat=True)])

    def _print(self, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head))]
        for row in [head, tuple("-" * width for width in widths), *rows]:
            cells = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())


def _scoping(model: Any) -> str:
    """The model whose reach decides who sees the records of `model`, as in "customers.customer"; "" for none."""
    if model is None:
        return ""
    if through := getattr(model, "seen_through", None):
        return _scoping(model._meta.get_field(through).related_model)
    return model._meta.label_lower if hasattr(model, "owned_by") else ""


def _width(text: str) -> int:
    """The columns that `text` takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
