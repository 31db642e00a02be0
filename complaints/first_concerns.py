"""Whom complaints concern in a new company; administrators change it afterwards."""

from typing import Any

CONCERNS: tuple[
    tuple[str, str, list[str], bool], ...
] = (  # category, who verifies, who else is in the team, whether production has its say
    ("quality", "quality", ["quality", "production"], True),
    ("shortage", "warehouse", ["production", "finance"], True),
    ("packaging", "warehouse", ["production"], True),
    ("appearance", "quality", ["quality", "production"], True),
    ("structure", "quality", ["quality", "production"], True),
    ("delivery", "logistics", [], False),
    ("service", "order_desk", ["order_desk"], False),
    ("price", "finance", ["finance"], False),
    ("payment", "finance", ["finance"], False),
    ("market", "order_desk", ["order_desk"], False),
    ("promise", "order_desk", ["order_desk"], False),
)


def rows(model: Any) -> list[Any]:
    """The rows to begin with, unsaved; `model` may be one of the past, in a migration."""
    return [
        model(category=category, verifying=verifying, also=also, production=production)
        for category, verifying, also, production in CONCERNS
    ]


def make(model: Any) -> None:
    """Make the rows, where there are none yet."""
    if not model.objects.exists():
        model.objects.bulk_create(rows(model))
