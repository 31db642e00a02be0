"""What an agreement on a compensation, or a replacement, waits for while the plan is carried out."""

from collections.abc import Iterator

from complaints.carrying import people
from complaints.coming import Coming, also_comes
from complaints.compensation.actions.replacing import replacement_of
from complaints.compensation.outcomes import live_agreement
from complaints.facts import current_plan
from complaints.models import Complaint, Plan
from complaints.outcomes import missing


@also_comes
def of_compensation(complaint: Complaint) -> Iterator[Coming]:
    """What is missing, with the page on which it is done, or the verb where nothing is there yet."""
    plan = current_plan(complaint)
    if complaint.status != Complaint.Status.CARRYING_OUT or plan is None:
        return
    if plan.outcome not in (Plan.Outcome.COMPENSATION, Plan.Outcome.REPLACEMENT) or not (open_ := missing(plan)):
        return
    what = f"{open_.sentence} {open_.remedy}".strip()
    if plan.outcome == Plan.Outcome.COMPENSATION:
        agreement = live_agreement(plan)
        yield Coming(what, people(complaint), page=agreement)
    elif replacement := replacement_of(plan):
        yield Coming(what, replacement.order.owner or "", page=replacement.order)
    else:
        yield Coming(what, people(complaint), verb="compensation.order_replacement")
