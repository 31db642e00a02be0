"""What came back: one sheet for each invitation, with an answer for each item that was answered or marked."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.scopes import ScopedQuerySet
from satisfaction.models.campaign import Campaign, Invitation
from satisfaction.models.questionnaire import Item
from satisfaction.scoring import Level

USER = settings.AUTH_USER_MODEL

LEVELS = [
    (Level.VERY_SATISFIED.value, _("Very satisfied")),
    (Level.SATISFIED.value, _("Satisfied")),
    (Level.FAIR.value, _("Fairly satisfied")),
    (Level.NOT_SATISFIED.value, _("Not satisfied")),
]


class Sheet(models.Model):
    """A sheet that came back, with what was remarked on it.

    That of an anonymous campaign has neither an invitation nor a time nor anybody who keyed it in, its key is drawn by
    lot, and it is written once: nothing leads from it to a customer (decision 0015).
    """

    class Way(models.TextChoices):
        LINK = "link", _("By the link")
        PAPER = "paper", _("On paper")
        PHONE = "phone", _("By telephone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="sheets", db_index=False, verbose_name=_("survey campaign")
    )
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, related_name="sheet", verbose_name=_("invitation to a survey")
    )
    counted = models.BooleanField(_("counted in the scores"), default=True)  # a wholly blank one is not (S3)
    late = models.BooleanField(_("late"), default=False)
    way = models.CharField(_("how it came back"), max_length=10, choices=Way.choices, default=Way.LINK)
    returned_at = models.DateTimeField(_("returned at"), null=True)
    changed_at = models.DateTimeField(_("changed at"), null=True)
    keyed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("keyed in by")
    )
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)

    seen_through = "campaign"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("returned sheet")
        verbose_name_plural = _("returned sheets")
        ordering = ["pk"]
        indexes = [models.Index(fields=["campaign", "counted"], name="sheets_of_campaign")]
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=False)
                | Q(returned_at__isnull=True, changed_at__isnull=True, keyed_by__isnull=True, way="link"),
                name="anonymous_sheet_tells_nothing",
            ),
            models.CheckConstraint(
                condition=Q(way="link") | Q(keyed_by__isnull=False), name="keyed_in_sheet_says_by_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}"


class Unsent(models.Model):
    """What a customer has answered so far on his telephone, and not sent: he goes on there when he comes back.

    It counts nowhere, is shown to nobody else, and goes with his sheet. An anonymous survey keeps none.
    """

    invitation = models.OneToOneField(
        Invitation, models.PROTECT, related_name="unsent", verbose_name=_("invitation to a survey")
    )
    answers = models.JSONField(_("answers"), default=list)  # lines as the form of a sheet reads them
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    at = models.PositiveSmallIntegerField(_("question he looked at"), default=0)  # that he looked at, from 0
    begun_at = models.DateTimeField(_("begun"))
    saved_at = models.DateTimeField(_("saved at"))

    seen_through = "invitation"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers not sent yet")
        verbose_name_plural = _("answers not sent yet")

    def __str__(self) -> str:
        return f"{self.invitation}"


class Answer(models.Model):
    """What a sheet says of one item: its level, and whether it is among what matters most; one of them at least."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(
        Sheet, models.CASCADE, related_name="answers", db_index=False, verbose_name=_("returned sheet")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, verbose_name=_("survey item"))
    level = models.CharField(_("answer"), max_length=14, choices=LEVELS, blank=True)
    matters = models.BooleanField(_("matters most"), default=False)

    seen_through = "sheet"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to an item")
        verbose_name_plural = _("answers to items")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item"], name="item_answered_once"),
            models.CheckConstraint(condition=~Q(level="") | Q(matters=True), name="answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.level}"
