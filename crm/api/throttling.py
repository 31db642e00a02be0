"""How many requests a token, or a signed-in person, may make."""

import logging
import time
from threading import Lock
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
TELL_EVERY = 1.0  # seconds
MOST_WINDOWS = 1000


class PerToken(BaseThrottle):
    """Counts requests by token in windows of a minute, those of all processes together."""

    left = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        most = getattr(settings, "API_RATE", PER_WINDOW)
        if not most:
            return True
        token = getattr(request.auth, "pk", None)
        who = f"token-{token}" if token else f"user-{request.user.pk}"
        window, passed = divmod(clock.now().timestamp(), WINDOW)
        self.left = WINDOW - passed
        return _count(f"api-{who}-{int(window)}", most) <= most

    def wait(self) -> float:
        return max(1, round(self.left))


class Window:
    """What one token has asked for in one minute: all processes' number when it was last told, and one's own since."""

    __slots__ = ("known", "mine", "told_at")

    def __init__(self) -> None:
        self.known, self.mine, self.told_at = 0, 0, float("-inf")


_windows: dict[str, Window] = {}
_lock = Lock()


def _count(key: str, most: int) -> int:
    """This request's number in its window; 0 where the cache is away, which must not stop the API.

    Counting each request in the cache would cost more than finding the token. So a process tells the cache of its
    requests together: once a second, or when they are a hundredth of what is allowed. What others have not told yet is
    not known here: with two processes one token gets at most a hundredth, or a second, more than its limit.
    """
    now = time.monotonic()
    with _lock:
        window = _windows.get(key)
        if window is None:
            if len(_windows) >= MOST_WINDOWS:
                _windows.clear()  # what was told stands in the cache
            window = _windows[key] = Window()
        window.mine += 1
        if window.mine < most // 100 and now - window.told_at < TELL_EVERY:
            return window.known + window.mine
        told, window.mine, window.told_at = window.mine, 0, now
    try:
        window.known = _tell(key, told)
    except (RedisError, OSError, ValueError):  # incr raises ValueError where the cache dropped the key in between
        logger.warning("The cache is not reachable, so requests are not counted.")
        return 0
    return window.known


def _tell(key: str, number: int) -> int:
    """Add to the number in the cache; answers what it is then."""
    try:
        return cache.incr(key, number)
    except ValueError:
        return number if cache.add(key, number, 2 * WINDOW) else cache.incr(key, number)
