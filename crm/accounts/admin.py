"""Users, departments and absences in the back office."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts import actions, sessions
from crm.accounts.admin_roles import RoleAdmin
from crm.accounts.audit import note
from crm.accounts.effective import held_reaches, held_rights
from crm.accounts.forms import languages
from crm.accounts.models import Absence, Department, Role, User
from crm.accounts.roles import EVERYONE, label_of
from crm.actions import answers
from crm.records.fields import IdentifierInput
from crm.records.masks import masked
from crm.refusals import Forbidden, Refused
from crm.small import whole
from crm.web.admin import RecordAdmin

__all__ = ["RoleAdmin"]


def me(request: HttpRequest) -> User:
    """Who is signed in; the back office lets nobody else in."""
    return cast(User, request.user)


class PersonOrUnitSelect(AutocompleteSelect):
    """Looks a record up while one types. What is no key is refused by the field, and not looked up once more."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [each for each in value if whole(each) is not None] or [""], attrs)


class ChoosingAdmin(admin.ModelAdmin):
    """What stands in `autocomplete_fields` is chosen with a widget that survives every input."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            options.setdefault("widget", PersonOrUnitSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **options)


class UserForm(forms.ModelForm):
    groups = forms.ModelMultipleChoiceField(
        Role.objects.exclude(name=EVERYONE).order_by("pk"),
        required=False,
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=languages, required=False)

    class Meta:
        model = User
        fields = [
            "username",
            "name",
            "name_en",
            "title",
            "department",
            "manager",
            "email",
            "phone",
            "language",
            "mail_notices",
            "groups",
            "is_staff",
            "is_superuser",
        ]
        widgets = {"email": IdentifierInput("email"), "phone": IdentifierInput("phone")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in {"email", "phone"} & self.fields.keys():  # seen in clear by nobody; one types a new one
            if self.instance.pk and (value := getattr(self.instance, name)):
                self.fields[name].kept = masked(self.instance, name), value  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        return User.normalize_username(self.cleaned_data["username"])

    def clean_manager(self) -> User | None:
        manager = self.cleaned_data["manager"]
        if manager is not None and manager.pk == self.instance.pk:
            raise forms.ValidationError(_("Nobody is his own manager."), "manager")
        return manager


class RoleFilter(admin.SimpleListFilter):
    """The users of a role, which is called as everywhere else and not by its key."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role.name, label_of(role.name)) for role in Role.objects.exclude(name=EVERYONE).order_by("pk")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(ChoosingAdmin):
    """People and the system's own users. Who leaves is deactivated by the verb, nobody is deleted."""

    about = gettext_lazy("Who works here: sign-in, department, roles; invite, deactivate.")
    form = UserForm
    change_form_template = "accounts/admin/user.html"
    list_display = ["username", "name", "department", "title", "role_names", "is_active", "last_login"]
    list_filter = ["is_active", "kind", RoleFilter, "department"]
    search_fields = ["username", "name", "name_en", "title"]
    list_select_related = ["department"]
    autocomplete_fields = ["manager"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return User.objects.visible_to(me(request)).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_edit = self.has_change_permission(request, obj)
        reached_by = ["email", "phone"] if may_edit else ["masked_email", "masked_phone"]
        rights = ["groups", "is_staff"]
        if me(request).is_superuser:
            rights.append("is_superuser")
        return [
            (None, {"fields": ["username", "name", "name_en", "title", "department", "manager"]}),
            (_("Reached by"), {"fields": [*reached_by, "language", "mail_notices"]}),
            (_("Rights"), {"fields": rights}),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser edits a superuser; nobody edits the system's own users."""
        if obj is not None and (obj.is_system or (obj.is_superuser and not me(request).is_superuser)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("mail address"))
    def masked_email(self, user: User) -> str:
        return masked(user, "email")

    @admin.display(description=gettext_lazy("phone"))
    def masked_phone(self, user: User) -> str:
        return masked(user, "phone")

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, user: User) -> str:
        return ", ".join(label_of(role.name) for role in user.groups.all())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        user = form.instance
        before = set(user.groups.values_list("name", flat=True))
        super().save_related(request, form, formsets, change)
        after = set(user.groups.values_list("name", flat=True))
        if before != after:
            given, taken = sorted(after - before), sorted(before - after)
            note("accounts.change_roles", actor=me(request), subject=user, given=given, taken=taken)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        user: Any = options.get("obj")
        verbs, refused = [], []
        for verb, refusal in answers(user, me(request)) if user else []:
            if refusal is None:
                url = reverse("do", args=[verb.name, user.pk])
                verbs.append({"label": verb.label, "url": f"{url}?next={request.path}"})
            elif refusal.remedy and not isinstance(refusal, Forbidden):
                refused.append({"label": verb.label, "reason": refusal.sentence})
        context.update(verbs=verbs, refused=refused)
        return super().render_change_form(request, context, *args, **options)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """A new user's page is next: there is the button that sends him his link."""
        answer = super().response_add(request, obj, post_url_continue)
        elsewhere = {"_addanother", "_popup"} & request.POST.keys()
        return answer if elsewhere else redirect("admin:accounts_user_change", obj.pk)

    def get_urls(self) -> Any:
        own = [
            path("<int:pk>/rights/", self.admin_site.admin_view(self.rights), name="accounts_user_rights"),
            path("<int:pk>/sessions/", self.admin_site.admin_view(self.sessions), name="accounts_user_sessions"),
        ]
        return own + super().get_urls()

    def _user(self, request: HttpRequest, pk: int) -> User:
        user = self.get_queryset(request).filter(pk=pk).first()
        if user is None:
            raise Http404
        if not self.has_view_permission(request, user):
            raise PermissionDenied
        return user

    def rights(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the user may do and see, and through which role."""
        user = self._user(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What %(name)s may do and see") % {"name": user},
            "person": user,
            "opts": self.opts,
            "rights": held_rights(user),
            "reaches": held_reaches(user),
        }
        return render(request, "accounts/admin/rights.html", context)

    def sessions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where the user is signed in; end one, or all."""
        user = self._user(request, pk)
        if not me(request).has_perm("accounts.view_usersession"):
            raise PermissionDenied
        if request.method == "POST":
            try:
                actions.end_session(by=me(request), user=user, session=request.POST.get("session", ""))
                messages.success(request, _("Done: %(what)s") % {"what": actions.end_session.label})
            except Refused as refusal:
                messages.error(request, str(refusal))
            return redirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Sessions of %(name)s") % {"name": user},
            "person": user,
            "opts": self.opts,
            "rows": [{"row": row, "handle": sessions.handle_of(row)} for row in sessions.sessions_of(user)],
        }
        return render(request, "accounts/admin/sessions.html", context)


@admin.register(Department)
class DepartmentAdmin(ChoosingAdmin):
    about = gettext_lazy("The departments, what each is part of, and who leads it.")
    list_display = ["code", "name", "name_en", "parent", "head"]
    search_fields = ["code", "name", "name_en"]
    list_select_related = ["parent", "head"]
    autocomplete_fields = ["head", "parent"]


@admin.register(Absence)
class AbsenceAdmin(RecordAdmin):
    """Reported and ended by the verbs; here they are looked up."""

    list_display = ["user", "first_day", "last_day", "deputy", "ended_at"]
    list_filter = ["first_day"]
    search_fields = ["user__name", "user__username", "deputy__name"]
    list_select_related = ["user", "deputy"]
    date_hierarchy = "first_day"
