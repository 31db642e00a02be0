"""Mailing a customer his link."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.links.making import end_links, make_link
from crm.outbox import queue
from crm.refusals import Refused


def mail_link(
    paper: models.Model,
    purpose: str,
    template: str,
    contact: Any,
    context: Mapping[str, Any],
    *,
    by: User,
    valid_for: timedelta,
    remedy: str,
) -> None:
    """Mail a customer's contact a link of `purpose` about `paper`; an earlier one ends.

    The words of the mail are those of `template`, with `context` and the address as `link`. Raises Refused with
    `remedy` where nobody is named, or he has no address.
    """
    if contact is None or not contact.email:
        raise Refused("no_mail_address", _("The contact has no mail address."), remedy)
    end_links(paper, purpose)
    link, url = make_link(
        purpose, paper, by=by, contact_name=contact.name, language=contact.language, valid_for=valid_for
    )
    given = {**context, "link": url}
    queue.mail(contact=contact, template=template, about=paper, context=given, key=f"{template}-{link.pk}")
