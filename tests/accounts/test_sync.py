"""Permissions, roles and system users follow the code; what an administrator changed stays."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import translation

from crm.accounts.models import AppliedDefault, RoleReach, User
from crm.accounts.roles import ROLES, SYSTEM_USERS, Defaults, SystemUser, defaults, label_of
from crm.accounts.sync import registered_verbs, sync

pytestmark = pytest.mark.django_db
VERBS = {"accounts.wave_flag": "Wave the flag", "accounts.fold_flag": "Fold the flag"}


def given(**parts) -> Defaults:
    """Defaults that hold nothing but `parts`, beside the system users."""
    return Defaults(**parts)


def verbs(**more: str) -> dict[str, str]:
    return registered_verbs() | VERBS | more


def names_of(role: str) -> set[str]:
    rows = Permission.objects.filter(group__name=role).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def snapshot() -> dict[str, list]:
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in (Permission, Group, Group.permissions.through, RoleReach, AppliedDefault, ContentType)
    } | {"users": list(User.objects.order_by("pk").values("pk", "username", "password", "version"))}


def test_every_verb_has_one_permission_named_by_its_function_and_labelled_in_english():
    with translation.override("zh-hans"):
        sync()
    row = Permission.objects.get(codename="report_absence")
    assert (row.content_type.app_label, row.content_type.model, row.name) == ("accounts", "verb", "Report an absence")


def test_after_migrating_every_role_and_system_user_is_there():
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    system = User.objects.filter(kind=User.Kind.SYSTEM)
    assert set(SYSTEM_USERS) <= set(system.values_list("username", flat=True))
    assert not any(user.has_usable_password() for user in system)


def test_running_it_again_changes_nothing():
    before = snapshot()
    sync()
    assert snapshot() == before


def test_running_it_again_takes_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        sync()


def test_a_new_verb_is_given_to_the_roles_that_its_app_names():
    sync(given(grants={"sales": {"accounts.wave_flag"}}), verbs())
    assert "accounts.wave_flag" in names_of("sales")
    assert "accounts.wave_flag" not in names_of("counter")


def test_what_an_administrator_took_away_stays_away():
    some = given(grants={"sales": {"accounts.wave_flag"}}, reach={"sales": {"accounts.Absence": "own"}})
    sync(some, verbs())
    role = Group.objects.get(name="sales")
    role.permissions.remove(Permission.objects.get(codename="wave_flag"))
    RoleReach.objects.filter(role=role, model__model="absence").delete()
    sync(some, verbs())
    assert "accounts.wave_flag" not in names_of("sales")
    assert not RoleReach.objects.filter(role=role, model__model="absence").exists()


def test_what_an_administrator_gave_stays_given():
    sync(given(), verbs())
    Group.objects.get(name="counter").permissions.add(Permission.objects.get(codename="wave_flag"))
    sync(given(grants={"sales": {"accounts.wave_flag"}}), verbs())
    assert "accounts.wave_flag" in names_of("counter")


def test_a_reach_that_an_administrator_changed_stays_changed():
    some = given(reach={"sales": {"accounts.Absence": "own"}})
    sync(some, verbs())
    RoleReach.objects.filter(role__name="sales", model__model="absence").update(reach="all")
    sync(some, verbs())
    assert RoleReach.objects.get(role__name="sales", model__model="absence").reach == "all"


def test_a_role_that_an_administrator_removed_is_not_made_again():
    Group.objects.get(name="hr").delete()
    sync()
    assert not Group.objects.filter(name="hr").exists()


def test_a_company_may_have_roles_of_its_own():
    Group.objects.create(name="地磅房")
    sync()
    assert names_of("地磅房") == set()
    assert label_of("地磅房") == "地磅房"


def test_a_verb_that_is_gone_takes_its_permission_with_it():
    sync(given(grants={"sales": {"accounts.wave_flag"}}), verbs())
    sync(given(), registered_verbs())
    assert not Permission.objects.filter(codename="wave_flag").exists()
    assert Permission.objects.filter(codename="report_absence").exists()


def test_a_verb_whose_label_changed_keeps_its_permission():
    sync(given(), verbs())
    before = Permission.objects.get(codename="wave_flag").pk
    sync(given(), verbs(**{"accounts.wave_flag": "Wave it"}))
    assert Permission.objects.get(codename="wave_flag").pk == before
    assert Permission.objects.get(codename="wave_flag").name == "Wave it"


def test_the_verb_that_edits_a_record_goes_by_djangos_own_permission():
    sync(given(grants={"sales": {"accounts.change_department"}}), verbs(**{"accounts.change_department": "Edit"}))
    assert Permission.objects.filter(codename="change_department").count() == 1
    assert "accounts.change_department" in names_of("sales")


def test_a_default_may_name_djangos_own_permissions():
    assert "accounts.view_user" in names_of("hr")


def test_a_default_that_names_nothing_is_refused_and_nothing_is_changed():
    before = snapshot()
    with pytest.raises(ValueError, match=r"accounts\.fly"):
        sync(given(grants={"sales": {"accounts.fly"}}), verbs())
    assert snapshot() == before


def test_a_default_for_an_unknown_role_is_refused():
    class Module:
        GRANTS = {"wizard": []}

        __name__ = "some.roles"

    with pytest.raises(ValueError, match="wizard"):
        Defaults().add(Module)


def test_system_users_have_exactly_what_the_code_gives_them():
    some = given(system_grants={"clock": {"accounts.wave_flag"}})
    sync(some, verbs())
    clock_user = User.objects.system("clock")
    assert clock_user.get_all_permissions() == {"accounts.wave_flag"}
    sync(replace(some, system_grants={"clock": {"accounts.fold_flag"}}), verbs())
    assert User.objects.system("clock").get_all_permissions() == {"accounts.fold_flag"}


def test_an_app_may_have_a_system_user_of_its_own():
    sync(given(system_users={**SYSTEM_USERS, "ferry": SystemUser("摆渡", "Ferry")}), verbs())
    with translation.override("zh-hans"):
        assert User.objects.system("ferry").display_name == "摆渡"
    with translation.override("en"):
        assert User.objects.system("ferry").display_name == "Ferry"


def test_a_person_with_the_name_of_a_system_user_is_pointed_out(person):
    person("ferry")
    with pytest.raises(ValueError, match="ferry"):
        sync(given(system_users={**SYSTEM_USERS, "ferry": SystemUser("摆渡", "Ferry")}), verbs())
    assert User.objects.get(username="ferry").kind == User.Kind.PERSON


def test_all_apps_together_name_only_what_exists():
    found = defaults()
    assert set(found.grants) <= set(ROLES)
    assert "accounts.invite_user" in found.grants["administrator"]
