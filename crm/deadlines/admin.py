"""Calendars, rules and deadlines in the back office."""

from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.roles import label_of
from crm.deadlines import basis
from crm.deadlines.actions import move_deadlines
from crm.deadlines.explain import preview
from crm.deadlines.models import (
    CalendarDay,
    CalendarYear,
    Deadline,
    PeriodicRun,
    RuleVersion,
    WorkCalendar,
    WorkInterval,
)
from crm.deadlines.moves import moves
from crm.deadlines.rules import RULES, Rule
from crm.deadlines.seeding import seed_calendar
from crm.deadlines.texts import amount_text
from crm.deadlines.worktime import MIDNIGHT
from crm.deadlines.yearview import year_view
from crm.records.admin import ReadOnlyAdmin
from crm.small import whole
from crm.web.admin import RecordAdmin

YEARS = range(1900, 3000)


class IntervalForm(forms.ModelForm):
    """One interval; whether it overlaps another is judged for all of them together, as they will be."""

    class Meta:
        model = WorkInterval
        fields = ["weekday", "start", "end"]

    def _get_validation_exclusions(self) -> set[str]:
        """Without the calendar, overlaps are left to the formset, and to the database when all is saved."""
        return super()._get_validation_exclusions() | {"calendar", "calendar_id"}  # type: ignore[misc]


class IntervalFormSet(forms.BaseInlineFormSet):
    """The week: no interval overlaps another of its day."""

    def clean(self) -> None:
        super().clean()
        rows = []
        for form in self.forms:
            found = form.cleaned_data if form.is_valid() else {}
            if not found or found.get("DELETE"):
                continue
            rows.append((found["weekday"], found["start"], found["end"], form))
        rows.sort(key=lambda row: row[:2])
        for (day, _start, end, _form), (next_day, start, _end, form) in pairwise(rows):
            if day == next_day and (end == MIDNIGHT or start < end):
                form.add_error("start", _("This overlaps another interval of the same weekday."))


class IntervalInline(admin.TabularInline):
    model = WorkInterval
    form = IntervalForm
    formset = IntervalFormSet
    extra = 2
    verbose_name_plural = _("working hours of the week")


class YearInline(admin.TabularInline):
    model = CalendarYear
    extra = 0


@admin.register(WorkCalendar)
class WorkCalendarAdmin(admin.ModelAdmin):
    """A calendar: its week here, its days in the year's view, and what a change of it would move."""

    about = _("Working hours, and the year with its public holidays and make-up days.")
    list_display = ["name", "department", "version"]
    list_select_related = ["department"]
    inlines = [IntervalInline, YearInline]
    change_form_template = "deadlines/admin/calendar_form.html"

    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/year/<int:year>/", self.admin_site.admin_view(self.year), name="calendar-year"),
            path("<int:pk>/year/<int:year>/official/", self.admin_site.admin_view(self.official), name="calendar-seed"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        year, pk = clock.today().year, whole(object_id)
        years = (year - 1, year, year + 1) if pk is not None else ()  # what is no number is no calendar, as Django says
        links = [(each, reverse("admin:calendar-year", args=[pk, each])) for each in years]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "years": links})

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WorkCalendar]) -> None:
        for calendar in queryset:
            calendar.delete()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        say_what_moves(request)

    def _calendar(self, pk: int, year: int) -> WorkCalendar:
        """The calendar, where the year is one that days can be entered for. Raises Http404."""
        if year not in YEARS:
            raise Http404
        return get_object_or_404(WorkCalendar, pk=pk)

    def year(self, request: HttpRequest, pk: int, year: int) -> HttpResponse:
        """Twelve months with their days off and make-up days; a click on a day changes it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        calendar = self._calendar(pk, year)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{calendar} {year}",
            "calendar": calendar,
            "shown": year_view(calendar, year),
            "may_change": self.has_change_permission(request),
            "earlier": reverse("admin:calendar-year", args=[pk, year - 1]),
            "later": reverse("admin:calendar-year", args=[pk, year + 1]),
        }
        return render(request, "deadlines/admin/year.html", context)

    def official(self, request: HttpRequest, pk: int, year: int) -> HttpResponse:
        """Bring in the official days of a year (POST), and mark it as announced if the administrator says so."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        calendar = self._calendar(pk, year)
        if request.method == "POST":
            if "seed" in request.POST and calendar.department_id is None:
                seed_calendar([year])
                messages.success(request, _t("The official days of %(year)s were brought in.") % {"year": year})
            else:
                announced = "announced" in request.POST
                row, _made = CalendarYear.objects.get_or_create(calendar=calendar, year=year)
                row.announced = announced
                row.save()
            say_what_moves(request)
        return HttpResponseRedirect(reverse("admin:calendar-year", args=[pk, year]))


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    """Single days that differ from their weekday."""

    about = _("Single days that differ from their weekday.")
    list_display = ["date", "name", "working", "hours", "source", "calendar"]
    list_filter = ["calendar", "working", "source"]
    date_hierarchy = "date"
    list_select_related = ["calendar"]
    fields = ["calendar", "date", "working", "name", "name_en", "hours"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        known = {name: request.GET[name] for name in ("calendar", "date", "working") if name in request.GET}
        return {"calendar": WorkCalendar.objects.filter(department=None).first(), **known}

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        obj.source = CalendarDay.Source.COMPANY  # what somebody here decided is not overwritten by the official list
        super().save_model(request, obj, form, change)
        say_what_moves(request)

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        super().delete_model(request, obj)
        say_what_moves(request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CalendarDay]) -> None:
        for day in queryset.select_related("calendar"):
            day.delete()
        say_what_moves(request)

    def response_post_save_change(self, request: HttpRequest, obj: CalendarDay) -> HttpResponseRedirect:
        return self._back_to_year(obj.calendar_id, obj.date)

    def response_post_save_add(self, request: HttpRequest, obj: CalendarDay) -> HttpResponseRedirect:
        return self._back_to_year(obj.calendar_id, obj.date)

    def _back_to_year(self, calendar: int, day: date) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:calendar-year", args=[calendar, day.year]))


class RolesField(forms.ModelMultipleChoiceField):
    """Roles to tick, called as users know them."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Group) -> str:
        return label_of(obj.name)


def _tiers() -> list[tuple[str, Any]]:
    """The tiers that there are, by name (`due.tier_of`): one that no record has would never apply."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        field = next((field for field in model._meta.fields if field.name == "tier"), None)
        found |= dict(field.flatchoices) if field else {}
    return [("", "–"), *found.items()]


class RuleVersionForm(forms.ModelForm):
    """New values of a rule, from today or a later day on: what has begun keeps what it began with."""

    rule = forms.ChoiceField(label=_("Rule"))
    tier = forms.ChoiceField(choices=_tiers, required=False, label=_("tier"), help_text=_("Empty: every customer."))
    remind_roles = RolesField(
        Group.objects.all(),
        required=False,
        label=_("Also reminded"),
        help_text=_("Roles that are told before the deadline, beside the responsible person."),
    )
    breach_roles = RolesField(
        Group.objects.all(),
        required=False,
        label=_("Also told of a breach"),
        help_text=_("Roles that hear of a breach, beside the responsible person and his manager."),
    )

    class Meta:
        model = RuleVersion
        fields = [
            "rule",
            "tier",
            "valid_from",
            "enabled",
            "amount",
            "unit",
            "warn_amount",
            "warn_unit",
            "remind_roles",
            "breach_roles",
            "escalate",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        if "rule" in fields:
            fields["rule"].choices = [(rule.key, f"{rule.key}: {rule.label}") for rule in sorted_rules()]

    def clean_valid_from(self) -> date:
        """Not before today."""
        day: date = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise ValidationError(_("The past stays as it was; choose today or a later day."))
        return day


@admin.register(RuleVersion)
class RuleVersionAdmin(admin.ModelAdmin):
    """All rules with their present values and what they were; a new value is a new row and holds from its date on."""

    about = _("Every time limit with its clause: how long, when to warn, who is told.")
    form = RuleVersionForm

    def get_fields(self, request: HttpRequest, obj: RuleVersion | None = None) -> Any:
        return [*RuleVersionForm.Meta.fields, "by", "at"] if obj else RuleVersionForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: RuleVersion | None = None) -> list[str]:
        return ["by", "at"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: RuleVersion | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleVersion | None = None) -> bool:
        """Only what does not hold yet can be taken back."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.valid_from > clock.today())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Every rule, its clause, what it says today, and its history."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kept: dict[str, list[RuleVersion]] = {}
        for version in RuleVersion.objects.select_related("by").order_by("-valid_from", "tier"):
            kept.setdefault(version.rule, []).append(version)
        current, today = basis.current(), clock.today()
        rows = []
        for rule in sorted_rules():
            present = current.rulings(rule, today)
            rows.append(
                {
                    "rule": rule,
                    "enabled": present.enabled,
                    "limit": present.limit and amount_text(present.limit),
                    "warn": present.warn and amount_text(present.warn),
                    "due": preview(rule.key),
                    "versions": kept.get(rule.key, []),
                    "add_url": reverse("admin:deadlines_ruleversion_add") + f"?rule={rule.key}",
                }
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Rules and their values"),
            "rows": rows,
            "may_add": self.has_add_permission(request),
        }
        return render(request, "deadlines/admin/rules.html", context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new value begins with the present one."""
        rule = RULES.get(request.GET.get("rule", ""))
        if rule is None:
            return {}
        present = basis.current().rulings(rule, clock.today())
        begun: dict[str, Any] = {"rule": rule.key}
        if present.limit:
            begun |= {"amount": present.limit.number, "unit": present.limit.unit}
        if present.warn:
            begun |= {"warn_amount": present.warn.number, "warn_unit": present.warn.unit}
        return begun

    def save_model(self, request: HttpRequest, obj: RuleVersion, form: Any, change: bool) -> None:
        obj.by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


class RuleFilter(admin.SimpleListFilter):
    """One rule's deadlines; the rules are known without asking a million rows."""

    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(rule.key, rule.key) for rule in sorted_rules()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deadline]) -> QuerySet[Deadline]:
        return queryset.filter(rule=self.value()) if self.value() else queryset


class OpenFilter(admin.SimpleListFilter):
    """Those that are open, late, or over."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("late", _("late")), ("met", _("met")), ("cancelled", _("no longer needed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deadline]) -> QuerySet[Deadline]:
        match self.value():
            case "open":
                return queryset.filter(closed_at=None)
            case "late":
                return queryset.filter(closed_at=None, paused_at=None, due_at__lt=clock.now())
            case "met" | "cancelled" as outcome:
                return queryset.filter(outcome=outcome)
        return queryset


@admin.register(Deadline)
class DeadlineAdmin(RecordAdmin):
    """Every deadline as it stands; the records and their verbs change them, nobody edits them."""

    list_display = ["rule", "subject", "responsible", "department", "started_at", "due_at", "closed_at", "outcome"]
    list_filter = [OpenFilter, RuleFilter]
    ordering = ["-pk"]
    list_select_related = ["responsible", "department"]
    show_full_result_count = False
    change_list_template = "deadlines/admin/deadlines.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("subject")


@admin.register(PeriodicRun)
class PeriodicRunAdmin(ReadOnlyAdmin):
    """What the clock does again and again, and how it went."""

    list_display = ["name", "next_at", "last_at", "failures", "failed_at", "error"]


def sorted_rules() -> list[Rule]:
    """The rules by key."""
    return sorted(RULES.values(), key=lambda rule: rule.key)


def say_what_moves(request: HttpRequest) -> None:
    """Point to the list of running deadlines that the changed calendar would move; nothing moves without a yes."""
    if moves(limit=1)[0]:
        sentence = _t("Running deadlines keep their time.")
        link = format_html('<a href="{}">{}</a>', reverse("do", args=[move_deadlines.name]), _t("See which would move"))
        messages.warning(request, format_html("{} {}", sentence, link))
