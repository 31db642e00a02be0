"""The mails that bring one-time links."""

from django.utils.translation import gettext_lazy as _

from crm import clock, via
from crm.accounts.models import User
from crm.accounts.welcome import VALID_FOR, link_for
from crm.outbox import queue
from crm.outbox.templates import Template

HOURS = int(VALID_FOR.total_seconds() // 3600)
VARIABLES = {"link": "https://crm.example.com/welcome/…", "username": "wangxm", "hours": HOURS}

Template("accounts.invitation", _("Somebody is invited to sign in"), VARIABLES)
Template("accounts.reset", _("Somebody forgot his password"), VARIABLES)


def send_link(user: User, template: str) -> None:
    """Mail `user` a one-time link. Raises Refused where there is no address."""
    queue.mail(
        address=user.email,
        contact_name=user.display_name,
        template=template,
        about=None,
        context={"link": link_for(user), "username": user.username, "hours": HOURS},
        language=user.language,
        key=f"{template}:{user.pk}:{via.cause() or clock.now().timestamp()}",
    )
