"""What the outcome of an approved plan sets going, and when it is carried out (KC 5.2.3).

An app above this one that carries an outcome out says so with `carries_out`, in a file `outcomes.py` of its own, and
calls `complaints.actions.measures.note_if_all_is_done` when it has. An outcome that nobody carries out is its measures.
"""

from collections.abc import Callable
from dataclasses import dataclass

from complaints.models import Complaint, Plan
from crm.accounts.models import User
from crm.refusals import Refused


@dataclass(frozen=True)
class Handling:
    """How one outcome is carried out, in the transaction of the verb that says so.

    unfit: why a complaint cannot end with it (nothing to give back), or None.
    begin: what follows once its plan is approved, by whoever asked for that.
    missing: what of it is still to be done, or None; asked after each measure, and by whoever carries it out.
    stop: ends what is open when the plan is changed; raises Refused where what is done stands in the way.
    suits: why a plan cannot be carried out as it is written (its amount is too much), or None.
    """

    unfit: Callable[[Complaint], Refused | None]
    begin: Callable[[Plan, User], None]
    missing: Callable[[Plan], Refused | None]
    stop: Callable[[Plan, User], None]
    suits: Callable[[Plan], Refused | None] = lambda plan: None


_HANDLINGS: dict[str, Handling] = {}


def carries_out(outcome: str, handling: Handling) -> None:
    """Have plans with this outcome (of `Plan.Outcome`) carried out so."""
    _HANDLINGS[outcome] = handling


def why_unfit(complaint: Complaint, outcome: str) -> Refused | None:
    """Why this complaint cannot end so, or None."""
    handling = _HANDLINGS.get(outcome)
    return handling.unfit(complaint) if handling else None


def why_unsuited(plan: Plan) -> Refused | None:
    """Why this plan cannot be carried out as it is written, or None; it need not be saved yet."""
    handling = _HANDLINGS.get(plan.outcome)
    return handling.suits(plan) if handling else None


def begin(plan: Plan, by: User) -> None:
    """Set going what an approved plan promises."""
    if handling := _HANDLINGS.get(plan.outcome):
        handling.begin(plan, by)


def missing(plan: Plan) -> Refused | None:
    """What of the outcome is still to be done, or None."""
    handling = _HANDLINGS.get(plan.outcome)
    return handling.missing(plan) if handling else None


def stop(plan: Plan, by: User) -> None:
    """End what is open of the outcome, since the plan is changed. Raises Refused where that cannot be."""
    if handling := _HANDLINGS.get(plan.outcome):
        handling.stop(plan, by)
