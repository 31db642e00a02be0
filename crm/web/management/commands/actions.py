"""`manage.py actions`: the table of all verbs, the shortest description of what the product does."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from crm.actions import ACTIONS
from crm.deadlines.tables import table


class Command(BaseCommand):
    help = "Prints every verb: what it is done to, from which states, to which, its form, and the deadlines it meets."

    def handle(self, *args: Any, **options: Any) -> None:
        from crm.deadlines.rules import RULES

        with translation.override(None):
            rows = [
                [
                    name,
                    action.model.__name__ if action.model else "",
                    ", ".join(sorted(action.source)) if action.source else "",
                    ", ".join(sorted(action.targets)),
                    action.form.__name__,
                    ", ".join(rule.key for rule in RULES.values() if name in rule.met_by),
                    str(action.label),
                ]
                for name, action in sorted(ACTIONS.items())
            ]
        self.stdout.write(table(["verb", "done to", "from", "to", "form", "meets", "label"], rows))
