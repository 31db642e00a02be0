"""A mail that cannot be delivered becomes a person's matter: the record's owner's, its cause's, an administrator's."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.deputies import stand_in
from crm.accounts.models import User
from crm.outbox.models import Message
from crm.outbox.queue import notify
from crm.outbox.templates import TEMPLATES, Template
from crm.records.crypto import WrongKey
from crm.records.models import ActionLog

NOT_DELIVERED = Template(
    "outbox.failed",
    _("A mail could not be delivered"),
    {"contact": _("Li Na"), "matter": _("Your pickup on Friday")},
)


def tell(message: Message) -> None:
    """Ring the bell of everyone who has to do something about a mail that was not delivered."""
    try:
        matter = message.text(message.language)["subject"]
    except WrongKey:
        matter = TEMPLATES[message.template].label if message.template in TEMPLATES else message.template
    context = {"contact": message.contact_name, "matter": matter}
    for user in whose(message):
        notify(user, NOT_DELIVERED.key, about=message, context=context, key=f"failed:{message.pk}:{message.version}")


def whose(message: Message) -> list[User]:
    """The owner of the record that the mail is about, else who caused it, else the administrators."""
    people = User.objects.filter(is_active=True, kind=User.Kind.PERSON)
    owner = getattr(message.about_object, "owner_id", None)
    actor = ActionLog.objects.filter(pk=message.cause_id).values_list("actor_id", flat=True).first()
    for pk in filter(None, (owner, actor)):
        if found := people.filter(pk=pk).first():
            return [stand_in(found, clock.now())]
    return list(people.filter(Q(is_superuser=True)))
