"""What follows from a survey: the report goes out, and departments act on it (S4)."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.actions import action
from crm.outbox import queue
from crm.refusals import Refused
from satisfaction import forms
from satisfaction.models import Campaign, Item, Measure
from satisfaction.results import may_be_shown

CS, MS = Campaign.Status, Measure.Status
OVER = {CS.ENDED, CS.REPORTED}


def _not_shown(campaign: Campaign, by: User) -> Refused | None:
    if may_be_shown(campaign, campaign.sheets.filter(counted=True).count()):
        return None
    return Refused("too_few_sheets", _("Fewer than five anonymous sheets are shown to nobody."))


@action(Campaign, label=gettext_lazy("Hand out the report"), source=OVER, form=forms.HandOutForm, unless=_not_shown)
def hand_out_report(campaign: Campaign, *, by: User, departments: QuerySet[Department]) -> None:
    """Send the report to the departments, whose heads are told to answer it with measures (KC 5.3.3.3)."""
    campaign.handed_out_at = clock.now()
    for department in departments:
        if department.head is not None:
            queue.notify(
                department.head,
                "satisfaction.report",
                about=campaign,
                context={"number": campaign.number, "name": campaign.name, "department": str(department)},
                key=f"survey-report-{campaign.pk}-{campaign.version}-{department.pk}",
            )


@action(Campaign, label=gettext_lazy("Enter a measure"), source=OVER, form=forms.MeasureForm)
def enter_measure(
    campaign: Campaign,
    *,
    by: User,
    department: Department,
    kind: str,
    what: str,
    owner: User,
    due_on: date,
    item: Item | None = None,
) -> Measure:
    """A department enters what it does about the result, by whom, and until when (KC 5.3.3.3)."""
    given = {"department": department, "kind": kind, "what": what, "owner": owner, "due_on": due_on, "item": item}
    return Measure.objects.create(campaign=campaign, entered_by=by, **given)


@action(Measure, label=gettext_lazy("Measure done"), source={MS.OPEN}, target=MS.DONE, form=forms.OutcomeForm)
def finish_measure(measure: Measure, *, by: User, outcome: str) -> None:
    """Report what was done, and what came of it (KC 5.3.3.3)."""
    measure.outcome, measure.done_at = outcome, clock.now()
