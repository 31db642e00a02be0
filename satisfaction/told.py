"""You said, we did: what was done after the last survey, as the customers of the next one are told (KC 5.3.3.3)."""

from typing import Any

from satisfaction.models import Campaign, Measure, Wording
from satisfaction.report import waves_before

MOST = 6  # a customer wants to answer, not to read


def we_did(campaign: Campaign) -> list[dict[str, Any]]:
    """What was asked and what was done about it since the last survey, as far as customers are told; two queries.

    Only measures of the survey before this one count, those that are done and have words for customers. `other` is what
    was done in the other language, for paper.
    """
    last = waves_before(campaign).values("pk")[:1]
    rows = Measure.objects.filter(campaign__in=last, status=Measure.Status.DONE).exclude(for_customers="")
    measures = list(rows.select_related("campaign").order_by("done_at", "pk")[:MOST])
    if not measures:
        return []
    items = {each.item_id for each in measures if each.item_id is not None}
    wordings = Wording.objects.filter(edition=measures[0].campaign.edition_id, item__in=items)
    said = {each.item_id: each for each in wordings}
    return [
        {
            "said": str(said[each.item_id]) if each.item_id in said else "",
            "did": each.told,
            "other": each.for_customers_en if each.told == each.for_customers else each.for_customers,
        }
        for each in measures
    ]
