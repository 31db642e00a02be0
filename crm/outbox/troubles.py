"""A mail that cannot be delivered becomes a person's matter: the record's owner's, its cause's, an administrator's."""

from crm import clock
from crm.accounts.deputies import stand_in
from crm.accounts.models import User
from crm.outbox.messages import NOT_DELIVERED
from crm.outbox.models import Message
from crm.outbox.queue import notify
from crm.outbox.templates import TEMPLATES
from crm.records.crypto import WrongKey
from crm.records.models import ActionLog


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
    people = User.objects.working()
    actor = ActionLog.objects.filter(pk=message.cause_id or 0).values_list("actor_id", flat=True).first()
    owner = getattr(message.about_object, "owner_id", None)
    for pk in [pk for pk in (owner, actor) if pk is not None]:
        if found := people.filter(pk=pk).first():
            return [stand_in(found, clock.now())]
    return list(people.filter(is_superuser=True))
