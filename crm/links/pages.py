"""What each purpose of a customer's link shows, and the verbs that it allows; apps declare theirs here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from crm.actions import ACTIONS
from crm.links.models import Link
from crm.records.models import Attachment

PAGES: dict[str, "LinkPage"] = {}

Facts = Callable[[Any, Link], Iterable[tuple[Any, Any]]]
Found = Callable[[Any, Link, str], list[dict[str, Any]]]
Files = Callable[[Any, Link], Iterable[Attachment]]
Keep = Callable[[Any, Link, QueryDict], bool]


def no_facts(subject: Any, link: Link) -> list[tuple[Any, Any]]:
    """A page that shows nothing of its record."""
    return []


def no_context(subject: Any, link: Link) -> dict[str, Any]:
    """A template that needs nothing of its own."""
    return {}


def nothing_given(verb: str, subject: Any, link: Link) -> dict[str, Any]:
    """A page whose customer fills in every field himself."""
    return {}


def no_files(subject: Any, link: Link) -> list[Attachment]:
    """A page that hands nothing out."""
    return []


def no_state(subject: Any) -> str:
    """A record whose state has no words for customers."""
    return ""


@dataclass(frozen=True)
class LinkPage:
    """The page of one purpose.

    `verbs` are the names of the verbs that it offers, in the order of their buttons; the system user "links" needs the
    right to them (`SYSTEM_GRANTS` in the app's roles.py). `facts(subject, link)` are the pairs of label and text that
    the customer decides on, all of them: where one changed while he looked he is shown it, other changes are let pass.
    `context(subject, link)` is what an own `template` needs besides; one extends "links/page.html".
    `given(verb, subject, link)` are inputs that the page decides and the customer does not see, such as the channel of
    a confirmation. `buttons` are the customer's words for a verb whose label speaks to staff. A `single_use` link ends
    with the first verb done; `receipt(subject, link)` are then the pairs that say what came of it.
    `state(subject)` says in one sentence to the customer where the record stands, where his step is not possible any
    more. `find(subject, link, question)` answers what his typing finds, as a picker's results (crm.links.finding).
    `files(subject, link)` are the papers that he may take away from the page. `keep(subject, link, posted)` keeps what
    he has typed so far and not sent, and answers whether it did: no verb, for nothing is done with it yet.
    """

    purpose: str
    title: Any
    verbs: Iterable[str] = ()
    lead: Any = ""
    facts: Facts = no_facts
    context: Callable[[Any, Link], dict[str, Any]] = no_context
    given: Callable[[str, Any, Link], dict[str, Any]] = nothing_given
    buttons: Mapping[str, Any] = field(default_factory=dict)
    template: str = "links/page.html"
    single_use: bool = True
    receipt: Facts = no_facts
    state: Callable[[Any], Any] = no_state
    find: Found | None = None
    files: Files = no_files
    keep: Keep | None = None

    def __post_init__(self) -> None:
        if self.purpose in PAGES:
            raise ValueError(f"two link pages are for {self.purpose}")
        object.__setattr__(self, "verbs", tuple(self.verbs))
        PAGES[self.purpose] = self

    def words_for(self, verb: str) -> Any:
        """What the customer reads on the button of `verb`, and afterwards as what he did."""
        return self.buttons.get(verb) or (ACTIONS[verb].label if verb in ACTIONS else "")
