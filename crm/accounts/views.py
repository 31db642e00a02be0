"""Signing in and out, the first visit by a one-time link, and a forgotten password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crm import via
from crm.accounts import demo, lockout, sessions
from crm.accounts.audit import note
from crm.accounts.backends import find_person
from crm.accounts.forms import ForgotForm, SignInForm, WelcomeForm, with_forgot_link
from crm.accounts.messages import send_link
from crm.accounts.models import User
from crm.accounts.welcome import user_of

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; who guesses is refused for a while."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = with_forgot_link(SignInForm(request.POST or None), reverse("forgot"))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed, password = form.cleaned_data["username"], form.cleaned_data["password"]
            known = find_person(typed)
            try:
                # The person is counted, not what was typed: user name and mail address are one door.
                attempt = lockout.begin(known.username if known else typed, via.current().address)
            except lockout.Locked as locked:
                note("accounts.sign_in_refused", actor=None, subject=known)
                form.add_error(None, _wait(locked))
                return _page(request, form, 429, int(locked.remaining.total_seconds()))
            user = authenticate(request, username=typed, password=password)
            if user is not None:
                attempt.succeeded()
                return _enter(request, user, "accounts.sign_in")
            note("accounts.sign_in_failed", actor=None, subject=known)
            form.add_error(None, _("User name and password do not belong together."))
    return _page(request, form, status)


def _page(request: HttpRequest, form: SignInForm, status: int, wait: int = 0) -> HttpResponse:
    context = {"form": form, "next": _next(request, ""), "demo_roles": demo.demo_roles(request)}
    response = render(request, "sign_in.html", context, status=status)
    if wait:
        response["Retry-After"] = str(max(1, wait))
    return response


def _wait(locked: lockout.Locked) -> str:
    return _("Too many failures. Try again in %(minutes)s min, or set a new password.") % {"minutes": locked.minutes}


def _next(request: HttpRequest, otherwise: str = settings.LOGIN_REDIRECT_URL) -> str:
    """Where the visitor wanted to go, as long as it is an address here.

    A mere word would be taken for a view's name.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if here else otherwise and resolve_url(otherwise)


def _enter(request: HttpRequest, user: User, event: str) -> HttpResponse:
    """Begin a new session for `user`; the one before, if there was any, ends."""
    login(request, user, backend=BACKEND)
    sessions.describe(request)
    note(event, actor=user, subject=user)
    return redirect(_next(request))


@require_http_methods(["GET", "HEAD"])
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """From the back office's own sign-in page to the one there is; who is in already may not enter there."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(_next(request, "admin:index"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    if request.user.is_authenticated:
        note("accounts.sign_out", actor=request.user, subject=request.user)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the people whom the demonstration offers; there is no such page anywhere else."""
    wanted = request.POST.get("username", "")
    for role in demo.demo_roles(request):
        if role.username == wanted:
            return _enter(request, role.user, "accounts.sign_in_demo")
    raise Http404


@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Set name and password by a one-time link, and be signed in."""
    user = user_of(token)
    if user is None:
        return render(request, "accounts/link_used.html", status=410)
    form = WelcomeForm(request.POST or None, user=user, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = user_of(token, lock=True)
            if user is None:  # somebody was faster with the same link
                return render(request, "accounts/link_used.html", status=410)
            user.name = form.cleaned_data["name"]
            user.set_password(form.cleaned_data["new"])
            user.version += 1
            user.save(update_fields=["name", "password", "version"])
            sessions.end(user)
            lockout.forgive(user.username, via.current().address)
            note("accounts.set_password", actor=user, subject=user)
        return _enter(request, user, "accounts.sign_in")
    context = {"form": form, "person": user}
    return render(request, "accounts/welcome.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Mail a one-time link to who forgot his password; the answer is the same whether there is such a user or not."""
    form = ForgotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["username"]
        person = find_person(typed)
        try:
            lockout.begin(person.username if person else typed, via.current().address, "forgot")
        except lockout.Locked as locked:
            form.add_error(None, _wait(locked))
            return render(request, "accounts/forgot.html", {"form": form}, status=429)
        if person is not None and person.email:
            with transaction.atomic():
                send_link(person, "accounts.reset")
        messages.info(request, _("If there is such a user with a mail address, a link is on its way to it."))
        return redirect("sign-in")
    return render(request, "accounts/forgot.html", {"form": form}, status=422 if form.is_bound else 200)
