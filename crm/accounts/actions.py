"""What happens to people's accounts: absence, profile, invitation, leaving, sessions, tokens."""

from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock, via
from crm.accounts import forms, sessions
from crm.accounts.messages import send_link
from crm.accounts.models import Absence, User
from crm.accounts.standing import leads
from crm.actions import action
from crm.api.models import ApiToken
from crm.api.tokens import issue
from crm.refusals import Forbidden, Refused


@action(None, label=gettext_lazy("Report an absence"), form=forms.AbsenceForm)
def report_absence(
    *,
    by: User,
    first_day: date,
    last_day: date,
    user: User | None = None,
    deputy: User | None = None,
    reason: str = "",
) -> Absence:
    """Say when oneself, or one of one's people, is away, and who stands in."""
    people = User.objects.select_related("department").select_for_update(no_key=True, of=("self",))
    user = people.get(pk=(user or by).pk)
    if user.pk != by.pk and not leads(by, user) and not by.has_perm("accounts.change_absence"):
        raise Forbidden("accounts.change_absence")
    others = Absence.objects.filter(user=user, ended_at=None)
    if others.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise Refused(
            "absence_overlaps",
            _("%(name)s is already reported absent on some of these days.") % {"name": user},
            _("End that absence first, or choose other days."),
        )
    absence = Absence(user=user, first_day=first_day, last_day=last_day, deputy=deputy, reason=reason)
    absence.full_clean()
    absence.save()
    return absence


def absence_stays(absence: Absence, by: User) -> Refused | None:
    """Why this absence cannot be ended: it is over, or it is somebody else's."""
    if absence.ended_at or absence.last_day < clock.today():
        return Refused("absence_over", _("This absence is over."))
    if absence.user_id != by.pk and not leads(by, absence.user) and not by.has_perm("accounts.change_absence"):
        return Forbidden("accounts.change_absence")
    return None


@action(Absence, label=gettext_lazy("End the absence"), unless=absence_stays)
def end_absence(absence: Absence, *, by: User) -> None:
    """Be back early, or not go at all."""
    absence.ended_at = clock.now()


@action(None, label=gettext_lazy("Change my profile"), form=forms.ProfileForm)
def change_profile(*, by: User, name: str, name_en: str, language: str, mail_notices: bool) -> None:
    """Say how one is called, which language one reads, and whether notices come by mail too."""
    User.objects.filter(pk=by.pk).update(
        name=name, name_en=name_en, language=language, mail_notices=mail_notices, version=F("version") + 1
    )


def above(user: User, by: User) -> Refused | None:
    """Only a superuser touches a superuser; nobody touches the system's own users."""
    if user.is_system:
        return Refused("system_user", _("This user belongs to the system."))
    if user.is_superuser and not by.is_superuser:
        return Refused("superuser", _("Only a superuser may change a superuser."))
    return None


def cannot_be_invited(user: User, by: User) -> Refused | None:
    """Why no link is sent to `user`: he has left, or there is nowhere to send it."""
    if refusal := above(user, by):
        return refusal
    if not user.is_active:
        return Refused("user_inactive", _("%(name)s has left.") % {"name": user}, _("Reactivate the user first."))
    if not user.email:
        return Refused("no_mail_address", _("%(name)s has no mail address.") % {"name": user}, _("Add one first."))
    return None


@action(User, label=gettext_lazy("Send a sign-in link"), unless=cannot_be_invited)
def invite_user(user: User, *, by: User) -> None:
    """Mail the user a one-time link by which he sets his password; valid for 24 hours."""
    send_link(user, "accounts.invitation")


def cannot_leave(user: User, by: User) -> Refused | None:
    """Why `user` cannot be deactivated."""
    if refusal := above(user, by):
        return refusal
    if not user.is_active:
        return Refused("user_inactive", _("%(name)s has left already.") % {"name": user})
    if user.pk == by.pk:
        return Refused("yourself", _("You cannot deactivate yourself."), _("Ask another administrator."))
    return None


@action(User, label=gettext_lazy("Deactivate"), form=forms.ReasonForm, unless=cannot_leave)
def deactivate_user(user: User, *, by: User, reason: str = "") -> None:
    """Close the doors for who has left: no sign-in, no session, no token; his work goes to his deputy or manager."""
    if user.is_superuser:
        # In the order of their keys, so that two who deactivate each other do not both succeed.
        list(User.objects.filter(is_superuser=True).order_by("pk").select_for_update(no_key=True, of=("self",)))
        if not User.objects.working().filter(is_superuser=True).exclude(pk=user.pk).exists():
            raise Refused("last_superuser", _("There must be a superuser."), _("Make another one first."))
    user.is_active = False
    sessions.end(user)
    user.tokens.filter(revoked_at=None).update(revoked_at=clock.now())


def cannot_return(user: User, by: User) -> Refused | None:
    """Why `user` cannot be reactivated."""
    if refusal := above(user, by):
        return refusal
    return Refused("user_active", _("%(name)s is active.") % {"name": user}) if user.is_active else None


@action(User, label=gettext_lazy("Reactivate"), form=forms.ReasonForm, unless=cannot_return)
def reactivate_user(user: User, *, by: User, reason: str = "") -> None:
    """Let who had left in again; tokens stay revoked."""
    user.is_active = True


@action(None, label=gettext_lazy("End a session"), form=forms.EndSessionForm)
def end_session(*, by: User, user: User | None = None, session: str = "", keep: str = "") -> None:
    """Sign a browser out, or all but the one to keep: one's own, or with the right another's."""
    user = user or by
    if user.pk != by.pk:
        if not by.has_perm("accounts.change_usersession"):
            raise Forbidden("accounts.change_usersession")
        if refusal := above(user, by):
            raise refusal
    if not sessions.end(user, handle=session, keep=keep) and session:
        raise Refused("no_session", _("There is no such session; it may have ended by itself."))


@action(None, label=gettext_lazy("Make a token"), form=forms.TokenForm)
def create_token(*, by: User, name: str, scopes: list[str], days: int) -> ApiToken:
    """Make a token by which a program acts as oneself; the answer's `secret` is shown once and kept nowhere."""
    if via.current().token:
        raise Refused("token_by_token", _("A token cannot make tokens."), _("Sign in to the page and make it there."))
    token, secret = issue(by, name, scopes, days=days)
    token.secret = secret  # type: ignore[attr-defined]
    return token


def cannot_be_revoked(token: ApiToken, by: User) -> Refused | None:
    """Why there is nothing to revoke."""
    return Refused("token_revoked", _("This token was revoked already.")) if token.revoked_at else None


@action(ApiToken, label=gettext_lazy("Revoke"), unless=cannot_be_revoked)
def revoke_token(token: ApiToken, *, by: User) -> None:
    """Let a token open nothing any more, from the next request on."""
    token.revoked_at = clock.now()
