"""After migrating: one permission per verb, the roles, the system users, and the defaults that were not given yet.

Running it again changes nothing. What an administrator took from a role, or gave to it, stays: a default is given once
and written down in AppliedDefault.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from crm.accounts.roles import ROLES, Defaults, defaults

VERB = "verb"  # the content type's model under which an app's verbs have their permissions
NEEDED = ("accounts.User", "accounts.RoleReach", "accounts.AppliedDefault", "auth.Permission", "auth.Group")


def after_migrate(*, apps: Apps = installed_apps, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Called by Django when every app is migrated; does nothing where the tables are not there (migrating back)."""
    try:
        for name in NEEDED:
            apps.get_model(name)
    except LookupError:
        return
    sync(using=using)


def sync(given: Defaults | None = None, verbs: dict[str, str] | None = None, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Bring permissions, roles and system users to what the code says.

    `given` and `verbs` (name: label in English) are those of the installed apps where they are left out. Raises
    ValueError for a permission or a model that does not exist.
    """
    given = given or defaults()
    verbs = registered_verbs() if verbs is None else verbs
    with transaction.atomic(using=using):
        permissions = _sync_verbs(verbs, _named(given), using)
        _sync_roles(given, permissions, using)
        _sync_system_users(given, permissions, using)


def registered_verbs() -> dict[str, str]:
    """Every verb's name and its label in English."""
    autodiscover_modules("actions")
    from crm.actions import ACTIONS

    with translation.override(None):
        return {name: str(action.label) for name, action in ACTIONS.items()}


def _named(given: Defaults) -> set[str]:
    """Every permission that a default names."""
    return set().union(*given.grants.values(), *given.system_grants.values())


def _sync_verbs(verbs: dict[str, str], named: Iterable[str], using: str) -> dict[str, int]:
    """Make, rename and remove the permissions of verbs; answers the key of each permission by its name."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    def existing() -> list[Any]:
        return list(Permission.objects.using(using).select_related("content_type").order_by("pk"))

    def name_of(permission: Any) -> str:
        return f"{permission.content_type.app_label}.{permission.codename}"

    rows = existing()
    plain = {name_of(row): row for row in rows if row.content_type.model != VERB}
    missing_apps = {name.partition(".")[0] for name in named if name not in verbs and name not in plain}
    if missing_apps:  # Django makes an app's own permissions only when its turn comes
        for label in sorted(missing_apps & {config.label for config in installed_apps.get_app_configs()}):
            create_permissions(installed_apps.get_app_config(label), verbosity=0, using=using)
        rows = existing()
        plain = {name_of(row): row for row in rows if row.content_type.model != VERB}
    # The verb that edits a record goes by Django's own permission, as in customers.change_customer.
    wanted = {name: label[:255] for name, label in verbs.items() if name not in plain}
    held = {name_of(row): row for row in rows if row.content_type.model == VERB}

    if gone := [row.pk for name, row in held.items() if name not in wanted]:
        Permission.objects.using(using).filter(pk__in=gone).delete()
    renamed = []
    for name, row in held.items():
        if name in wanted and row.name != wanted[name]:
            row.name = wanted[name]
            renamed.append(row)
    if renamed:
        Permission.objects.using(using).bulk_update(renamed, ["name"])
    if new := [name for name in wanted if name not in held]:
        labels = {name.partition(".")[0] for name in new}
        ContentType.objects.using(using).bulk_create(
            [ContentType(app_label=label, model=VERB) for label in sorted(labels)], ignore_conflicts=True
        )
        ContentType.objects.clear_cache()
        types = dict(ContentType.objects.using(using).filter(model=VERB).values_list("app_label", "pk"))
        made = []
        for name in new:
            app_label, _dot, codename = name.partition(".")
            made.append(Permission(content_type_id=types[app_label], codename=codename, name=wanted[name]))
        Permission.objects.using(using).bulk_create(made)
        held |= dict(zip(new, made, strict=True))
    return {name: row.pk for name, row in (plain | held).items() if name in plain or name in wanted}


def _sync_roles(given: Defaults, permissions: dict[str, int], using: str) -> None:
    """Make the roles that were never made, and give the defaults that were never given."""
    from django.contrib.auth.models import Group
    from django.contrib.contenttypes.models import ContentType

    from crm.accounts.models import AppliedDefault, RoleReach

    applied: dict[str, set[str]] = defaultdict(set)
    for role, what in AppliedDefault.objects.using(using).values_list("role", "what"):
        applied[role].add(what)
    new_roles = [role for role in ROLES if "" not in applied[role]]
    Group.objects.using(using).bulk_create([Group(name=role) for role in new_roles], ignore_conflicts=True)
    groups = dict(Group.objects.using(using).filter(name__in=ROLES).values_list("name", "pk"))
    done = [AppliedDefault(role=role, what="") for role in new_roles]

    links = []
    for role, names in given.grants.items():
        for name in sorted(names - applied[role]):
            if role in groups:  # a role that an administrator removed gets nothing
                links.append(Group.permissions.through(group_id=groups[role], permission_id=_key(permissions, name)))
            done.append(AppliedDefault(role=role, what=name))
    Group.permissions.through.objects.using(using).bulk_create(links, ignore_conflicts=True)

    new_reaches = [
        (role, label, RoleReach.Reach(width).value)
        for role, widths in given.reach.items()
        for label, width in widths.items()
        if f"reach:{label}" not in applied[role]
    ]
    models = {label: installed_apps.get_model(label) for _role, label, _width in new_reaches}
    types = ContentType.objects.db_manager(using).get_for_models(*models.values())
    reaches = [
        RoleReach(role_id=groups[role], model=types[models[label]], reach=width)
        for role, label, width in new_reaches
        if role in groups
    ]
    done += [AppliedDefault(role=role, what=f"reach:{label}") for role, label, _width in new_reaches]
    RoleReach.objects.using(using).bulk_create(reaches, ignore_conflicts=True)
    AppliedDefault.objects.using(using).bulk_create(done, ignore_conflicts=True)


def _sync_system_users(given: Defaults, permissions: dict[str, int], using: str) -> None:
    """Make the system users; they have exactly the permissions that the code gives them, nobody edits those."""
    from django.contrib.auth.hashers import make_password

    from crm.accounts.models import User

    users = User.objects.using(using)
    known = {user.username: user for user in users.filter(username__in=given.system_users).defer("email", "phone")}
    new = [
        User(
            username=name,
            name=user.name,
            name_en=user.name_en,
            kind=User.Kind.SYSTEM,
            password=make_password(None),
        )
        for name, user in given.system_users.items()
        if name not in known
    ]
    users.bulk_create(new)
    known |= {user.username: user for user in new}
    if people := sorted(name for name, user in known.items() if not user.is_system):
        raise ValueError(f"The user name {', '.join(people)} is needed for a system user; rename that person's.")

    through = User.user_permissions.through
    wanted = {
        (known[name].pk, _key(permissions, permission))
        for name, names in given.system_grants.items()
        for permission in names
    }
    rows = through.objects.using(using).filter(user__in=[user.pk for user in known.values()])
    held = {(user, permission): pk for pk, user, permission in rows.values_list("pk", "user_id", "permission_id")}
    if extra := [pk for pair, pk in held.items() if pair not in wanted]:
        through.objects.using(using).filter(pk__in=extra).delete()
    missing = sorted(wanted - held.keys())
    through.objects.using(using).bulk_create(
        [through(user_id=user, permission_id=permission) for user, permission in missing], ignore_conflicts=True
    )


def _key(permissions: dict[str, int], name: str) -> int:
    if name not in permissions:
        raise ValueError(f"A role is given {name}, but there is neither a verb nor a permission of that name.")
    return permissions[name]
