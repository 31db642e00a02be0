"""Questionnaires (顾客满意度调查表): editions that never change once released, items that stay the same (KC 5.3.1)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet

USER = settings.AUTH_USER_MODEL


class Section(models.TextChoices):
    """What the items of a questionnaire are about, in this order (KC 5.3.1.1)."""

    QUALITY = "quality", _("Quality of the goods")
    DELIVERY = "delivery", _("Delivery and pickup")
    SALES = "sales", _("Sales service")
    OTHER = "other", _("Other service")


def in_language(text: str, text_en: str) -> str:
    """The wording in the reader's language; the Chinese one where there is no other."""
    return text_en if text_en and (get_language() or "").startswith("en") else text


class Questionnaire(models.Model):
    """A form that customers are asked with, over the years; what it says stands in its editions."""

    code = models.SlugField(
        _("form code"),
        max_length=30,
        unique=True,
        error_messages={"unique": _("Another questionnaire has this code.")},
    )
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by: tuple[str, ...] = ()  # all of them are everybody's whose role may read them
    owned_by_department: tuple[str, ...] = ()
    called_by = ("name", "name_en", "code")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("questionnaire", args=[self.pk])

    @property
    def detail(self) -> str:
        """Its code, for pickers."""
        return self.code


class Edition(models.Model):
    """One state of a questionnaire's wording: written as a draft, released or discarded, and never changed again."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RELEASED = "released", _("Released")
        RETIRED = "retired", _("Retired")
        DISCARDED = "discarded", _("Discarded")

    STATUS_COLOURS = {
        Status.DRAFT: "soon",
        Status.RELEASED: "active",
        Status.RETIRED: "neutral",
        Status.DISCARDED: "neutral",
    }

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="editions", db_index=False, verbose_name=_("questionnaire")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    made_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    made_at = models.DateTimeField(_("begun"), default=clock.now)
    released_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "questionnaire"
    lock_through = "questionnaire"
    called_by = ("questionnaire__name", "questionnaire__name_en", "number")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of a questionnaire")
        verbose_name_plural = _("editions of questionnaires")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="edition_numbered_once"),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(status="draft"),
                name="one_draft_of_a_questionnaire",
                violation_error_message=_("There is a draft already."),
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(status="released"),
                name="one_released_edition",
                violation_error_message=_("Another edition is released already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.pk])

    @property
    def detail(self) -> str:
        """The code of its questionnaire, for pickers."""
        return self.questionnaire.code


class Item(models.Model):
    """What is asked, however it is worded: the same item over all editions, so that years compare."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="items", db_index=False, verbose_name=_("questionnaire")
    )
    code = models.SlugField(_("item code"), max_length=30)

    seen_through = "questionnaire"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey item")
        verbose_name_plural = _("survey items")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "code"], name="item_once_in_a_questionnaire")]

    def __str__(self) -> str:
        return self.code


class Wording(models.Model):
    """How an item reads in an edition, where it stands there, and to which section it belongs."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="wordings", db_index=False, verbose_name=_("edition of a questionnaire")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="wordings", verbose_name=_("survey item"))
    position = models.PositiveSmallIntegerField(_("position"))
    section = models.CharField(_("section"), max_length=10, choices=Section.choices)
    text = models.CharField(_("text"), max_length=200)
    text_en = models.CharField(_("English text"), max_length=200)

    seen_through = "edition"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of an item")
        verbose_name_plural = _("wordings of items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="one_item_at_a_position"),
            models.UniqueConstraint(fields=["edition", "item"], name="item_once_in_an_edition"),
        ]

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)


def asked_in(edition: Edition) -> list[Any]:
    """The wordings of an edition in their order, with their items."""
    return list(edition.wordings.select_related("item").order_by("position"))
