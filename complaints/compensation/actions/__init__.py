"""The supplementary agreement is signed, sealed and comes into force; goods are replaced."""

# isort: off
from complaints.compensation.actions.agreeing import (
    drop_agreement,
    hand_in_agreement,
    return_agreement,
    seal_agreement,
    send_agreement,
    sign_agreement,
)
from complaints.compensation.actions.replacing import order_replacement

# isort: on

__all__ = [
    "drop_agreement",
    "hand_in_agreement",
    "order_replacement",
    "return_agreement",
    "seal_agreement",
    "send_agreement",
    "sign_agreement",
]
