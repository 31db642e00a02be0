"""Sentences that several steps say."""

from django.utils.translation import gettext as _


def unexpected() -> tuple[str, str]:
    """Code and sentence for what nobody foresaw."""
    return "error", _("Something went wrong with this row on our side; the log says what.")
