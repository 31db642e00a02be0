"""The life of a return: drafted, written, signed or ordered by telephone, received, ended."""

# isort: off
from complaints.returns.actions.writing import change_return, write_return
from complaints.returns.actions.signing import order_return_by_phone, phone_return, send_return_back, sign_return
from complaints.returns.actions.receiving import cancel_return, give_up_return, receive_return

# isort: on

__all__ = [
    "cancel_return",
    "change_return",
    "give_up_return",
    "order_return_by_phone",
    "phone_return",
    "receive_return",
    "send_return_back",
    "sign_return",
    "write_return",
]
