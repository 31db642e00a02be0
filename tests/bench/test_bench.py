"""The bench runs from nothing to its table; what it measures is not judged here, since tests share their machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pickup.bench.load import Ask, Measured, Series, Threads
from pickup.bench.measuring import Row, table

ROOT = Path(__file__).resolve().parent.parent.parent
FLOOR = ROOT.parent / "shared" / "floor"
OPERATIONS = [
    "REST list of 50 orders",
    "create an order with three lines, 8 connections",
    "create an order with three lines, 32 connections",
    "handover",
    "typeahead on two Chinese characters",
    "HTML list of 50 full rows",
    "HTML list by two characters of the name, to the unfiltered one",
    "typeahead on two Chinese characters, 500 customers just imported",
    "sweep of 200 due deadlines",
    "score 100,000 answers of a survey in one query, to a plain count of them",
]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One run of the command, on servers of its own, whatever the tests use."""
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    command: list[str | Path] = [sys.executable, ROOT / "manage.py", "bench", *arguments]
    env |= {"CRM_NO_BOOTSTRAP": "1"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=900)


@pytest.mark.long
@pytest.mark.skipif(not FLOOR.is_dir(), reason="the floor is not in ../shared/floor")
def test_a_small_bench_measures_everything_and_finds_every_customer():
    done = bench("--small")
    assert done.returncode == 0, done.stderr
    rows = [line.split(" | ")[1] for line in done.stdout.splitlines() if line.startswith("| 1")]
    assert rows == OPERATIONS
    assert "10,000 orders: 0 numbers doubled" in done.stdout
    for names in ("old names", "just imported names"):
        found, _of, all_ = done.stdout.partition(f"{names}: ")[2].split()[:3]
        assert found == all_ != "0"


def test_a_floor_that_is_not_there_is_said_in_one_sentence(tmp_path):
    done = bench("--floor", str(tmp_path))
    assert done.returncode == 1
    assert f"There is no floor in {tmp_path}; name its folder by --floor." in done.stderr


def test_an_aim_is_met_only_where_nothing_failed():
    rows = [
        ("10", Row("fast", 1.0, 3.0, 3.0, 4, cpu=2.5, base_cpu=0.4, ours_cpu=1.0, others=0.25)),
        ("10", Row("slow", 1.0, 5.0, 5.0, 4)),
        ("10", Row("broken", 1.0, 1.0, 1.0, 4, failed=2)),
    ]
    _head, _line, *lines = table(rows)
    assert lines == [
        "| 10 | fast | 1.00 | 3.00 | 3.00 | 4 | yes | 2.50 | 0.40 | 1.00 | 0.2 |",
        "| 10 | slow | 1.00 | 5.00 | 5.00 | 4 | no |  |  |  |  |",
        "| 10 | broken | 1.00 | 1.00 | 1.00 | 4 | no, 2 failed |  |  |  |  |",
    ]


def test_the_time_of_an_answer_is_that_which_each_connection_waits():
    assert Measured(answers=400, failed=0, seconds=2, connections=8).ms == 40


def test_without_wrk_threads_ask_and_count_what_is_wrong(live_server):
    series = Series(live_server.url, [Ask("/healthz"), Ask("/nowhere")], once=True)
    measured = Threads().run(series, 5, 1)
    assert (measured.answers, measured.failed, series.used) == (2, 1, 2)
