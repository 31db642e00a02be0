"""Requests as views behind `login_required` get them."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.accounts.models import User


class SignedIn(HttpRequest):
    """A request of somebody who has signed in; `id` is what the log calls it."""

    user: User
    htmx: HtmxDetails
    id: str
