"""Who works here: departments, users, roles' reach, absences, and who is involved in a record."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.roles import label_of
from crm.records.fields import EncryptedField


class DepartmentQuerySet(models.QuerySet["Department"]):
    def visible_to(self, user: "User") -> "DepartmentQuerySet":
        """Everybody who works here knows the departments."""
        return self if user.is_active else self.none()


class Department(models.Model):
    """A department; its head hears of breaches that its people's managers did not mend."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    head = models.ForeignKey("User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("head"))
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class UserQuerySet(models.QuerySet["User"]):
    def working(self) -> "UserQuerySet":
        """The people who work here now."""
        return self.filter(is_active=True, kind=User.Kind.PERSON)

    def in_role(self, role: str) -> "UserQuerySet":
        """Who has the role of that name."""
        return self.filter(groups__name=role)

    def administrators(self) -> "UserQuerySet":
        """The people who look after the system now."""
        return self.working().filter(models.Q(is_superuser=True) | models.Q(groups__name="administrator")).distinct()

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Everybody sees his colleagues; who left, and the system's own users, only who manages users."""
        if not user.is_active:
            return self.none()
        return self if user.is_system or user.has_perm("accounts.change_user") else self.working()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
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
        """The named system user, as whom background work and customers' links act. Raises User.DoesNotExist."""
        from crm.accounts.system import system_user

        return system_user(username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, or a named system user with few permissions who cannot."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        SYSTEM = "system", _("System")

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("full name"), max_length=60)
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
    version = models.PositiveIntegerField(default=0, editable=False)

    called_by = ("name", "name_en", "username")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]
        constraints = [
            # Upper is what `iexact` compares, so that the constraint's index also serves signing in.
            models.UniqueConstraint(
                Upper("username"),
                name="user_name_once_in_any_case",
                violation_error_message=_("There is already a user of this name."),
            )
        ]

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


class Role(Group):
    """A group as the back office shows it: by the role's name in the reader's language."""

    class Meta:
        proxy = True
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return label_of(self.name)


class RoleReach(models.Model):
    """How far a role sees records of one kind; the widest of a user's roles holds.

    "department" means the user's own, those he is the head of, and all below them.
    """

    class Reach(models.TextChoices):
        OWN = "own", _("own")
        DEPARTMENT = "department", _("department's")
        ALL = "all", _("all")

    role = models.ForeignKey(Group, models.CASCADE, related_name="reaches", db_index=False, verbose_name=_("role"))
    model = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    reach = models.CharField(_("reach"), max_length=12, choices=Reach.choices)

    class Meta:
        verbose_name = _("reach of a role")
        verbose_name_plural = _("reaches of roles")
        constraints = [models.UniqueConstraint(fields=["role", "model"], name="one_reach_per_role_and_model")]

    def __str__(self) -> str:
        return f"{self.role} {self.model} {self.reach}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: "User") -> "AbsenceQuerySet":
        """One's own, those in which one stands in, those of one's people; all for who manages absences."""
        if not user.is_active:
            return self.none()
        if user.is_system or user.has_perm("accounts.change_absence"):
            return self
        people = User.objects.filter(Q(manager=user) | Q(department__head=user)).values("pk")
        return self.filter(Q(user=user) | Q(deputy=user) | Q(user__in=people))

    def on(self, moment: datetime) -> "AbsenceQuerySet":
        """The absences that hold at `moment` (aware)."""
        day = timezone.localdate(moment)
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=moment), first_day__lte=day, last_day__gte=day)


class Absence(models.Model):
    """Days on which a user is away, and the deputy who stands in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences", db_index=False, verbose_name=_("user"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="standing_in", verbose_name=_("deputy")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day"]
        indexes = [
            models.Index(fields=["user", "last_day"], name="absence_of_user"),
            models.Index(fields=["last_day"], name="absence_by_last_day"),
        ]
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

    subject_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField()
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    why = models.CharField(_("why"), max_length=60)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
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


class AppliedDefault(models.Model):
    """A default of the code that was given to a role once: what an administrator took away afterwards stays away."""

    role = models.CharField(max_length=150)
    what = models.CharField(max_length=200)  # "" for the role itself, a permission's name, or "reach:app.Model"

    class Meta:
        verbose_name = _("applied default")
        verbose_name_plural = _("applied defaults")
        constraints = [models.UniqueConstraint(fields=["role", "what"], name="applied_default_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.what}"


class RightsStamp(models.Model):
    """One row that the database renews with every change of anybody's rights; see crm/accounts/stamps.py."""

    stamp = models.UUIDField()

    class Meta:
        verbose_name = _("stamp of rights")
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return str(self.stamp)


class UserSession(AbstractBaseSession):
    """A browser that is signed in: Django's session row with whose it is, from where, and when it was last seen."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", verbose_name=_("user"))
    address = models.CharField(_("address"), max_length=45, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    since = models.DateTimeField(_("since"), default=clock.now)
    last_seen = models.DateTimeField(_("last seen"), default=clock.now)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")  # type: ignore[assignment]
        verbose_name_plural = _("sessions")  # type: ignore[assignment]

    @classmethod
    def get_session_store_class(cls) -> Any:
        from crm.accounts.sessions import SessionStore

        return SessionStore


class SignInAttempt(models.Model):
    """When signing in failed lately, for one user name or one network address (kept as a keyed hash)."""

    key = models.CharField(max_length=64, primary_key=True)
    at = ArrayField(models.DateTimeField())
    changed_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")

    def __str__(self) -> str:
        return f"{len(self.at)}"
