"""The input of each verb on accounts, and of the pages around signing in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.widgets import GroupedChecks
from crm.api.tokens import LONGEST, scope_choices
from crm.forms import PickField, RecordForm, VerbForm
from crm.inputs import WORDS

password_rules = lazy(password_validators_help_text_html, str)


class Day(forms.DateInput):
    """A day, as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def colleagues(rows: Any, by: User) -> Any:
    """The people who work here now."""
    return rows.working().select_related("department")


def reportable(rows: Any, by: User) -> Any:
    """Those whose absence `by` may report: himself, his people, and everybody where he manages absences."""
    rows = colleagues(rows, by)
    if by.has_perm("accounts.change_absence"):
        return rows
    return rows.filter(Q(pk=by.pk) | Q(manager=by) | Q(department__head=by))


class AbsenceForm(VerbForm):
    user = PickField(
        User, rows=reportable, required=False, label=gettext_lazy("who"), help_text=gettext_lazy("Empty: yourself.")
    )
    first_day = forms.DateField(label=gettext_lazy("first day"), widget=Day())
    last_day = forms.DateField(label=gettext_lazy("last day"), widget=Day())
    deputy = PickField(
        User,
        rows=colleagues,
        required=False,
        label=gettext_lazy("deputy"),
        help_text=gettext_lazy("Empty: the manager stands in."),
    )
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", ValidationError(_("The last day is before the first."), "order"))
        elif last and last < clock.today():
            self.add_error("last_day", ValidationError(_("This lies in the past."), "past"))
        if data.get("deputy") and data["deputy"] == (data.get("user") or self.by):
            self.add_error("deputy", ValidationError(_("Nobody can be his own deputy."), "deputy"))
        return data


def languages() -> list[tuple[str, Any]]:
    """The languages of the product, and leaving it to the browser."""
    return [("", _("As the browser asks")), *settings.LANGUAGES]


class ProfileForm(RecordForm):
    language = forms.ChoiceField(label=gettext_lazy("language"), choices=languages, required=False)

    class Meta:
        model = User
        fields = ["name", "name_en", "language", "mail_notices"]

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        # What one sees at first is one's own; the API leaves the verb without an object.
        super().__init__(data, files, by=by, obj=obj or by, **options)


class EndSessionForm(VerbForm):
    user = PickField(User, required=False, label=gettext_lazy("who"), help_text=gettext_lazy("Empty: yourself."))
    session = forms.CharField(
        label=gettext_lazy("session"), max_length=16, required=False, help_text=gettext_lazy("Empty: all of them.")
    )
    keep = forms.CharField(
        label=gettext_lazy("keep this one"), max_length=16, required=False, widget=forms.HiddenInput()
    )


class ReasonForm(VerbForm):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, required=False, widget=WORDS)


class TokenForm(VerbForm):
    name = forms.CharField(
        label=gettext_lazy("name"),
        max_length=60,
        help_text=gettext_lazy("What uses it, as in “weighbridge at gate 2”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("may"), choices=scope_choices, widget=GroupedChecks(), initial=["read"]
    )
    days = forms.IntegerField(
        label=gettext_lazy("valid for days"),
        min_value=1,
        max_value=LONGEST,
        initial=90,
        help_text=gettext_lazy("It ends by itself after this time."),
    )


class SignInForm(forms.Form):
    """User name or mail address, and the password; whether they are right is not the form's business."""

    username = forms.CharField(
        label=gettext_lazy("User name or mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgotForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("User name or mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice; judged by the rules for this user."""

    new = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_rules(),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        new, again = data.get("new"), data.get("again")
        if new and again and new != again:
            self.add_error("again", ValidationError(_("The two passwords differ."), "different"))
        elif new:
            try:
                validate_password(new, self.user)
            except ValidationError as error:
                self.add_error("new", error)
        return data


class WelcomeForm(NewPasswordForm):
    """What somebody says on his first visit."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=60)
    field_order = ("name", "new", "again")


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=gettext_lazy("Present password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("old", "new", "again")


def with_forgot_link(form: SignInForm, url: str) -> SignInForm:
    """The sign-in form with the way out for who forgot his password."""
    form.fields["password"].help_text = format_html('<a href="{}">{}</a>', url, _("Forgot it?"))
    return form
