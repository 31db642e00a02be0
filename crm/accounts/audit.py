"""Log rows for what no verb does: nobody is signed in yet, a secret is the input, or the back office saves it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from crm import via
from crm.accounts.models import User
from crm.records.models import ActionLog

EVENTS = {
    "accounts.sign_in": _("Signed in"),
    "accounts.sign_in_failed": _("Failed to sign in"),
    "accounts.sign_in_refused": _("Refused for a while after too many failures"),
    "accounts.sign_in_demo": _("Signed in by a button of the demonstration"),
    "accounts.sign_out": _("Signed out"),
    "accounts.set_password": _("Set the password by a one-time link"),
    "accounts.change_password": _("Changed the password"),
    "accounts.change_roles": _("Changed a user's roles"),
    "accounts.change_role": _("Changed a role"),
    "accounts.issue_token": _("Issued a token on the server"),
}


def note(event: str, *, actor: User | None, subject: Any = None, **facts: Any) -> None:
    """Write one row of the action log for an event of EVENTS; an unknown actor is the website itself.

    `facts` must hold nothing secret and no identifier.
    """
    if event not in EVENTS:
        raise LookupError(f"no event is named {event}")
    ActionLog.objects.create(
        verb=event,
        actor=actor or User.objects.system("web"),
        subject_type=ContentType.objects.get_for_model(subject) if subject is not None else None,
        subject_pk=subject.pk if subject is not None else None,
        inputs=facts,
        **via.as_logged(),
    )
