"""What follows from a survey: the report goes out, and departments act on it (S4)."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import only_its_owner, speakers, stands_for
from crm.actions import action
from crm.outbox import queue
from crm.refusals import Refused
from satisfaction import forms
from satisfaction.actions.campaigns import not_a_handful
from satisfaction.models import Campaign, Item, Measure

CS, MS = Campaign.Status, Measure.Status
OVER = {CS.ENDED, CS.REPORTED}


@action(Campaign, label=gettext_lazy("Hand out the report"), source=OVER, form=forms.HandOutForm, unless=not_a_handful)
def hand_out_report(campaign: Campaign, *, by: User, departments: QuerySet[Department]) -> None:
    """Send the report to the departments, who answer it with measures (KC 5.3.3.3)."""
    campaign.handed_out_at = clock.now()
    for department in departments:
        queue.notify_each(
            speakers([department]),
            "satisfaction.report",
            by=by,
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


def _not_his(measure: Measure, by: User) -> Refused | None:
    """It is for who carries it out, who entered it, and who leads the survey."""
    if {measure.entered_by_id, measure.campaign.owner_id} & stands_for(by):
        return None
    return only_its_owner(measure, by)


@action(
    Measure,
    label=gettext_lazy("Measure done"),
    source={MS.OPEN},
    target=MS.DONE,
    form=forms.OutcomeForm,
    unless=_not_his,
)
def finish_measure(measure: Measure, *, by: User, outcome: str) -> None:
    """Report what was done, and what came of it (KC 5.3.3.3)."""
    measure.outcome, measure.done_at = outcome, clock.now()
