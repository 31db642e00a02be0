"""Counting in the cache how often somebody tries: for links, sign-in, and whatever else is asked for by strangers."""

import hashlib
import logging
import time
from ipaddress import ip_address, ip_network

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def household(address: str) -> str:
    """The address, of IPv6 the half that a provider gives to one household: the rest changes as its owner likes."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def throttle(scope: str, ident: str, limit: int, seconds: int) -> int:
    """Count one try of `ident` in `scope`; answers 0, or after `limit` tries within `seconds` how long to wait.

    `ident` (an address, a name) is kept as a hash only. Time is cut into windows of `seconds`. A cache that is down
    stops nobody: it is logged, and what must not be tried endlessly is also guarded where it is checked.
    """
    window, passed = divmod(int(time.time()), seconds)
    key = f"throttle:{scope}:{hashlib.sha256(ident.encode()).hexdigest()[:32]}:{window}"
    try:
        cache.add(key, 0, timeout=seconds)
        tries = cache.incr(key)
    except (RedisError, ValueError):  # incr raises ValueError where the cache dropped the key in between
        log.warning("the cache did not count a try of %s", scope)
        return 0
    return seconds - passed if tries > limit else 0
