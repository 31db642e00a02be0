"""Links: the customer's door, for one purpose, without an account."""

import hashlib
from typing import cast

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import RoleReach, User
from crm.accounts.scopes import ScopedQuerySet, reach
from crm.outbox.scopes import of_seen_customers


def hash_of(token: str) -> str:
    """What is stored of a token: enough to know it again, nothing to make it from."""
    return hashlib.sha256(token.encode()).hexdigest()


class LinkQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> "LinkQuerySet":
        """The links that `user` made, and those to customers whom he may see."""
        if not user.is_active:
            return self.none()
        if reach(user, Link) == RoleReach.Reach.ALL:
            return self
        return self.filter(Q(made_by=user.pk) | of_seen_customers(user))

    def about(self, subject: models.Model) -> "LinkQuerySet":
        """The links whose subject is `subject`."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_pk=subject.pk)

    def of_token(self, token: str) -> "Link | None":
        """The link that `token` opens. What is compared is a hash, so that time tells nothing of the token."""
        return cast("Link | None", self.filter(token_hash=hash_of(token)).first())


class Link(models.Model):
    """One customer's link: what it is for and about, how long it holds, whether it was opened and used.

    The token itself stands only in the message that brought it. Who has the token is taken for the contact it was
    sent to, for this purpose and this record and nothing else.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Valid")
        USED = "used", _("Used")
        REVOKED = "revoked", _("Revoked")
        ENDED = "ended", _("Ended")

    STATUS_COLOURS = {
        Status.ACTIVE: "active",
        Status.USED: "done",
        Status.REVOKED: "neutral",
        Status.ENDED: "neutral",
    }

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(_("purpose"), max_length=60)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_pk")
    customer_id = models.BigIntegerField(null=True)
    contact_name = models.CharField(_("made for"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("created by")
    )
    made_at = models.DateTimeField(_("created at"), default=clock.now)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    opened_at = models.DateTimeField(_("first opened at"), null=True)
    opens = models.PositiveIntegerField(_("times opened"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True)
    used_verb = models.CharField(max_length=80, blank=True)
    used_key = models.CharField(max_length=60, blank=True)  # of the request that used it: its twin is no second use
    version = models.PositiveIntegerField(default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer's link")
        verbose_name_plural = _("customers' links")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_pk", "-id"], name="links_of_subject"),
            models.Index(
                fields=["customer_id", "-id"], name="links_of_customer", condition=Q(customer_id__isnull=False)
            ),
            models.Index(fields=["made_by", "-id"], name="links_of_user"),
            models.Index(fields=["expires_at"], name="links_by_expiry"),
        ]

    def __str__(self) -> str:
        from crm.links.pages import PAGES  # which stands on this model

        title = PAGES[self.purpose].title if self.purpose in PAGES else self.purpose
        return f"{title} {self.contact_name}".strip()

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return clock.now() >= self.expires_at

    @property
    def is_open(self) -> bool:
        """Whether it can be used now."""
        return self.status == self.Status.ACTIVE and not self.is_expired

    @property
    def state(self) -> tuple[str, str]:
        """The word and the colour of its state; one whose time is over says so."""
        if self.status == self.Status.ACTIVE and self.is_expired:
            return str(_("Expired")), "neutral"
        return str(self.get_status_display()), self.STATUS_COLOURS[self.Status(self.status)]

    def opened(self) -> None:
        """Note that somebody looked at it."""
        Link.objects.filter(pk=self.pk).update(opens=F("opens") + 1, opened_at=Coalesce(F("opened_at"), clock.now()))
