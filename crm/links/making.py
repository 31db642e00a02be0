"""Making a link, and finding those of a record."""

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F

from crm import clock
from crm.accounts.models import User
from crm.actions import customer_of
from crm.links.models import Link, LinkQuerySet, hash_of
from crm.links.pages import PAGES
from crm.outbox.render import language_of
from crm.statements import MARK, Change

WHEN = datetime(1971, 2, 3, tzinfo=UTC)
END = Change(
    lambda kind, pk, purpose, _at: Link.objects.filter(
        subject_type=kind, subject_pk=pk, purpose=purpose, status=Link.Status.ACTIVE
    ),
    marks=(MARK, MARK + 1, "a purpose", WHEN),
    status=Link.Status.ENDED,
    revoked_at=WHEN,
    version=F("version") + 1,
)
RANDOM_BYTES = 18  # 144 bits, 24 letters: short enough for an SMS, and nobody guesses it


def make_link(
    purpose: str, subject: models.Model, *, by: User, valid_for: timedelta, contact_name: str = "", language: str = ""
) -> tuple[Link, str]:
    """A new link for `purpose` about `subject`, and its address; the address is not kept and cannot be had again.

    `language` is the one that the page begins with, `valid_for` how long the link holds. Raises LookupError for a
    purpose that no LinkPage is for.
    """
    if purpose not in PAGES:
        raise LookupError(f"no link page is for {purpose!r}")
    token = secrets.token_urlsafe(RANDOM_BYTES)
    link = Link.objects.create(
        token_hash=hash_of(token),
        purpose=purpose,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_pk=subject.pk,
        customer_id=customer_of(subject),
        contact_name=contact_name,
        language=language_of(language),
        made_by=by,
        made_at=clock.now(),
        expires_at=clock.now() + valid_for,
    )
    return link, f"{settings.CRM_URL}/l/{token}/"


def end_links(subject: models.Model, purpose: str) -> int:
    """End the open links of one purpose about a record: another takes their place, or nothing is left to do."""
    return END(ContentType.objects.get_for_model(subject).pk, subject.pk, purpose, clock.now())


def links_of(subject: models.Model) -> LinkQuerySet:
    """The links about a record, newest first, with who made them."""
    return Link.objects.about(subject).select_related("made_by").order_by("-pk")
