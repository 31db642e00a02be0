"""The remarks of a survey, by what they are about; who may read them is who may see the sheets (S4)."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User
from satisfaction.models import Campaign, GroupedRemark, Invitation, RemarkGroup, Sheet
from satisfaction.models.remark import ALL, NONE

PAGE = 50


def remarked(campaign: Campaign, by: User) -> QuerySet[Sheet]:
    """The sheets with a remark that `by` may see, in no order that tells who came first."""
    rows: Any = Sheet.objects.visible_to(by)
    return rows.filter(campaign=campaign).exclude(remarks="").order_by("pk")


def ungrouped(rows: QuerySet[Sheet]) -> QuerySet[Sheet]:
    """Those of them that are in no group yet, or were changed since."""
    return rows.filter(~Exists(GroupedRemark.objects.standing().filter(sheet=OuterRef("pk"))))


def with_groups(rows: QuerySet[Sheet]) -> QuerySet[Sheet]:
    """The sheets with their groups as `standing_groups`; one query more."""
    standing = GroupedRemark.objects.standing().select_related("group").order_by("group__position", "group__code")
    return rows.prefetch_related(Prefetch("groupings", standing, to_attr="standing_groups"))


def counts_of(campaign: Campaign, by: User) -> list[dict[str, Any]]:
    """How many remarks are in no group, then of each group that is in use or has some; three queries."""
    rows = remarked(campaign, by)
    number = rows.count()
    if not number:
        return []
    standing = GroupedRemark.objects.standing().filter(sheet__in=rows.order_by().values("pk"))
    counts = dict(standing.order_by().values_list("group").annotate(number=Count("pk")))
    waiting = ungrouped(rows).count()
    found = [_count(campaign, NONE, _("In no group yet"), waiting)]
    for group in RemarkGroup.objects.all():
        if group.active or group.pk in counts:
            found.append(_count(campaign, group.code, str(group), counts.get(group.pk, 0)))
    return [*found, _count(campaign, ALL, _("All remarks"), number)]


def _count(campaign: Campaign, key: str, label: str, number: int) -> dict[str, Any]:
    url = f"{reverse('campaign-remarks', args=[campaign.pk])}?{urlencode({'group': key})}"
    return {"key": key, "label": label, "number": number, "url": url}


def in_group(rows: QuerySet[Sheet], key: str) -> QuerySet[Sheet]:
    """The sheets of a group by its code, those of none yet, or all."""
    if key == ALL:
        return rows
    if key == NONE:
        return ungrouped(rows)
    grouped = GroupedRemark.objects.standing().filter(sheet=OuterRef("pk"), group__code=key)
    return rows.filter(Exists(grouped))


def readable(sheets: list[Any], by: User) -> list[dict[str, Any]]:
    """The remarks of some sheets with whose they are, where `by` may see the invitation; one query."""
    asked: Any = Invitation.objects.visible_to(by)
    keys = [each.invitation_id for each in sheets if each.invitation_id is not None]
    names = {each.pk: each for each in asked.filter(pk__in=keys).select_related("customer")}
    return [
        {
            "sheet": str(each.pk),
            "text": each.remarks,
            "who": names[each.invitation_id].customer.name if each.invitation_id in names else "",
            "url": names[each.invitation_id].get_absolute_url() if each.invitation_id in names else "",
            "groups": [str(grouping.group) for grouping in each.standing_groups],
        }
        for each in sheets
    ]


def by_group(campaign: Campaign, by: User) -> list[dict[str, Any]]:
    """All remarks as paper has them: group by group, those of none last; one that is about two things stands twice."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    order: dict[str, tuple[int, str]] = {}
    sheets: list[Any] = list(with_groups(remarked(campaign, by)))
    for sheet in sheets:
        groups = [each.group for each in sheet.standing_groups]
        for group in groups:
            order[str(group)] = (group.position, group.code)
            found.setdefault(str(group), []).append(sheet.remarks)
        if not groups:
            rest.append(sheet.remarks)
    parts = [{"label": label, "remarks": found[label]} for label in sorted(found, key=lambda each: order[each])]
    return [*parts, {"label": _("In no group yet"), "remarks": rest}] if rest else parts
