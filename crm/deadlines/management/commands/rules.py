"""`manage.py rules`: the table of all time limits, with their present values."""

from typing import Any

from django.core.management.base import BaseCommand

from crm import clock
from crm.deadlines import basis
from crm.deadlines.rules import RULES, Rule
from crm.deadlines.tables import table


class Command(BaseCommand):
    help = "Prints every time limit: its clause, what it is about, when it is wanted, what meets it, how long it is."

    def handle(self, *args: Any, **options: Any) -> None:
        current = basis.current()
        rows = []
        for rule in sorted(RULES.values(), key=lambda rule: rule.key):
            rulings = current.rulings(rule, clock.today())
            value = str(rulings.limit) if rulings.limit else ""
            rows.append(
                [
                    rule.key,
                    rule.clause,
                    rule.model.__name__ if rule.model else "company",
                    ", ".join(sorted(rule.during)) if rule.during is not None else "",
                    ", ".join(rule.met_by),
                    (value if rulings.enabled else "off") + counted(rule),
                    str(rulings.warn or "a quarter"),
                    rule.soon,
                    rule.late,
                ]
            )
        header = ["rule", "clause", "on", "during", "met by", "limit", "warns before", "then", "on a breach"]
        self.stdout.write(table(header, rows))


def counted(rule: Rule) -> str:
    """From when the limit counts, where it is not from the beginning."""
    if rule.every:
        return f" from the {rule.counts_from} of each {rule.every}" if rule.counts_from else f"each {rule.every}"
    if rule.due is not None:
        name = rule.due if isinstance(rule.due, str) else "a date"
        return f" before {name}" if rule.limit else name
    return f" from {rule.since}" if isinstance(rule.since, str) else ""
