"""How many requests a token, or a signed-in person, may make."""

import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from crm import clock

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds
PER_WINDOW = 6000  # unless settings.API_RATE says otherwise; 0 is no limit


class PerToken(BaseThrottle):
    """Counts requests by token in windows of a minute; one counter in the cache, whatever the number of requests."""

    left = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        most = getattr(settings, "API_RATE", PER_WINDOW)
        if not most:
            return True
        token = getattr(request.auth, "pk", None)
        who = f"token-{token}" if token else f"user-{request.user.pk}"
        window, passed = divmod(clock.now().timestamp(), WINDOW)
        self.left = WINDOW - passed
        return _count(f"api-{who}-{int(window)}") <= most

    def wait(self) -> float:
        return max(1, round(self.left))


def _count(key: str) -> int:
    """This request's number in its window; 0 where the cache is away, which must not stop the API."""
    try:
        if cache.add(key, 1, 2 * WINDOW):
            return 1
        return cache.incr(key)
    except ValueError:  # the key went away in between
        return 1
    except (RedisError, OSError):
        logger.warning("The cache is not reachable, so requests are not counted.")
        return 0
