"""Who may sign in, and which permissions he has."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.http import HttpRequest

from crm.accounts.models import User
from crm.accounts.rights import rights_of


def find_person(name: str) -> User | None:
    """The active person of this user name (in any case), else the only one of this mail address, or None."""
    name = name.strip()
    if not name or "\0" in name:
        return None
    people = User.objects.working()
    if found := people.filter(username__iexact=name).first():
        return found
    if "@" not in name:
        return None
    same_address = list(people.filter(email=name)[:2])
    return same_address[0] if len(same_address) == 1 else None


class Backend(BaseBackend):
    """Signs in active people by user name or mail address. System users and those who left never get in."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **other: Any
    ) -> User | None:
        """The person whose password this is, or None; `other` credentials are not ours."""
        if username is None or password is None:
            return None
        user = find_person(username)
        if user is None:
            make_password(password)  # takes as long as a real check, so that the time tells nobody who exists
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, as long as he may be here; his identifiers are read when they are asked for."""
        return User.objects.working().defer("email", "phone").filter(pk=user_id).first()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Every permission's name: `orders.confirm_order`. There are none by object: that is what scopes are for."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            pairs = Permission.objects.order_by().values_list("content_type__app_label", "codename")
            return {f"{app}.{codename}" for app, codename in pairs}
        return set(rights_of(user_obj).permissions)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user has the permission; superusers have them all."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return False
        return user_obj.is_superuser or perm in rights_of(user_obj).permissions

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the user has any permission in the app."""
        if not user_obj.is_active or user_obj.is_anonymous:
            return False
        start = f"{app_label}."
        return user_obj.is_superuser or any(name.startswith(start) for name in rights_of(user_obj).permissions)
