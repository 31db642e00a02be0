"""Where the time of a request goes: the queries, and the functions of one process that serves it."""

import cProfile
import io
import pstats
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client

from pickup.bench.load import Ask, Series

WARM, TIMED = 5, 30
SHOWN = 25


def profile(series: Series) -> Iterator[str]:
    """Lines that say so, for requests of this series served in this process."""
    client = Client(SERVER_NAME="127.0.0.1", headers=series.headers)
    asks = iter(series.left[: WARM + 2 * TIMED + 1]) if series.once else iter(list(series.asks) * 100)

    def serve(ask: Ask) -> None:
        response = (
            client.post(ask.path, ask.body, content_type="application/json") if ask.body else client.get(ask.path)
        )
        if response.status_code >= 400:
            raise RuntimeError(f"{ask.path}: {response.status_code} {response.content[:300]!r}")

    for _each in range(WARM):
        serve(next(asks))
    queries: list[tuple[float, str]] = []

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, *arguments)
        finally:
            queries.append((1000 * (time.perf_counter() - begun), sql))

    with connection.execute_wrapper(note):
        serve(next(asks))
    begun = time.perf_counter()
    for _each in range(TIMED):
        serve(next(asks))
    yield f"{(time.perf_counter() - begun) / TIMED * 1000:.1f} ms in one process, {len(queries)} queries:"
    for took, sql in queries:
        yield f"  {took:6.1f} ms  {' '.join(sql.split())[:160]}"
    profiler = cProfile.Profile()
    profiler.enable()
    for _each in range(TIMED):
        serve(next(asks))
    profiler.disable()
    text = io.StringIO()
    stats = pstats.Stats(profiler, stream=text).strip_dirs()
    stats.sort_stats("tottime").print_stats(SHOWN)
    stats.sort_stats("cumulative").print_stats(2 * SHOWN)
    yield from text.getvalue().splitlines()
    series.used += WARM + 2 * TIMED + 1 if series.once else 0
