"""One-time links by which a person sets his password: the first administrator, somebody invited, who forgot his."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from crm import clock
from crm.accounts.models import User

VALID_FOR = timedelta(hours=24)
SALT = "crm.accounts.welcome"


def link_for(user: User) -> str:
    """The address of a page on which `user` sets his password, once, within VALID_FOR."""
    token = Signer(salt=SALT).sign_object([user.pk, int(clock.now().timestamp()), _state(user)], compress=True)
    return f"{settings.CRM_URL}{reverse('welcome', args=[token])}"


def user_of(token: str, *, lock: bool = False) -> User | None:
    """Whose link this is, or None where it is forged, too old or was used; `lock` holds the row until the commit."""
    try:
        pk, made, state = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    if clock.now() - datetime.fromtimestamp(made, tz=clock.now().tzinfo) > VALID_FOR:
        return None
    people = User.objects.working()
    if lock:
        people = people.select_for_update(of=("self",), no_key=True)
    user = people.filter(pk=pk).first()
    return user if user and constant_time_compare(state, _state(user)) else None


def _state(user: User) -> str:
    """What a used link has changed: the password, and with it every other link that was made before."""
    return salted_hmac(SALT, f"{user.pk} {user.password} {user.last_login}", algorithm="sha256").hexdigest()[:24]
