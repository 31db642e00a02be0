"""Notes that people write into the timeline of a record: what they are about, who reads them, how they are told."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.records.addresses import own_page
from crm.records.entries import Entry, entry
from crm.records.models import TimelineNote

WRITE, WITHDRAW = "records.write_note", "records.withdraw_note"


def subject_of(label: str, pk: int, user: User) -> models.Model | None:
    """The record of the kind `label` ("orders.order") with that key, where `user` may see it and it has a page."""
    try:
        rows = apps.get_model(label)._default_manager.all()
    except (LookupError, ValueError):
        return None
    found = rows.visible_to(user).filter(pk=pk).first() if hasattr(rows, "visible_to") else None
    return found if found is not None and own_page(found) else None


def read_by_customers(label: str) -> bool:
    """Whether customers have pages about records of this kind: a link's purpose does a verb to them."""
    from crm.links.pages import PAGES

    verbs = (ACTIONS.get(name) for page in PAGES.values() for name in page.verbs)
    return any(verb.model._meta.label_lower == label.lower() for verb in verbs if verb is not None and verb.model)


def for_customers(subject: models.Model) -> list[TimelineNote]:
    """The notes that a customer reads on his page about `subject`, the newest first."""
    rows = TimelineNote.objects.about(subject).filter(for_customer=True, withdrawn_at=None)
    return list(rows.order_by("-at")[:5])


def writing(obj: models.Model, user: User) -> dict[str, Any] | None:
    """What the field above a timeline needs to write a note about `obj`, None for whoever may not."""
    if not user.has_perm(WRITE) or not own_page(obj):
        return None
    label = obj._meta.label_lower
    return {
        "url": reverse("do", args=[WRITE]),
        "about": label,
        "record": obj.pk,
        "for_customer": read_by_customers(label),
    }


def entries_of(obj: models.Model, user: User, notes: Iterable[TimelineNote]) -> list[Entry]:
    """The notes as entries of the timeline of `obj`; who wrote one is offered to take it back."""
    notes = list(notes)
    people = User.objects.in_bulk({note.by_id for note in notes}) if notes else {}
    may = user.has_perm(WITHDRAW)
    return [_told(obj, note, people[note.by_id], may and note.by_id == user.pk) for note in notes]


def _told(obj: models.Model, note: TimelineNote, writer: User, own: bool) -> Entry:
    elsewhere = (note.subject_type.model_class(), note.subject_pk) != (type(obj), obj.pk)
    kind: Any = note.subject_type.model_class() if elsewhere else None
    title = _("Note about: %(kind)s") % {"kind": kind._meta.verbose_name} if kind else _("Note")
    if note.withdrawn_at:
        return entry(note.at, _("Note, taken back"), actor=str(writer), icon="note")
    return entry(
        note.at,
        title,
        actor=str(writer),
        icon="note" if not note.for_customer else "user-share",
        colour="soon" if not note.for_customer else "active",
        body=note.text,
        internal=not note.for_customer,
        state=(_("the customer reads it"), "active") if note.for_customer else None,
        steps=[{"label": _("Take the note back"), "url": reverse("do", args=[WITHDRAW, note.pk])}] if own else [],
    )
