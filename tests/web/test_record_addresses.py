"""The page of a record is found by the name of its kind, so that lists, searches and timelines lead to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from crm.listing import LISTINGS
from crm.records.addresses import has_page
from crm.web.recordpage import RecordView


def models_with_a_page(patterns: list[Any]) -> Iterator[Any]:
    """The models of all record pages, whatever their addresses are called."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from models_with_a_page(each.url_patterns)
        elif isinstance(each, URLPattern):
            view = getattr(each.callback, "view_class", None)
            if isinstance(view, type) and issubclass(view, RecordView):
                yield view.model


PAGES = {each._meta.label: each for each in models_with_a_page(get_resolver().url_patterns)}
LISTED = PAGES.keys() & {each.model._meta.label for each in LISTINGS.values()}


def test_there_are_pages_of_what_is_listed() -> None:
    assert {"customers.Customer", "orders.Order", "complaints.Complaint"} <= LISTED


@pytest.mark.parametrize("label", sorted(LISTED))
def test_the_rows_of_a_list_lead_to_the_page_of_their_record(label: str) -> None:
    assert has_page(PAGES[label])
