"""What everybody arranges for himself: profile, password, sessions, tokens."""

from typing import cast
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crm import clock, via
from crm.accounts import actions, lockout, sessions
from crm.accounts.audit import note
from crm.accounts.deputies import acting_for
from crm.accounts.forms import ChangePasswordForm
from crm.accounts.models import Absence, User
from crm.accounts.roles import EVERYONE, label_of
from crm.api.models import ApiToken
from crm.refusals import Refused
from crm.small import whole

READING_AND_WRITING = require_http_methods(["GET", "POST"])


@never_cache
@login_required
@READING_AND_WRITING
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, notices; when one is away, and for whom one stands in."""
    user = cast(User, request.user)
    form = actions.change_profile.bind(by=user, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    absences = Absence.objects.filter(user=user, last_day__gte=clock.today(), ended_at=None).order_by("first_day")
    context = {
        "tab": "profile",
        "form": form,
        "roles": [label_of(name) for name in user.groups.values_list("name", flat=True) if name != EVERYONE],
        "absences": absences.select_related("deputy"),
        "standing_in_for": acting_for(user),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


@never_cache
@login_required
@sensitive_post_parameters("old", "new", "again")
@READING_AND_WRITING
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password, which ends every other session."""
    user = cast(User, request.user)
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid() and _old_is_right(user, form):
        with transaction.atomic():
            user.set_password(form.cleaned_data["new"])
            user.save(update_fields=["password"])
            sessions.end(user)
            note("accounts.change_password", actor=user, subject=user)
        update_session_auth_hash(request, user)
        messages.success(request, _("The password is changed. All other sessions are ended."))
        return redirect("password")
    context = {"tab": "password", "form": form}
    return render(request, "accounts/password.html", context, status=422 if form.is_bound else 200)


def _old_is_right(user: User, form: ChangePasswordForm) -> bool:
    """Whether the present password is right; guessing it is limited as it is at the door."""
    try:
        attempt = lockout.begin(user.username, via.current().address)
    except lockout.Locked as locked:
        form.add_error("old", _("Too many failures. Try again in %(minutes)s min.") % {"minutes": locked.minutes})
        return False
    if not user.check_password(form.cleaned_data["old"]):
        form.add_error("old", _("This is not your present password."))
        return False
    attempt.succeeded()
    return True


@never_cache
@login_required
@READING_AND_WRITING
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; end one, or all others."""
    user, here = cast(User, request.user), sessions.handle_of(request.session)
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        try:
            actions.end_session(by=user, session=chosen, keep="" if chosen else here)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Done: %(what)s") % {"what": actions.end_session.label})
        return redirect("sessions")
    rows = [(row, sessions.handle_of(row)) for row in sessions.sessions_of(user)]
    context = {"tab": "sessions", "rows": [{"row": row, "handle": name, "here": name == here} for row, name in rows]}
    return render(request, "accounts/sessions.html", context)


@never_cache
@login_required
@READING_AND_WRITING
def own_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of programs that act as oneself; the secret of a new one is shown on the answer, once."""
    user = cast(User, request.user)
    refusal, made = actions.create_token.refusal(None, user), None
    if request.method == "POST" and "revoke" in request.POST:
        return _revoke(request)
    form = actions.create_token.bind(by=user, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_token(by=user, key=request.POST.get("_key") or None, **form.cleaned_data)
            form = actions.create_token.bind(by=user)
        except Refused as error:
            refusal = error
    context = {
        "tab": "tokens",
        "form": form,
        "made": made,
        "refusal": refusal,
        "key": uuid4(),
        "tokens": ApiToken.objects.filter(user=user),
    }
    return render(request, "accounts/tokens.html", context, status=422 if form.is_bound else 200)


def _revoke(request: HttpRequest) -> HttpResponse:
    user, pk = cast(User, request.user), request.POST["revoke"]
    token = get_object_or_404(ApiToken.objects.visible_to(user), pk=whole(pk) or 0)
    try:
        actions.revoke_token(token, by=user)
        messages.success(request, _("Done: %(what)s") % {"what": actions.revoke_token.label})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("tokens")
