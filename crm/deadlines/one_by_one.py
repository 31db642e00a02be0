"""What a periodic job does to the records that need it: to each by itself, so that one of them cannot stop the rest."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from crm.refusals import Refused

log = logging.getLogger(__name__)


def one_by_one(records: Iterable[Any], do: Callable[[Any], Any]) -> int:
    """Do it to each of the records; answers to how many it was done. `do` is a verb, or else a transaction by itself.

    What is refused, because somebody was first or because it cannot be, is noted; other trouble is logged with its
    trace. Both keep nobody from the others, and the next run is another chance.
    """
    done = 0
    for record in records:
        named = f"{type(record).__name__} {getattr(record, 'pk', record)}"
        try:
            do(record)
            done += 1
        except Refused as refusal:
            log.info("%s: refused (%s)", named, refusal.code)
        except Exception:
            log.exception("%s could not be handled", named)
    return done
