"""What a record's page shows of its customer's links."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.making import links_of
from crm.links.models import Link
from crm.links.pages import PAGES
from crm.web.panels import panel, step

SHOWN = 5


def row_of(link: Link, user: Any) -> dict[str, Any]:
    """One link as the panel shows it: what it is for, its state, and the way to end it."""
    return {
        "link": link,
        "title": PAGES[link.purpose].title if link.purpose in PAGES else link.purpose,
        "revoke": step("links.revoke_link", link, user) if link.is_open else None,
    }


@panel(None, "links", _("Customer's links"), "links/panel.html", side=True, order=70)
def links(obj: Any, user: Any) -> dict[str, Any] | None:
    """The latest links with their state, and the way to end one."""
    rows = [row_of(link, user) for link in links_of(obj)[:SHOWN]]
    return {"rows": rows, "count": len(rows)} if rows else None
