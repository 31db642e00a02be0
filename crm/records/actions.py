"""The verbs on notes: written into the timeline of any record that one may see, and taken back by who wrote them."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action, customer_of
from crm.records.forms import NoteForm
from crm.records.models import TimelineNote
from crm.refusals import Refused


def _only_its_writer(note: TimelineNote, by: User) -> Refused | None:
    if note.by_id != by.pk:
        return Refused("not_yours", _("Only who wrote the note can take it back."))
    return Refused("taken_back", _("This note was taken back already.")) if note.withdrawn_at else None


@action(None, label=gettext_lazy("Write a note"), form=NoteForm)
def write_note(*, by: User, about: models.Model, text: str, for_customer: bool = False) -> TimelineNote:
    """Write something into the timeline of a record, for colleagues or for its customer as well."""
    return TimelineNote.objects.create(
        subject_type=ContentType.objects.get_for_model(about),
        subject_pk=about.pk,
        customer_id=customer_of(about),
        by=by,
        text=text,
        for_customer=for_customer,
    )


@action(TimelineNote, label=gettext_lazy("Take the note back"), unless=_only_its_writer)
def withdraw_note(note: TimelineNote, *, by: User) -> None:
    """Take back a note that was a slip or stands in the wrong place; that there was one is still told."""
    note.text, note.withdrawn_at = "", clock.now()
