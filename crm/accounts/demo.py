"""The demonstration's sign-in buttons: one per role, only in the demonstration, only on this machine."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm import env
from crm.accounts.models import User
from crm.accounts.roles import EVERYONE, ROLES, defaults, label_of

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


@dataclass(frozen=True)
class DemoRole:
    """One button: whom it signs in, the role, who that is, and which step of the path waits there."""

    username: str
    label: str
    title: str
    waits: str
    user: User


def offered(request: HttpRequest) -> bool:
    """Whether anybody may choose whom to be: the demonstration, served to this machine only and reached from it.

    The address in the socket and the host in the request are both this machine's, nothing was forwarded by a proxy, and
    where the supervisor said which address the server listens on (CRM_HOST), it is this machine's too.
    """
    if not settings.DEMO or env.text("CRM_HOST", "127.0.0.1") not in LOOPBACK:
        return False
    if any(name in request.headers for name in FORWARDED):
        return False
    host = request.META.get("HTTP_HOST", "")
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return request.META.get("REMOTE_ADDR") in LOOPBACK and name in LOOPBACK


def demo_roles(request: HttpRequest) -> list[DemoRole]:
    """The buttons of the sign-in page: the first person in each role, in the order of the roles; empty elsewhere."""
    if not offered(request):
        return []
    people: dict[str, User] = {}
    named = [role for role in ROLES if role != EVERYONE]
    members = User.groups.through.objects.filter(
        group__name__in=named, user__is_active=True, user__kind=User.Kind.PERSON
    ).order_by("user_id")
    for member in members.select_related("user", "group"):
        people.setdefault(member.group.name, member.user)
    waits = defaults().waits
    return [
        DemoRole(
            username=people[role].username,
            label=label_of(role),
            title=_person(people[role]),
            waits=waits[role](people[role]) if role in waits else "",
            user=people[role],
        )
        for role in named
        if role in people
    ]


def _person(user: User) -> str:
    """The name, with the title for who reads the company's own language, in which alone titles are kept."""
    if not user.title or get_language() != settings.LANGUAGE_CODE:
        return user.display_name
    return _("%(name)s, %(title)s") % {"name": user.display_name, "title": user.title}
