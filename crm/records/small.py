"""Search in small tables that keep no search columns (colleagues, departments, warehouses): they are read and compared.

Tables that grow with the business are Searchable instead.
"""

from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q

from crm.fetching import tuples
from crm.records.text import fold, typings

NAMES = ("name", "name_en", "username", "code", "number", "title")
MOST = 500  # rows that are compared; a table that has more should be Searchable


def names_of(model: type[models.Model]) -> list[str]:
    """The columns by which rows of `model` are called."""
    return [field.name for field in model._meta.concrete_fields if field.name in NAMES]


def holding(rows: models.QuerySet, question: str) -> models.QuerySet:
    """Those of `rows` of which every word of the question stands in a name. No pinyin: the database compares."""
    names = names_of(rows.model)
    if not names:
        return rows.none()
    for word in question.split():
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(found)
    return rows


def best_of_few(rows: models.QuerySet, question: str, limit: int) -> list[Any]:
    """The keys of the best of `rows` for a picker, by name, pinyin and initials; as `best_hits` ranks them."""
    tokens = [token for word in question.split() if (token := fold(word).replace(" ", ""))]
    names = names_of(rows.model)
    ranked = []
    for pk, *called in tuples(rows.order_by("pk"), names, MOST) if tokens and names else ():
        text = _text(tuple(str(each or "") for each in called))
        if all(token in text for token in tokens):
            ranked.append((f"|{tokens[0]}|" not in text, f"|{tokens[0]}" not in text, len(text), pk))
    return [pk for *_place, pk in sorted(ranked)[:limit]]


@lru_cache(maxsize=4096)
def _text(names: tuple[str, ...]) -> str:
    """What a row is called, in writing and read aloud; people's surnames as surnames."""
    parts = []
    for name in filter(None, map(fold, names)):
        syllabic, initial = typings(name, person=True)
        parts += [name, *syllabic, *initial]
    return "|".join(["", *parts, ""])
