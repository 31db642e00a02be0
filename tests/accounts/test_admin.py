"""Users, roles, departments, absences and tokens in the back office."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from crm import clock
from crm.accounts.models import Absence, Department, RoleReach, User, UserSession
from crm.accounts.right_labels import rights_by_app
from crm.accounts.scopes import scoped_models
from crm.api.tokens import issue
from crm.records.models import ActionLog
from tests.accounts.conftest import PASSWORD, again, signed_in

pytestmark = pytest.mark.django_db
NEW_USER = {"username": "eva", "name": "Eva", "name_en": "", "title": "", "language": "", "email": "eva@example.com"}


def change(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def fields_of(user: User, **more) -> dict:
    keep = {"username": user.username, "name": user.name, "name_en": "", "title": "", "language": "", "phone": ""}
    return {**keep, "email": user.email, "groups": [group.pk for group in user.groups.all()], **more}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_in_both_languages(admin, alice, root, language):
    User.objects.filter(pk__in=[admin.pk, root.pk]).update(language=language)
    token, _secret = issue(alice, "erp", ["read"], days=1)
    absence = Absence.objects.create(user=alice, first_day=clock.today(), last_day=clock.today())
    role = Group.objects.get(name="sales")
    pages = [
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_add"),
        change(alice),
        reverse("admin:accounts_user_rights", args=[alice.pk]),
        reverse("admin:accounts_user_sessions", args=[alice.pk]),
        reverse("admin:accounts_department_changelist"),
        reverse("admin:accounts_department_change", args=[alice.department_id]),
        reverse("admin:accounts_absence_changelist"),
        reverse("admin:accounts_absence_change", args=[absence.pk]),
        reverse("admin:accounts_role_changelist"),
        reverse("admin:accounts_role_add"),
        reverse("admin:accounts_role_change", args=[role.pk]),
        reverse("admin:api_apitoken_changelist"),
        reverse("admin:api_apitoken_change", args=[token.pk]),
    ]
    for user in (admin, root):
        client = signed_in(user)
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_a_new_user_has_no_password_and_comes_by_a_link(admin):
    sales = Group.objects.get(name="sales")
    answer = signed_in(admin).post(reverse("admin:accounts_user_add"), {**NEW_USER, "groups": [sales.pk]})
    eva = User.objects.get(username="eva")
    assert answer["Location"] == change(eva)
    assert (eva.has_usable_password(), eva.is_active, eva.email) == (False, True, "eva@example.com")
    assert list(eva.groups.all()) == [sales]
    log = ActionLog.objects.get(verb="accounts.change_roles")
    assert (log.actor, log.subject_pk, log.inputs) == (admin, eva.pk, {"given": ["sales"], "taken": []})


def test_the_same_user_name_in_another_case_is_refused(admin, alice):
    answer = signed_in(admin).post(reverse("admin:accounts_user_add"), {**NEW_USER, "username": "ALICE"})
    assert answer.status_code == 200
    assert "already a user of this name" in answer.content.decode()
    assert User.objects.filter(username__iexact="alice").count() == 1


def test_identifiers_are_masked_and_stay_when_not_touched(admin, alice):
    client = signed_in(admin)
    text = client.get(change(alice)).content.decode()
    assert "alice@example.com" not in text
    form = client.get(change(alice)).context["adminform"].form
    mask = form["email"].value()
    client.post(change(alice), fields_of(alice, email=mask, title="Senior"))
    alice = again(alice)
    assert (alice.email, alice.title) == ("alice@example.com", "Senior")


def test_an_administrator_makes_nobody_a_superuser(admin, alice):
    client = signed_in(admin)
    client.post(change(alice), fields_of(alice, is_superuser="on", is_staff="on"))
    assert (again(alice).is_superuser, again(alice).is_staff) == (False, True)
    client.post(reverse("admin:accounts_user_add"), {**NEW_USER, "is_superuser": "on"})
    assert not User.objects.get(username="eva").is_superuser


def test_an_administrator_does_not_edit_a_superuser_nor_the_systems_own_users(admin, root):
    client = signed_in(admin)
    for user in (root, User.objects.system("clock")):
        assert client.post(change(user), fields_of(user, name="Mine")).status_code == 403
        assert again(user).name == user.name


def test_a_superuser_makes_a_superuser(root, alice):
    signed_in(root).post(change(alice), fields_of(alice, is_superuser="on"))
    assert again(alice).is_superuser


def test_nobody_is_deleted(root, alice):
    answer = signed_in(root).post(reverse("admin:accounts_user_delete", args=[alice.pk]), {"post": "yes"})
    assert answer.status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()


def test_who_may_only_look_sees_identifiers_by_their_tails(person, alice):
    hanna = person("hanna", "hr", is_staff=True)
    answer = signed_in(hanna).get(change(alice))
    assert answer.status_code == 200
    assert "alice@example.com" not in answer.content.decode()
    assert signed_in(hanna).post(change(alice), fields_of(alice, name="Other")).status_code == 403
    assert again(alice).name == "Alice"


def test_staff_without_the_right_does_not_get_in(person, alice):
    clerk = signed_in(person("clerk", "counter", is_staff=True))
    for page in (change(alice), reverse("admin:accounts_user_rights", args=[alice.pk])):
        assert clerk.get(page).status_code in {403, 404}
    assert clerk.get(reverse("admin:accounts_role_changelist")).status_code == 403


def test_the_page_offers_the_verbs_that_are_possible(admin, alice):
    verbs = signed_in(admin).get(change(alice)).context["verbs"]
    assert [str(verb["label"]) for verb in verbs] == ["Send a sign-in link", "Deactivate"]


def test_effective_rights_name_the_role_behind_each(admin, alice):
    model = next(iter(scoped_models()), None)
    if model is not None:
        kind = ContentType.objects.get_for_model(model)
        RoleReach.objects.update_or_create(role=Group.objects.get(name="sales"), model=kind, defaults={"reach": "own"})
    alice.user_permissions.add(Permission.objects.get(codename="invite_user"))
    context = signed_in(admin).get(reverse("admin:accounts_user_rights", args=[alice.pk])).context
    rights = dict(context["rights"])["Accounts"]
    assert {(line.label, line.through) for line in rights} >= {
        ("Report an absence", "Everyone"),
        ("Send a sign-in link (user)", "given to this user alone"),
    }
    if model is not None:
        assert (context["reaches"][0].reach, context["reaches"][0].through) == ("own", "Sales")


def test_sessions_are_ended_there(admin, alice):
    client = signed_in(alice)
    page = reverse("admin:accounts_user_sessions", args=[alice.pk])
    boss = signed_in(admin)
    assert UserSession.objects.get(user=alice).pk not in boss.get(page).content.decode()
    boss.post(page)
    assert client.get("/profile/").status_code == 302


def test_tokens_are_revoked_there(admin, alice):
    token, _secret = issue(alice, "erp", ["read"], days=1)
    data = {"action": "revoke", "_selected_action": [token.pk]}
    signed_in(admin).post(reverse("admin:api_apitoken_changelist"), data)
    token.refresh_from_db()
    assert token.state == "revoked"


def role_fields(role: Group, **more) -> dict:
    rights = list(role.permissions.values_list("pk", flat=True))
    reaches = {f"reach_{pk}": width for pk, width in role.reaches.values_list("model_id", "reach")}
    return {"name": role.name, "rights": rights, **reaches, **more}


def test_a_roles_rights_are_ticked_and_logged(admin, alice):
    role = Group.objects.get(name="sales")
    invite = Permission.objects.get(codename="invite_user")
    page = reverse("admin:accounts_role_change", args=[role.pk])
    fields = role_fields(role)
    assert signed_in(admin).post(page, {**fields, "rights": [*fields["rights"], invite.pk]}).status_code == 302
    assert again(alice).has_perm("accounts.invite_user")
    log = ActionLog.objects.get(verb="accounts.change_role")
    assert (log.actor, log.subject_pk, log.inputs) == (admin, role.pk, {"given": ["accounts.invite_user"]})
    signed_in(admin).post(page, fields)
    assert not again(alice).has_perm("accounts.invite_user")


def test_no_right_is_offered_that_nobody_can_have(admin):
    offered = {right.name for _app, rights in rights_by_app() for right in rights}
    assert {"records.view_actionlog", "records.view_fieldhistory", "records.reveal"} <= offered
    written_by_nobody = ["records.actionlog", "records.fieldhistory", "records.attachment", "deadlines.periodicrun"]
    for app, _dot, model in (each.partition(".") for each in written_by_nobody):
        assert not offered & {f"{app}.{edit}_{model}" for edit in ("add", "change", "delete")}
    assert {"accounts.add_user", "accounts.change_user"} <= offered
    assert "accounts.delete_user" not in offered
    assert {f"accounts.{edit}_department" for edit in ("add", "change", "delete")} <= offered


def test_saving_a_role_unchanged_changes_and_logs_nothing(admin):
    role = Group.objects.get(name="administrator")
    before = set(role.permissions.values_list("pk", flat=True)), set(role.reaches.values_list("model", "reach"))
    page = reverse("admin:accounts_role_change", args=[role.pk])
    assert signed_in(admin).post(page, role_fields(role)).status_code == 302
    after = set(role.permissions.values_list("pk", flat=True)), set(role.reaches.values_list("model", "reach"))
    assert after == before
    assert not ActionLog.objects.filter(verb="accounts.change_role").exists()


def test_the_reach_of_a_role_is_chosen_by_kind_of_record(admin):
    model = next(iter(scoped_models()), None)
    if model is None:
        pytest.skip("no app with scoped records is installed")
    role = Group.objects.get(name="supervisor")
    kind = ContentType.objects.get_for_model(model)
    page = reverse("admin:accounts_role_change", args=[role.pk])
    client = signed_in(admin)
    for width in ("all", "own", ""):
        client.post(page, role_fields(role, **{f"reach_{kind.pk}": width}))
        assert list(role.reaches.filter(model=kind).values_list("reach", flat=True)) == ([width] if width else [])


def test_a_company_makes_a_role_of_its_own(admin):
    report = Permission.objects.get(codename="report_absence")
    signed_in(admin).post(reverse("admin:accounts_role_add"), {"name": "地磅房", "rights": [report.pk]})
    assert list(Group.objects.get(name="地磅房").permissions.all()) == [report]


def test_the_key_of_a_role_that_comes_with_the_product_is_not_changed(admin):
    role = Group.objects.get(name="sales")
    page = reverse("admin:accounts_role_change", args=[role.pk])
    signed_in(admin).post(page, role_fields(role, name="vendors"))
    role.refresh_from_db()
    assert role.name == "sales"


def test_a_role_with_people_is_not_deleted(root, alice):
    role = Group.objects.get(name="sales")
    page = reverse("admin:accounts_role_delete", args=[role.pk])
    assert signed_in(root).post(page, {"post": "yes"}).status_code == 403
    assert Group.objects.filter(name="sales").exists()


def test_the_back_office_has_no_sign_in_page_of_its_own(client, alice):
    answer = client.get("/admin/")
    assert client.get(answer["Location"])["Location"] == "/sign-in/?next=/admin/"
    assert client.post("/admin/login/", {"username": "alice", "password": PASSWORD}).status_code == 405
    assert UserSession.objects.count() == 0


def test_who_is_signed_in_but_not_staff_is_refused_there(alice):
    client = signed_in(alice)
    assert client.get(client.get("/admin/")["Location"]).status_code == 403


def test_leaving_the_back_office_and_changing_the_password_go_by_our_pages(admin):
    client = signed_in(admin)
    assert client.get("/admin/password_change/")["Location"] == "/profile/password/"
    client.post("/admin/logout/")
    assert ActionLog.objects.filter(verb="accounts.sign_out").count() == 1
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("odd", ["x", "{}", "0001-01-01", "9" * 30, "²"])
def test_what_is_no_record_s_key_is_refused_where_one_is_chosen_by_typing(admin, alice, odd):
    department = Department.objects.create(code="d1", name="销售部")
    client = signed_in(admin)
    pages = {
        change(alice): fields_of(alice, manager=odd),
        reverse("admin:accounts_department_change", args=[department.pk]): {"code": "d1", "name": "x", "parent": odd},
        reverse("admin:accounts_department_add"): {"code": "d2", "name": "x", "head": odd},
    }
    for page, sent in pages.items():
        answer = client.post(page, sent)
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
    department.refresh_from_db()
    assert (department.name, Department.objects.filter(code="d2").exists()) == ("销售部", False)
    assert again(alice).manager_id == alice.manager_id
