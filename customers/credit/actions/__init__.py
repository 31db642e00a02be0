"""The life of a customer's credit: rated, assessed, decided, lowered, watched, stopped in time (JD 7.1, ZT 6.1).

One file per subject, imported in the order in which it happens, because that is the order of the buttons.
"""

# isort: off
from customers.credit.actions.ratings import set_up_ratings
from customers.credit.actions.assessments import (
    assess_customer,
    put_in_force,
    replace_assessment,
    revise_assessment,
    withdraw_assessment,
)
from customers.credit.actions.standing import lower_rating
from customers.credit.actions.alerts import (
    dun_for_alert,
    note_gone,
    raise_alert,
    settle_alert,
    suspend_for_alert,
)

# isort: on

__all__ = [
    "assess_customer",
    "dun_for_alert",
    "lower_rating",
    "note_gone",
    "put_in_force",
    "raise_alert",
    "replace_assessment",
    "revise_assessment",
    "set_up_ratings",
    "settle_alert",
    "suspend_for_alert",
    "withdraw_assessment",
]
