"""Waking the background: a wake-up carries a key and nothing else, and nobody waits for a broker that is away.

Nothing is lost with a wake-up: the periodic jobs look for what waits, within minutes.
"""

import logging
import time
from typing import Any

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

PAUSE = 30.0  # seconds for which a broker that did not answer is not asked again by this process
_silent_until = float("-inf")  # by the machine's clock


def wake_up(task: Any, key: int | str, **options: Any) -> None:
    """Have the Celery task `task` done soon with `key`; `options` are those of `apply_async`.

    A broker that hangs lets a page wait for the timeouts of settings.CELERY_BROKER_TRANSPORT_OPTIONS, and then no other
    one for a while.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        task.apply_async((key,), retry=False, **options)
    except OperationalError:
        _silent_until = time.monotonic() + PAUSE
        log.warning("the broker does not answer; %s %s waits for the sweep", task.name, key)
