"""Chains of approval as data: which steps a verb needs, by amount, department and kind; each edit is a new version."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.approvals.facts import canonical
from crm.approvals.steps import Mode, Nobody, Own, Repeated, Step, Who
from crm.deadlines.models import Unit

USER = settings.AUTH_USER_MODEL


def verb_choices() -> list[tuple[str, Any]]:
    """The verbs that need an approval."""
    from crm.actions import ACTIONS
    from crm.approvals.declare import APPROVALS

    return [(name, ACTIONS[name].label) for name in APPROVALS if name in ACTIONS]


class Chain(models.Model):
    """Who decides on one verb, in steps, where its conditions hold. The first that fits by priority is taken."""

    verb = models.CharField(_("what is approved"), max_length=80, choices=verb_choices)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, help_text=_("The smallest number that fits is taken.")
    )
    active = models.BooleanField(_("in force"), default=True)
    amount_from = models.DecimalField(
        _("amount from"), max_digits=14, decimal_places=2, null=True, blank=True, help_text=_("This amount included.")
    )
    amount_to = models.DecimalField(
        _("amount below"), max_digits=14, decimal_places=2, null=True, blank=True, help_text=_("This amount excluded.")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("With all that belong to it. Empty: every department."),
    )
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Empty: every kind."))
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    tracked = True

    class Meta:
        verbose_name = _("chain of approval")
        verbose_name_plural = _("chains of approval")
        ordering = ["verb", "priority", "pk"]
        indexes = [models.Index(fields=["verb", "priority"], name="chains_of_verb")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_from__isnull=True) | Q(amount_to__isnull=True) | Q(amount_to__gt=F("amount_from")),
                name="chain_amounts_are_a_range",
                violation_error_message=_("The upper amount is not above the lower one."),
            )
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def why_not(self, amount: Decimal | None, kind: str, departments: frozenset[int]) -> str:
        """Why it does not fit a request of this amount and kind in these departments (its own and those above)."""
        if not self.active:
            return str(_("It is not in force."))
        if (self.amount_from is not None or self.amount_to is not None) and amount is None:
            return str(_("The request has no amount."))
        if amount is not None and self.amount_from is not None and amount < self.amount_from:
            return str(_("The amount is below %(amount)s.") % {"amount": self.amount_from})
        if amount is not None and self.amount_to is not None and amount >= self.amount_to:
            return str(_("The amount is not below %(amount)s.") % {"amount": self.amount_to})
        if self.kind and self.kind != kind:
            return str(_("It is for another kind."))
        if self.department_id is not None and self.department_id not in departments:
            return str(_("It is for the department %(name)s.") % {"name": self.department})
        return ""


class ChainStep(models.Model):
    """One step of a chain, as an administrator edits it."""

    chain = models.ForeignKey(
        Chain, models.CASCADE, related_name="steps", db_index=False, verbose_name=_("chain of approval")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    who = models.CharField(_("who decides"), max_length=10, choices=Who.choices, default=Who.LINE)
    users: Any = models.ManyToManyField(USER, blank=True, related_name="+", verbose_name=_("named people"))
    role = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role"))
    levels = models.PositiveSmallIntegerField(_("levels up"), default=1)
    mode = models.CharField(_("how many"), max_length=10, choices=Mode.choices, default=Mode.ANY)
    limit_amount = models.DecimalField(
        _("time limit"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: as the rule approval.decide says."),
    )
    limit_unit = models.CharField(_("unit"), max_length=2, choices=Unit.choices, blank=True)
    opinion = models.BooleanField(_("opinion required"), default=False)
    nobody = models.CharField(_("if nobody fits"), max_length=20, choices=Nobody.choices, default=Nobody.ADMINISTRATORS)
    own = models.CharField(_("if he is the requester"), max_length=10, choices=Own.choices, default=Own.SUPERIOR)
    repeated = models.CharField(
        _("if he agreed before"), max_length=10, choices=Repeated.choices, default=Repeated.SKIP
    )

    together = models.BooleanField(
        _("at the same time as the step before"),
        default=False,
        help_text=_("Both are asked at once; what follows waits for both."),
    )
    part = models.CharField(
        _("judges"), max_length=40, blank=True, help_text=_("Empty: everything. Otherwise only this part of the facts.")
    )

    tracked = True

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["chain", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "position"],
                name="chain_step_position_once",
                violation_error_message=_("Two steps have the same position."),
            ),
            models.CheckConstraint(
                condition=Q(limit_amount__isnull=True) | (Q(limit_amount__gt=0) & ~Q(limit_unit="")),
                name="chain_step_limit_has_a_unit",
                violation_error_message=_("A time limit is a positive number with a unit."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def clean(self) -> None:
        if self.who in (Who.ROLE, Who.ROLE_IN_DEPARTMENT) and self.role is None:
            raise ValidationError({"role": _("Name the role.")})
        if self.who == Who.LINE and self.levels < 1:
            raise ValidationError({"levels": _("At least one level up.")})
        if self.together and self.position == 1:
            raise ValidationError({"together": _("There is no step before the first.")})
        number = self.limit_amount
        if number is not None and self.limit_unit == Unit.WORKING_DAYS and number != number.to_integral_value():
            raise ValidationError({"limit_amount": _("Working days are whole; use working hours for less.")})

    @property
    def step(self) -> Step:
        """The step as requests keep it."""
        limit = f"{self.limit_amount.normalize():f} {self.limit_unit}" if self.limit_amount is not None else ""
        return Step(
            name={"zh-hans": self.name, "en": self.name_en or self.name},
            who=self.who,
            users=tuple(sorted(self.users.values_list("pk", flat=True))),
            role=self.role.name if self.role else "",
            levels=self.levels,
            mode=self.mode,
            limit=limit,
            opinion=self.opinion,
            nobody=self.nobody,
            own=self.own,
            repeated=self.repeated,
            together=self.together,
            part=self.part,
        )


class ChainVersion(models.Model):
    """A chain as it was from one edit to the next, written once; requests name the one that they began with."""

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("version"))
    conditions = models.JSONField(default=dict)
    steps = models.JSONField(default=list)  # of Step.kept()
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("changed by"))
    at = models.DateTimeField(_("changed at"), default=clock.now)

    written_once = True

    class Meta:
        verbose_name = _("version of a chain")
        verbose_name_plural = _("versions of chains")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="chain_version_once")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


def new_version(chain: Chain, by: Any = None) -> ChainVersion:
    """Write down the chain as it is now, if that differs from its last version, and answer the version in force."""
    steps = [row.step.kept() for row in chain.steps.select_related("role").order_by("position")]
    conditions = {
        "name": chain.name,
        "priority": chain.priority,
        "active": chain.active,
        "amount_from": canonical(chain.amount_from),
        "amount_to": canonical(chain.amount_to),
        "department": chain.department_id,
        "kind": chain.kind,
    }
    last = chain.versions.order_by("-number").first()
    if last is not None and (last.steps, last.conditions) == (steps, conditions):
        return last
    number = last.number + 1 if last else 1
    made = ChainVersion.objects.create(chain=chain, number=number, conditions=conditions, steps=steps, by=by)
    Chain.objects.filter(pk=chain.pk).update(version=number)
    chain.version = number
    return made


def departments_above(department: Department | None) -> frozenset[int]:
    """The keys of a department and of all that it belongs to."""
    above = dict(Department.objects.order_by().values_list("pk", "parent_id")) if department else {}
    found: set[int] = set()
    pk = department.pk if department else None
    while pk is not None and pk not in found:
        found.add(pk)
        pk = above.get(pk)
    return frozenset(found)


def chain_for(
    verb: str, amount: Decimal | None, kind: str, department: Department | None
) -> tuple[ChainVersion | None, list[tuple[Chain, str]]]:
    """The version of the first chain that fits, and those looked at with why each does not fit ("" for the one)."""
    departments = departments_above(department)
    looked: list[tuple[Chain, str]] = []
    for chain in Chain.objects.filter(verb=verb).select_related("department").order_by("priority", "pk"):
        why_not = chain.why_not(amount, kind, departments)
        looked.append((chain, why_not))
        if not why_not:
            return new_version(chain), looked
    return None, looked
