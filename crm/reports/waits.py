"""What waits for somebody in a few words, as the sign-in page of the demonstration says it."""

from typing import Any

from django.db.models import QuerySet

MOST = 99  # from here on the exact number says no more


def waits(*parts: tuple[Any, QuerySet]) -> str:
    """Sentences with their numbers, a line each, those of which there is something; "" where there is nothing."""
    found = [(text, rows[: MOST + 1].count()) for text, rows in parts]
    words = [str(text) % {"number": f"{MOST}+" if number > MOST else number} for text, number in found if number]
    return "\n".join(words)
