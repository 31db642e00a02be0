"""Who works here: departments, users, roles' reach, absences, and who is involved in a record."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.records.fields import EncryptedField


class Department(models.Model):
    """A department; its head hears of breaches that its people's managers did not mend."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    head = models.ForeignKey("User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("head"))

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new user; without a password he can only enter by a one-time link."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Save a user who may do everything (Django's createsuperuser command calls this)."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def system(self, username: str) -> "User":
        """The named system user, as whom background work and customers' links act."""
        return self.get(username=username, kind=User.Kind.SYSTEM)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, or a named system user with few permissions who cannot."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        SYSTEM = "system", _("System")

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PERSON)
    email = EncryptedField(_("mail address"), kind="email", blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("department")
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Empty: as the browser asks."))
    mail_notices = models.BooleanField(_("notices by mail too"), default=False)
    is_staff = models.BooleanField(_("may enter the back office"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=clock.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name as the reader's language writes it."""
        english = self.name_en and (get_language() or "").startswith("en")
        return (self.name_en if english else self.name) or self.username

    @property
    def initials(self) -> str:
        """Two letters for the round badge: the given name's characters in Chinese, initials otherwise."""
        name = self.display_name
        words = name.split()
        return "".join(word[0] for word in words[:2]).upper() if len(words) > 1 else name[-2:]

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def is_system(self) -> bool:
        return self.kind == self.Kind.SYSTEM


class RoleReach(models.Model):
    """How far a role sees records of one kind: own, its department's, or all. The widest of a user's roles holds."""

    class Reach(models.TextChoices):
        OWN = "own", _("own")
        DEPARTMENT = "department", _("own department's")
        ALL = "all", _("all")

    role = models.ForeignKey(Group, models.CASCADE, related_name="reaches", verbose_name=_("role"))
    model = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    reach = models.CharField(_("reach"), max_length=12, choices=Reach.choices)

    class Meta:
        verbose_name = _("reach of a role")
        verbose_name_plural = _("reaches of roles")
        constraints = [models.UniqueConstraint(fields=["role", "model"], name="one_reach_per_role_and_model")]

    def __str__(self) -> str:
        return f"{self.role} {self.model} {self.reach}"


class Absence(models.Model):
    """Days on which a user is away, and the deputy who stands in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name=_("user"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="standing_in", verbose_name=_("deputy")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day"]
        indexes = [models.Index(fields=["user", "last_day"], name="absence_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("user")),
                name="absence_deputy_is_another",
                violation_error_message=_("Nobody can be his own deputy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.first_day} - {self.last_day}"


class Participant(models.Model):
    """A user or a department involved in a record beyond its owner: sees it, until a date where one is set."""

    subject_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    subject_pk = models.BigIntegerField()
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    why = models.CharField(_("why"), max_length=60)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        indexes = [models.Index(fields=["subject_type", "subject_pk"], name="participants_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(department__isnull=True), name="participant_is_user_or_department"
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_pk", "user", "department"],
                name="participant_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.department)
