"""`manage.py bench`: the served product against a bare application on the same rows, and the table of the ratios."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.module_loading import autodiscover_modules

from crm.run.failure import Failure
from pickup.bench import rows
from pickup.bench.finding import missing
from pickup.bench.load import Generator, Wrk
from pickup.bench.measuring import ALSO, Bench, Row, doubled, table
from pickup.bench.profiling import profile
from pickup.bench.servers import INSIDE, run_inside, served
from pickup.bench.sweeping import sweeps
from pickup.play.stage import Set, prepare

FLOOR = Path(settings.BASE_DIR).parent / "shared" / "floor"
WINDOWS_HOLD = 10_000
GROWTH, SWEEP = 1.25, 1.3  # aims


class Command(BaseCommand):
    help = "Measures the served product against a bare application on the same rows; on servers of its own."

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--small", action="store_true", help="10,000 orders and customers only, one second a run")
        parser.add_argument("--seconds", type=int, default=2, help="length of a run (%(default)s)")
        parser.add_argument("--profile", action="store_true", help="of each missed aim, where its time goes")
        parser.add_argument("--floor", type=Path, default=FLOOR, help="where the floor lies (%(default)s)")

    def handle(self, *args: Any, small: bool, seconds: int, profile: bool, floor: Path, **options: Any) -> None:
        if not (floor / "floor_app.py").is_file():
            raise CommandError(f"There is no floor in {floor}; name its folder by --floor.")
        if seconds < 1:
            raise CommandError("--seconds is at least 1.")
        if INSIDE not in os.environ:
            arguments = ["--seconds", str(seconds), "--floor", str(floor.resolve())]
            arguments += ["--small"] * small + ["--profile"] * profile
            try:
                code = run_inside(arguments)
            except Failure as failure:
                raise CommandError(str(failure)) from failure
            if code:
                raise CommandError("It could not be measured; what is wrong stands above.", returncode=code)
            return
        self.seconds, self.floor_folder, self.profiled = 1 if small else seconds, floor, profile
        self.small, self.customers = small, 10_000 if small else 100_000
        self.sizes = [10_000] if small else [10_000, 200_000]
        self.deadlines = (1_000, 10_000) if small else (10_000, 1_000_000)
        self.begun = time.monotonic()
        self.measured: list[tuple[str, Row]] = []
        self.facts: list[str] = []
        self._measure()

    def _measure(self) -> None:
        self.generator = Generator(self.floor_folder)
        if not isinstance(self.generator.tool, Wrk):
            self._say("wrk is not installed (apt-get install wrk): threads of this process ask instead, on its core")
        call_command("prepare", static=True, stdout=self.stdout)
        stage = prepare(WINDOWS_HOLD)
        floor = rows.Floor(os.environ[INSIDE], self.floor_folder)
        floor.make(self.customers)
        terms = rows.Terms()
        rows.make(floor, stage, terms)
        self._say(f"{self.customers:,} customers")
        found: dict[str, list[Row]] = {}
        for size in self.sizes:
            floor.order(size, self.customers)
            rows.order(floor, stage, terms)
            self._say(f"{size:,} orders")
            self._compare(floor, stage, size, found)
        for key, measured in found.items():
            if len(measured) == 2:
                few, many = measured
                row = Row(f"growth: {key}", few.ours, many.ours, many.ours / few.ours, GROWTH)
                row.base_cpu, row.ours_cpu, row.others = few.ours_cpu, many.ours_cpu, max(few.others, many.others)
                row.cpu = many.ours_cpu / (few.ours_cpu or 1)
                self.measured.append((f"{self.sizes[0]:,} to {self.sizes[1]:,}", row))
        short, long = (1000 * each for each in sweeps(stage, *self.deadlines))
        label = "sweep of 200 due deadlines"
        between = f"{self.deadlines[0]:,} to {self.deadlines[1]:,} open"
        self.measured.append((between, Row(label, short, long, long / short, SWEEP)))
        self._say(f"{between}: {label}: {short:.2f} ms, {long:.2f} ms, {long / short:.2f} (aim {SWEEP:g})")
        autodiscover_modules("bench")
        for measure in ALSO:
            number, row = measure(small=self.small)
            self.measured.append((number, row))
            self._say(f"{number}: {row.label}: {row.base:.2f} ms, {row.ours:.2f} ms, {row.ratio:.2f} (aim {row.aim:g})")
        self._report()

    def _compare(self, floor: rows.Floor, stage: Set, size: int, found: dict[str, list[Row]]) -> None:
        with served(self.floor_folder, floor.dsn, self.generator) as (ours, base):
            bench = Bench(ours, base, stage, floor, self.customers)
            operations = bench.operations()
            for operation in operations:
                row = operation.compare(self.generator, self.seconds, floor)
                self._note(f"{size:,}", row)
                if operation.key != "filtered":
                    found.setdefault(operation.key, []).append(row)
                if self.profiled and not row.met:
                    for line in profile(operation.ours):
                        self._say(f"    {line}")
            self.facts.append(f"{size:,} orders: {doubled()} numbers doubled")
            if size == self.sizes[-1]:
                self._import(bench, floor, size)

    def _import(self, bench: Bench, floor: rows.Floor, size: int) -> None:
        """Typeahead once more, right after new customers came in; and whether all is found."""
        halves = bench.questions(), bench.questions()
        names = [a[:1] + b for a, b in zip(*halves, strict=True)] * (self.customers // 2000)
        rows.add(names)
        floor.add(names)
        new = bench.questions("I")
        operation = bench.typeahead(new, f", {len(names):,} customers just imported")
        self._note(f"{size:,}", operation.compare(self.generator, self.seconds, floor))
        for when, questions in (("old", bench.questions()), ("just imported", new)):
            lost, all_ = missing(bench, questions[:20])
            self.facts.append(f"typeahead, {when} names: {all_ - lost:,} of {all_:,} found")

    def _note(self, size: str, row: Row) -> None:
        self.measured.append((size, row))
        self._say(
            f"{size}: {row.label}: {row.base:.2f} ms, {row.ours:.2f} ms, {row.ratio:.2f} (aim {row.aim:g}); processor"
            f" time {row.base_cpu:.2f} ms, {row.ours_cpu:.2f} ms, {row.cpu:.2f}; others took {row.others:.1f} cores"
        )
        if row.said:
            self._say(f"    {row.failed} failed: {row.said.strip()}")

    def _report(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0].split()[0]
        most = max(row.others for _size, row in self.measured)
        self._say("")
        self._say(
            f"PostgreSQL {version}, {os.cpu_count()} cores, {self.seconds} s a run, medians of three; "
            f"other work on this machine took up to {most:.1f} cores meanwhile"
        )
        for line in [*table(self.measured), *self.facts]:
            self._say(line)
        missed = [f"{row.label} ({size})" for size, row in self.measured if not row.met]
        self._say(f"missed: {'; '.join(missed)}" if missed else "all aims are met")

    def _say(self, line: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.begun:6.0f} s  {line}" if line and "|" not in line[:1] else line)
        self.stdout.flush()
