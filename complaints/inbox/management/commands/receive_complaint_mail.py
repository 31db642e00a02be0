"""`manage.py receive_complaint_mail < message.eml`: what a mail server pipes in is kept in the inbox of complaints."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from complaints.inbox.receiving import receive

log = logging.getLogger(__name__)
EX_TEMPFAIL = 75  # sysexits.h: the mail server keeps the message and tries again


class Command(BaseCommand):
    help = (
        "Reads one mail message (RFC 5322) from standard input, or the files and Maildir folders that are named, and "
        "keeps them in the inbox of complaints. Ends with 0 when all is kept, with 75 when it must be tried again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("paths", nargs="*", type=Path, help="files with one message each, or Maildir folders")

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = options["paths"]
        try:
            if not paths:
                self._receive(sys.stdin.buffer)
            for path in paths:
                if path.is_dir():
                    self._read_maildir(path)
                else:
                    with path.open("rb") as source:
                        self._receive(source)
        except Exception as error:  # whatever it is, the mail server still has the message
            log.exception("a message was not kept")
            self.stderr.write(f"not kept, try again: {type(error).__name__}")
            sys.exit(EX_TEMPFAIL)

    def _receive(self, source: Any) -> None:
        item, new = receive(source)
        self.stdout.write(f"{'kept' if new else 'known'}: {item.number} {item.status}")

    def _read_maildir(self, folder: Path) -> None:
        """Keep what lies in `new`, and move each message to `cur` as read when it is kept."""
        (folder / "cur").mkdir(exist_ok=True)
        for entry in sorted(os.scandir(folder / "new"), key=lambda each: each.name):
            with open(entry.path, "rb") as source:
                self._receive(source)
            os.replace(entry.path, folder / "cur" / f"{entry.name.partition(':')[0]}:2,S")
