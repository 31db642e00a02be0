"""What a sender is told: that his message came, under which number, and what of it was not kept."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import override

from complaints.inbox.models import FOLLOW_PURPOSE, Incoming
from crm import clock
from crm.accounts.models import User
from crm.links.making import make_link
from crm.outbox import queue
from crm.outbox.models import Message
from crm.records.kinds import normalise

FOLLOWED_FOR = timedelta(days=180)
TEMPLATE = "inbox.answer"
CHINESE = re.compile("[\u3400-\u9fff]")


def language_of(words: str) -> str:
    """The language in which a sender is answered: Chinese where he writes some, or nothing at all."""
    return "zh-hans" if CHINESE.search(words) or not words.strip() else "en"


def answer(item: Incoming, *, by: User) -> bool:
    """Mail the sender number and link, at most once a day to an address; answers whether a mail was written.

    Nothing is ever answered to a machine. Nothing of any customer's record is told: the address is only claimed. So
    nothing that was typed into the public form stands in the mail either: it may go to somebody who never wrote to us.
    """
    if item.automatic or not _can_be_mailed(item.email):
        return False
    key = f"incoming-{Incoming._meta.get_field('email').index_of(item.email)}-{clock.today():%Y%m%d}"
    if Message.objects.filter(key=f"mail:{key}").exists():
        return False
    name = "" if item.channel == Incoming.Channel.WEB else item.name or item.email
    _link, url = make_link(
        FOLLOW_PURPOSE, item, by=by, valid_for=FOLLOWED_FOR, contact_name=name[:120], language=item.language
    )
    context: dict[str, Any] = {
        "number": item.number,
        "link": url,
        "left_out": _left_out(item),
        "most": _size(settings.MAX_UPLOAD_BYTES, item.language),
        "phone": settings.COMPANY_PHONE,
    }
    queue.mail(
        address=item.email,
        contact_name=name[:120],
        template=TEMPLATE,
        about=item,
        context=context,
        language=item.language,
        key=key,
    )
    return True


def _can_be_mailed(email: str) -> bool:
    try:
        return bool(email) and bool(normalise("email", email))
    except ValidationError:
        return False


def _left_out(item: Incoming) -> str:
    """What was not kept, one line for each, in the sender's language."""
    named = item.channel != Incoming.Channel.WEB
    with override(item.language):
        return "\n".join(
            f"- {row['name'] if named and row['name'] else '…'} ({filesizeformat(row['size'])}): {row['why']}"
            for row in item.missing
        )


def _size(count: int, language: str) -> str:
    with override(language):
        return filesizeformat(count)
