"""Telling stories that do not look at each other in several processes at once, so that nobody waits long for them.

Each process is a fork of the first one with the stories already in hand, and takes the next one that nobody has taken.
A story that fails here, as one of two that waited for each other, was taken back whole, and is left to the first one.
"""

import contextlib
import ctypes
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from django.db import connection

from crm.run.processes import tie

log = logging.getLogger(__name__)

MOST = 3  # more wait for each other
FEW = 12  # stories that are told before another process would be up
KEPT: list[Any] = []  # a fork's copy of the connection that is its parent's, and must not be closed with it
SHOWN_EVERY = 2.0  # seconds between two lines of progress
WIDTH = 4  # bytes of a story's number
PAUSE = 0.05  # seconds between two looks at how far the others are


def usual_number() -> int:
    """How many processes are worth it here: one more than there are processors, since each also waits for the database.

    Where the kernel cannot tie a fork to its parent (all but Linux) it is one.
    """
    return min(MOST, (os.cpu_count() or 1) + 1) if sys.platform == "linux" else 1


def tell_together(
    tell: Callable[[Any], None], stories: Sequence[Any], processes: int, shown: Callable[[int], None]
) -> None:
    """Tell the stories in that many processes, in their order of beginning; `shown` hears how many are done.

    What could not be told is logged and left. Call it outside of a transaction. Who takes which story, and that it is
    done, goes through pipes: a process that is killed holds nothing that others wait for.
    """
    waiting, given = os.pipe()
    os.write(given, b"".join(number.to_bytes(WIDTH) for number in range(len(stories))))
    os.close(given)
    heard, told = os.pipe()
    os.set_blocking(heard, False)
    gc.collect()
    gc.freeze()  # or each fork's collector would touch, and so copy, all that they share
    context = get_context("fork")
    work = Work(tell, stories, waiting, told, os.getpid())
    helpers = [context.Process(target=work.help) for _each in range(min(processes, len(stories)))]
    try:
        for helper in helpers:
            helper.start()
        done, said = 0, time.monotonic()
        for helper in helpers:
            while helper.is_alive():
                helper.join(PAUSE)
                with contextlib.suppress(BlockingIOError):
                    done += len(os.read(heard, len(stories)))
                if time.monotonic() > said + SHOWN_EVERY and done < len(stories):
                    said = time.monotonic()
                    shown(done)
    finally:
        for helper in helpers:
            if helper.pid is not None:
                helper.kill()
                helper.join()
        for each in (waiting, heard, told):
            os.close(each)
        gc.unfreeze()


@dataclass(frozen=True)
class Work:
    """What forks do: `waiting` and `told` are pipes, `parent` is the process that they end with."""

    tell: Callable[[Any], None]
    stories: Sequence[Any]
    waiting: int
    told: int
    parent: int

    def help(self) -> None:
        """Tell the next story until there is none; runs in the fork."""
        os.setsid()  # Linux shares a busy machine among sessions, and all of them would get what one does
        tie(ctypes.CDLL(None), self.parent, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process, which ends the others
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        KEPT.append(connection.connection)
        connection.connection = None
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
        while number := os.read(self.waiting, WIDTH):
            story = self.stories[int.from_bytes(number)]
            try:
                self.tell(story)
            except Exception as error:  # noqa: BLE001 - whatever it is, the first process tries again and says it
                log.info("the story %s is told later: %s", story.key, type(error).__name__)
            os.write(self.told, b".")
        connection.close()
