"""One entry of a timeline, and the kinds of entries that a reader may ask for."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

Entry = dict[str, Any]

NOTES, TALKS, STEPS, CHANGES, FILES = "notes", "talks", "steps", "changes", "files"
KINDS = {
    NOTES: _("Notes"),
    TALKS: _("Calls and messages"),
    STEPS: _("Steps"),
    CHANGES: _("Changes"),
    FILES: _("Files"),
}
TALKING: set[str] = set()  # verbs by which somebody writes down that he talked with the customer


def talking(*verbs: Any) -> None:
    """Let what these verbs write down stand among the calls and messages of a timeline."""
    TALKING.update(verb.name for verb in verbs)


def entry(
    at: Any,
    title: Any,
    *,
    actor: Any = "",
    icon: str = "point",
    colour: str = "neutral",
    body: str = "",
    body_html: SafeString | str = "",
    changes: Iterable[dict[str, Any]] = (),
    internal: bool = False,
    state: tuple[Any, str] | None = None,
    trouble: Any = "",
    steps: Iterable[dict[str, Any]] = (),
) -> Entry:
    """One entry of a timeline.

    `body` is plain text, `body_html` the same with links where there are any. `internal` is what never leaves the
    house, and is coloured. `state` is the word and colour of where it stands (a mail: sent), `trouble` what went
    wrong, `steps` what the reader may do about it, each with label and url.
    """
    shown = body_html or (format_html('<span class="wrap">{}</span>', body) if body else "")
    return {
        "at": at,
        "actor": actor,
        "icon": icon,
        "colour": colour,
        "title": title,
        "body": body,
        "body_html": shown,
        "changes": list(changes),
        "internal": internal,
        "state": state and {"label": state[0], "colour": state[1]},
        "trouble": trouble,
        "steps": list(steps),
    }
