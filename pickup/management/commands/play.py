"""`manage.py play`: take Northwind's orders through the whole path by REST, on the system that is running."""

import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from crm import clock
from crm.outbox.models import Message
from crm.records.models import RequestKey
from crm.reports.demo import SCOPE
from customers.models import Customer
from orders.catalog.models import Product
from orders.models import Order
from pickup.play.goods import WorkerAway, bring_in, receive, settle_terms
from pickup.play.northwind import FOLDER, Case, cases, quantities
from pickup.play.rest import Refusal, Rest, Tally
from pickup.play.stage import Set, prepare
from pickup.play.walk import Walk
from pickup.stock.ledger import disagreements

MOST_THREADS = 4
SHOWN_EVERY = 5.0  # seconds


class Command(BaseCommand):
    help = "Takes orders of the Northwind files through the whole path by REST, and prints what was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.CRM_URL, help="the running system (%(default)s)")
        parser.add_argument("--orders", type=int, default=300, help="how many, up to 830 (%(default)s)")
        parser.add_argument("--threads", type=int, default=4, help=f"at once, up to {MOST_THREADS} (%(default)s)")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where the Northwind files are (%(default)s)")
        parser.add_argument("--anyway", action="store_true", help="into a company of one's own, too")

    def handle(
        self, *args: Any, url: str, orders: int, threads: int, folder: Path, anyway: bool, **options: Any
    ) -> None:
        if orders < 1 or not 1 <= threads <= MOST_THREADS:
            raise CommandError(f"--orders is at least 1, --threads 1 to {MOST_THREADS}.")
        self._check(url, folder, anyway)
        chosen = cases(orders, clock.today(), folder)
        tally, begun = Tally(), clock.now()
        rest, stage = Rest(url, tally), prepare(len(chosen))
        try:
            walk = self._provide(rest, stage, chosen, folder)
            self._walk(walk, chosen, threads, tally)
        except Refusal as refusal:
            raise CommandError(f"It could not be prepared: {refusal}") from refusal
        except WorkerAway:
            raise CommandError("The imports are not worked on; is the worker running?") from None
        finally:
            stage.strike()
        self._report(walk, tally, begun)

    def _check(self, url: str, folder: Path, anyway: bool) -> None:
        if not folder.is_dir():
            raise CommandError(f"The Northwind files are not in {folder}.")
        demonstration = RequestKey.objects.filter(scope=SCOPE).exists()
        if not (anyway or demonstration) and Order.objects.exists():
            raise CommandError("This is a company of its own; a rehearsal in it needs --anyway.")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=10):  # noqa: S310 - the address that was given
                pass
        except (urllib.error.URLError, ValueError, OSError) as error:
            raise CommandError(f"{url} does not answer ({error}); start it with `manage.py up`.") from error

    def _provide(self, rest: Rest, stage: Set, chosen: list[Case], folder: Path) -> Walk:
        for kind, counts in bring_in(rest, stage, folder).items():
            self._say(f"{kind}: " + ", ".join(f"{number} {state}" for state, number in sorted(counts.items())))
        wanted = {case.customer for case in chosen}
        customers = dict(Customer.objects.filter(code__in=wanted).values_list("code", "pk"))
        needed = quantities(chosen)
        products = dict(Product.objects.filter(code__in=needed).values_list("code", "pk"))
        settle_terms(rest, stage, customers)
        self._say(f"received: {receive(rest, stage, products, needed):f} pieces of {len(needed)} products")
        return Walk(rest, stage, customers, products)

    def _walk(self, walk: Walk, chosen: list[Case], threads: int, tally: Tally) -> None:
        shown = time.monotonic()
        with ThreadPoolExecutor(threads) as pool:
            waiting = [pool.submit(walk.take, number, case) for number, case in enumerate(chosen)]
            for done, each in enumerate(waiting, 1):
                each.result()
                if time.monotonic() - shown > SHOWN_EVERY:
                    shown = time.monotonic()
                    self._say(f"{done} of {len(chosen)} orders, {tally.requests / tally.elapsed:.0f} requests/s")

    def _report(self, walk: Walk, tally: Tally, begun: datetime) -> None:
        seconds = tally.elapsed
        self._say("")
        for line in tally.table():
            self._say(line)
        self._say("")
        self._say("orders: " + ", ".join(f"{number} {state}" for state, number in walk.ends.most_common()))
        for what, number in sorted(walk.seen.items()):
            self._say(f"{what}: {number}")
        for trouble in walk.troubles[:20]:
            self._say(trouble)
        wrong = disagreements()
        self._say("stock is the sum of its movements" if not wrong else f"STOCK DISAGREES in {len(wrong)} places")
        written = Message.objects.filter(queued_at__gte=begun).values_list("channel").annotate(number=Count("pk"))
        self._say("messages: " + ", ".join(f"{number} {channel}" for channel, number in written.order_by("channel")))
        self._say(f"{tally.requests} requests in {seconds:.0f} s, {tally.requests / seconds:.1f} per second")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
