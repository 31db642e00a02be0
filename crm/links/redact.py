"""Tokens of links out of everything that is written down: who reads a log must not be able to act as a customer."""

import logging
import re

TOKEN = re.compile(r"(/(?:l|s|welcome)/)[\w:.=-]{6,}")  # customers' links and surveys, and where passwords are set


def redact_path(text: str) -> str:
    """`text` (a path, an address or a whole log line) with every link's token replaced by an ellipsis."""
    return TOKEN.sub(r"\1…", text)


class RedactLinks(logging.Filter):
    """Takes the tokens out of the log records of one logger."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact_path(record.getMessage()), ()
        return True
