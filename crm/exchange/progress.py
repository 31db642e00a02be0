"""How far a long transaction has come, as the cache knows it: shown, and never needed.

What is committed stands in the database. A cache that is down makes a bar stand still, and stops no work.
"""

import logging
from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from crm.exchange.models import Progress

log = logging.getLogger(__name__)

LASTS = 3600  # seconds; what nobody has noted for an hour is no progress


def note(work: "Progress", done: int) -> None:
    """Let others see that `done` rows of the work are done."""
    try:
        cache.set(work.progress_key, done, timeout=LASTS)
    except RedisError as error:
        log.warning("the cache did not note the progress of %s %s: %s", work._meta.label, work.pk, error)


def noted(work: "Progress") -> int:
    """How many rows were done when it was last noted; 0 where nothing is known."""
    try:
        return cache.get(work.progress_key) or 0
    except RedisError:
        return 0
