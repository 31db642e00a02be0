"""Why a mail did not go out: the mail server's answer as a code without personal data, and whether to try again."""

import re
import smtplib
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.records.crypto import WrongKey

# The waiting time before each further attempt; when all are used up, a person has to look at it.
DELAYS = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
]

SENTENCES = {
    "unreachable": gettext_lazy("The mail server could not be reached."),
    "sign_in": gettext_lazy("The mail server did not accept our user name and password."),
    "recipient": gettext_lazy("The mail server does not accept this address."),
    "sender": gettext_lazy("The mail server does not accept our sender's address."),
    "refused": gettext_lazy("The mail server refused the message."),
    "bad_address": gettext_lazy("The address cannot be written to."),
    "unreadable": gettext_lazy("The message cannot be read: its key is missing."),
}
ENHANCED = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")


def judge(error: Exception) -> tuple[str, bool]:
    """The code of a failure (`recipient 550 5.1.1`), and whether it is for good.

    What the server said about the message is for good when it begins with 5. A server that is down, or that does not
    let us in, is tried again: that is mended on our side, and no customer's message is lost by it.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, answer = next(iter(error.recipients.values()))
        return _code("recipient", status, answer), status >= 500
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _code("sign_in", error.smtp_code, error.smtp_error), False
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _code("sender", error.smtp_code, error.smtp_error), error.smtp_code >= 500
    if isinstance(error, smtplib.SMTPDataError):
        return _code("refused", error.smtp_code, error.smtp_error), error.smtp_code >= 500
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "refused", True
    if isinstance(error, smtplib.SMTPResponseException):
        return _code("unreachable", error.smtp_code, error.smtp_error), False
    if isinstance(error, WrongKey):
        return "unreadable", True
    if isinstance(error, ValueError):
        return "bad_address", True
    return "unreachable", False


def concerns_all(code: str) -> bool:
    """Whether the next mail would fail the same way."""
    return code.partition(" ")[0] in {"unreachable", "sign_in"}


def _code(name: str, status: int, answer: Any) -> str:
    found = ENHANCED.search(answer if isinstance(answer, bytes) else str(answer).encode())
    return " ".join(filter(None, [name, str(status), found and found[0].decode()]))


def explain(code: str) -> str:
    """The code of a failure as a sentence, with the mail server's numbers behind it."""
    name, _space, numbers = code.partition(" ")
    sentence = str(SENTENCES.get(name, ""))
    return _("%(sentence)s (%(numbers)s)") % {"sentence": sentence, "numbers": numbers} if numbers else sentence
