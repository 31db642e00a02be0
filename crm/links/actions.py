"""What staff does with a customer's link."""

from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.models import Link


@action(Link, label=_("Revoke the link"), source={Link.Status.ACTIVE}, target=Link.Status.REVOKED)
def revoke_link(link: Link, *, by: User) -> None:
    """End a link before its time, because it went to the wrong person or is not needed any more."""
    link.revoked_at = clock.now()
