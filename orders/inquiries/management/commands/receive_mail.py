"""`manage.py receive_mail < message.eml`: what a mail server pipes in becomes an inquiry."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.inquiries.inbound import Ignored, receive

MOST = 60 * 1024 * 1024


class Command(BaseCommand):
    help = "Reads one mail message (RFC 5322) from standard input and records it as an inquiry."

    def handle(self, *args: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read(MOST + 1)
        if len(content) > MOST:
            raise CommandError("The message is larger than 60 MB.")
        try:
            inquiry, left_out = receive(content)
        except Ignored as reason:
            self.stdout.write(f"ignored: {reason}")
            return
        self.stdout.write(f"recorded: {inquiry.number}")
        for each in left_out:
            self.stdout.write(f"left out: {each}")
