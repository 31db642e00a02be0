"""What a customer has in hand: the link that was mailed, and what its page sends besides his own words."""

import re
from typing import Any

from crm.outbox.models import Message

HIDDEN = re.compile(r'<input type="hidden" name="(_key|_version|_seen|\w+-[\w-]+)" value="([^"]*)"')


def path_of(template: str) -> str:
    """The path of the link in the last mail of `template`."""
    body = Message.objects.filter(template=template, channel="mail").latest("pk").text("zh-hans")["body"]
    found = re.search(r"http://testserver(/l/[^\s?]+)", body)
    assert found, body
    return found[1]


def hidden(page: Any) -> dict[str, str]:
    """What the page's forms send besides what is typed: request key, version, what was seen, and keys of lines."""
    return dict(HIDDEN.findall(page.text))
