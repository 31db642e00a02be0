"""What is done with a survey's report: remarks are grouped, the management review gets its copy, customers are told."""

from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints.actions.archiving import digest_of
from crm.accounts.models import User
from crm.actions import action
from crm.outbox import queue
from crm.records.attachments import attach_all, keep_written
from crm.records.models import Attachment
from crm.records.sniff import CONTENTS
from crm.refusals import Refused
from satisfaction import report_forms as forms
from satisfaction.models import Campaign, GroupedRemark, Measure, RemarkGroup, ReviewCopy
from satisfaction.papers import kept_report
from satisfaction.remarks import remarked
from satisfaction.report import Evaluation
from satisfaction.results import may_be_shown
from satisfaction.workbook import workbook_of

CS, MS = Campaign.Status, Measure.Status
OVER = {CS.ENDED, CS.REPORTED}
KIND = "review copy"  # of the files that are kept


def not_shown(campaign: Campaign, by: User) -> Refused | None:
    """The guard of whatever tells something of the sheets: of an anonymous survey that is over, and never a handful."""
    if may_be_shown(campaign, campaign.sheets.filter(counted=True).count()):
        return None
    if campaign.status not in OVER:
        return Refused("not_over", _("The result of an anonymous survey is shown when it is over."))
    return Refused("too_few_sheets", _("Fewer than five anonymous sheets are shown to nobody."))


def _no_remarks(campaign: Campaign, by: User) -> Refused | None:
    if refusal := not_shown(campaign, by):
        return refusal
    if remarked(campaign, by).exists():
        return None
    return Refused("no_remarks", _("Nobody has written a remark."))


@action(
    Campaign,
    label=gettext_lazy("Group remarks"),
    source={CS.RUNNING, *OVER},
    form=forms.GroupRemarksForm,
    unless=_no_remarks,
)
def group_remarks(
    campaign: Campaign,
    *,
    by: User,
    remarks: list[str],
    groups: QuerySet[RemarkGroup] | list[RemarkGroup] = (),  # type: ignore[assignment]
    instead: bool = False,
) -> None:
    """Say what some remarks are about; they stay in the groups that they have, unless these hold instead (S4)."""
    rows = GroupedRemark.objects.filter(sheet__pk__in=remarks)
    # A grouping that is older than the remark is written anew, and holds from now on.
    (rows if instead else rows.filter(group__in=groups)).delete()
    made = [GroupedRemark(sheet_id=key, group=group, by=by) for key in remarks for group in groups]
    GroupedRemark.objects.bulk_create(made)


@action(
    Campaign,
    label=gettext_lazy("Hand to the management review"),
    source=OVER,
    form=forms.ReviewForm,
    unless=not_shown,
)
def hand_to_review(campaign: Campaign, *, by: User, people: QuerySet[User], words: str = "") -> ReviewCopy:
    """Keep the report as it stands, in each language and as a workbook, for the management review, who are told of it.

    No later sheet, correction or measure changes the copy; what is otherwise then is another copy (KC 5.3.4.1).
    """
    edition = campaign.copies.count() + 1
    pages = []
    for language, _name in settings.LANGUAGES:
        text = kept_report(campaign, by, language)
        with override(language):
            name = _("Satisfaction report %(number)s") % {"number": campaign.number}
        pages.append(ContentFile(text.encode(), name=f"{name} ({language}) {edition}.html"))
    book = ContentFile(workbook_of(Evaluation(campaign, by)), name=f"{campaign.number} {edition}.xlsx")
    kept = keep_written(campaign, pages, by=by, kind=KIND)
    kept += attach_all(campaign, [book], by=by, kind=KIND, written=CONTENTS["xlsx"])
    files = [_entry(each) for each in kept]
    copy = ReviewCopy.objects.create(
        campaign=campaign,
        edition=edition,
        words=words,
        people=[{"user": each.pk, "name": each.display_name} for each in people],
        files=files,
        digest=digest_of(files),
        by=by,
    )
    for each in people:
        queue.notify(
            each,
            "satisfaction.review",
            about=campaign,
            context={"number": campaign.number, "name": campaign.name, "by": by.display_name, "words": words},
            key=f"survey-review-{campaign.pk}-{edition}",
        )
    return copy


def _entry(file: Attachment) -> dict[str, Any]:
    return {"attachment": file.pk, "name": file.name, "sha256": file.sha256, "size": file.size}


@action(Measure, label=gettext_lazy("Tell customers"), source={MS.DONE}, form=forms.TellForm)
def tell_customers(measure: Measure, *, by: User, for_customers: str, for_customers_en: str) -> None:
    """Have the next survey's customers told what was done: you said, we did (KC 5.3.3.3)."""
    measure.for_customers, measure.for_customers_en = for_customers, for_customers_en


def _not_told(measure: Measure, by: User) -> Refused | None:
    return None if measure.for_customers else Refused("not_told", _("Customers are not told of it."))


@action(Measure, label=gettext_lazy("Do not tell customers"), source={MS.DONE}, unless=_not_told)
def keep_from_customers(measure: Measure, *, by: User) -> None:
    """Take a measure out of what the next survey's customers are told."""
    measure.for_customers = measure.for_customers_en = ""
