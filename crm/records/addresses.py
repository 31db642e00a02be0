"""Where records lead, for one reader: the address of a page that he may open, or nothing; no link ends in 404."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from crm.accounts.models import User
from crm.accounts.scopes import involved, may_open


class Addresses:
    """The addresses of records for `user`; it asks once for each kind of record what he may see.

    What a page is going to link is announced with `expect`, so that the first question of a kind is the last.
    """

    def __init__(self, user: User) -> None:
        self.user = user
        self._wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        self._seen: dict[type[models.Model], dict[int, bool]] = defaultdict(dict)

    def expect(self, rows: Iterable[Any]) -> None:
        """Announce records that may be linked, and what was fetched with them: a line's product is linked, too.

        Of a part without a page of its own it is the record that it belongs to.
        """
        for row in rows:
            fetched = (each for each in row._state.fields_cache.values() if isinstance(each, models.Model))
            for each in (row, *fetched):
                self._expect(each)

    def _expect(self, row: Any) -> None:
        model: Any = type(row)
        pk = row.pk
        through = getattr(model, "seen_through", None)
        if through and not has_page(model):
            parent: Any = model._meta.get_field(through)
            model, pk = parent.related_model, getattr(row, parent.attname)
        if pk is not None and hasattr(model._default_manager, "visible_to"):
            self._wanted[model].add(pk)

    def know(self, rows: Iterable[Any]) -> None:
        """Take these records as seen: they were fetched within what the reader may see."""
        for row in rows:
            self._seen[type(row)][row.pk] = True

    def of(self, record: Any) -> str:
        """The address of the record's page, "" where it has none or where the reader may not open it."""
        url = record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
        found = _page_behind(url) if url else None
        return url if found is None or self._sees(*found) else ""

    def _sees(self, model: type[models.Model], pk: int) -> bool:
        known = self._seen[model]
        if pk not in known:
            asked = (self._wanted.pop(model, set()) | {pk}) - known.keys()
            rows = model._default_manager.visible_to(self.user)  # type: ignore[attr-defined]
            rows = rows if may_open(self.user, model) else rows.filter(involved(self.user, model))
            seen = set(rows.filter(pk__in=asked).values_list("pk", flat=True))
            known.update({each: each in seen for each in asked})
        return known[pk]


@cache
def has_page(model: Any) -> bool:
    """Whether records of `model` have a page of their own."""
    try:
        reverse(model._meta.model_name, args=[0])
    except NoReverseMatch:
        return False
    return True


def own_page(record: Any) -> str:
    """The address of the page that is about this record itself, "" where it has none."""
    url = record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
    return url if url and _page_behind(url) == (type(record), record.pk) else ""


def _page_behind(url: str) -> tuple[type[models.Model], int] | None:
    """Whose page an address leads to; None for addresses that are no record's page."""
    try:
        match = resolve(url.partition("?")[0].partition("#")[0])
    except Resolver404:
        return None
    model = getattr(getattr(match.func, "view_class", None), "model", None)
    return (model, match.kwargs["pk"]) if model is not None and "pk" in match.kwargs else None
