"""The life of a report: drafted when its days end, looked at, issued, corrected; and who is mailed (KC 5.1.11.10)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.deadlines.periods import period
from crm.refusals import Refused
from crm.statements import hold
from pickup.execution import forms
from pickup.execution.correcting import differences
from pickup.execution.mailing import mail_to_subscribers
from pickup.execution.models import Correction, Figures, Report, Subscription
from pickup.execution.reckoning import days_of, digest_of, issued_before, reckon

S, K = Report.Status, Report.Kind
PREFIX = {K.DAILY: "CD", K.MONTHLY: "CM"}


def number_of(kind: str, first: date) -> str:
    """The number of a report: its kind and its day or month, as in CD20261123 and CM202611."""
    return f"{PREFIX[K(kind)]}{first:%Y%m%d}" if kind == K.DAILY else f"{PREFIX[K(kind)]}{first:%Y%m}"


@action(None, label=gettext_lazy("Draft a report"), form=forms.DraftForm)
def draft_report(*, by: User, kind: str, day: date) -> Report:
    """Begin the report of a day, or of the month that the day lies in (KC 5.1.11.10)."""
    if (day.replace(day=1) if kind == K.MONTHLY else day) > clock.today():
        raise Refused("to_come", _("These days are still to come."))
    first, after = period("month" if kind == K.MONTHLY else "day", day)
    if Report.objects.filter(kind=kind, first=first).exists():
        raise Refused("drafted", _("This report is there already."), _("Look for it in the list."))
    if later := Report.objects.filter(kind=kind, status=S.ISSUED, first__gt=first).order_by("first").first():
        raise Refused(
            "later_issued",
            _("Report %(number)s of a later day is issued already.") % {"number": later},
            _("What was entered for the earlier day stands there as a late entry."),
        )
    return Report.objects.create(number=number_of(kind, first), kind=kind, first=first, last=after - timedelta(days=1))


def _not_yet(report: Report, by: User) -> Refused | None:
    if clock.now() < report.over_at:
        return Refused(
            "not_over",
            _("The report's last day is not over yet."),
            _("Issue it on the next morning; until then its figures follow what is entered."),
        )
    earlier = Report.objects.filter(kind=report.kind, status=S.DRAFT, first__lt=report.first).order_by("first").first()
    if earlier is not None:
        return Refused(
            "earlier_first",
            _("Report %(number)s of an earlier day is not issued yet.") % {"number": earlier},
            _("Issue that one first; each report says what came after the one before."),
        )
    return None


@action(
    Report,
    label=gettext_lazy("Issue the report"),
    source={S.DRAFT},
    target=S.ISSUED,
    form=forms.IssueForm,
    unless=_not_yet,
)
def issue_report(report: Report, *, by: User, remarks: str = "") -> None:
    """Issue the report: from now on its figures stay word for word, and subscribers are mailed it (KC 5.1.11.10)."""
    before = issued_before(report)
    if before is not None:  # whoever corrects it is waited for: what came late is told there or here, not in both
        hold(Report, before.pk)
    report.remarks, report.issued_at, report.issued_by = remarks, clock.now(), by
    rows = reckon(days_of(report))
    Figures.objects.create(report=report, rows=rows, digest=digest_of(rows))
    mail_to_subscribers(report, rows)


def _later_issued(report: Report, by: User) -> Refused | None:
    """That a later report has told already what was entered since: corrected here it would stand there twice."""
    later = Report.objects.filter(kind=report.kind, status=S.ISSUED, first__gt=report.first).order_by("first").first()
    if later is None:
        return None
    return Refused(
        "later_issued",
        _("Report %(number)s of a later day is issued already.") % {"number": later},
        _("What was entered since stands as a late entry in the later report."),
    )


@action(
    Report,
    label=gettext_lazy("Correct the report"),
    source={S.ISSUED},
    form=forms.CorrectForm,
    unless=_later_issued,
)
def correct_report(report: Report, *, by: User, reason: str) -> Correction:
    """Say what happened otherwise than an issued report tells, before and after; the report stays (KC 5.1.11.10)."""
    rows = differences(report)
    if not rows:
        raise Refused("no_difference", _("Everything of these days is as the report says."))
    return Correction.objects.create(
        number=f"{report.number}-{report.corrections.count() + 1}",
        report=report,
        reason=reason,
        rows=rows,
        digest=digest_of(rows),
        by=by,
    )


def _subscribed(user: User, kind: str) -> Subscription:
    if Subscription.objects.filter(user=user, kind=kind, status=Subscription.Status.ACTIVE).exists():
        raise Refused("subscribed", _("This report is subscribed to already."))
    return Subscription.objects.create(user=user, kind=kind)


@action(None, label=gettext_lazy("Subscribe to a report"), form=forms.SubscribeForm)
def subscribe(*, by: User, kind: str) -> Subscription:
    """Be mailed each report of this kind when it is issued, as far as one sees its contracts (KC 5.1.11.10)."""
    return _subscribed(by, kind)


@action(None, label=gettext_lazy("Subscribe a colleague"), form=forms.SubscribeColleagueForm)
def subscribe_colleague(*, by: User, user: User, kind: str) -> Subscription:
    """Have a colleague mailed each report of this kind, as far as he sees its contracts (KC 5.1.11.10)."""
    if not user.has_perm("execution.view_report"):
        raise Refused("may_not_see", _("%(name)s may not see these reports.") % {"name": user})
    return _subscribed(user, kind)


def _not_his(subscription: Subscription, by: User) -> Refused | None:
    if subscription.user_id == by.pk or by.has_perm("execution.subscribe_colleague"):
        return None
    return Refused("not_yours", _("This is a colleague's subscription."))


@action(
    Subscription,
    label=gettext_lazy("Unsubscribe"),
    source={Subscription.Status.ACTIVE},
    target=Subscription.Status.ENDED,
    unless=_not_his,
)
def unsubscribe(subscription: Subscription, *, by: User) -> None:
    """Have no more of these reports mailed."""
    subscription.ended_at = clock.now()
