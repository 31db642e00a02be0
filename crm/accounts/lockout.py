"""Who guesses passwords is refused for a while: by user name and by network address, over all web processes.

An attempt counts before the password is looked at, and is taken back when it was right; so of many guesses at the same
moment no more than the limit is ever tried.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.utils.crypto import salted_hmac

from crm import clock
from crm.accounts.models import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_NAME = 5
PER_ADDRESS = 20


class Locked(Exception):
    """Too many failures; `remaining` is how long to wait."""

    def __init__(self, remaining: timedelta) -> None:
        super().__init__(str(remaining))
        self.remaining = remaining

    @property
    def minutes(self) -> int:
        """The minutes to wait, rounded up."""
        return max(1, -(-int(self.remaining.total_seconds()) // 60))


@dataclass(frozen=True)
class Attempt:
    """One attempt that was counted as a failure until `succeeded` is called."""

    name: str
    address: str
    at: datetime

    def succeeded(self) -> None:
        """Forget the failures of the name, and take this attempt off the address."""
        with transaction.atomic():
            SignInAttempt.objects.filter(key=self.name).update(at=[])
            if row := SignInAttempt.objects.select_for_update(no_key=True).filter(key=self.address).first():
                row.at = [each for each in row.at if each != self.at]
                row.save(update_fields=["at"])


def begin(name: str, address: str, door: str = "sign-in") -> Attempt:
    """Count an attempt at `door` as `name` from `address`. Raises Locked where there were too many failures."""
    now = clock.now()
    attempt = Attempt(_hash(f"{door} name", name.strip().casefold()), _hash(f"{door} address", _network(address)), now)
    # A refusal is raised inside the transaction, so that it counts nothing anywhere.
    with transaction.atomic():
        _count(attempt.name, PER_NAME, now)
        _count(attempt.address, PER_ADDRESS, now)
    return attempt


def forgive(name: str) -> None:
    """Forget the failures of `name`: a new password was set by a link."""
    SignInAttempt.objects.filter(key=_hash("sign-in name", name.casefold())).update(at=[])


def _count(key: str, limit: int, now: datetime) -> None:
    # Writing the row, new or not, locks it until the transaction ends.
    SignInAttempt.objects.bulk_create(
        [SignInAttempt(key=key, at=[], changed_at=now)],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["changed_at"],
    )
    row = SignInAttempt.objects.get(key=key)
    row.at = [each for each in row.at if now - each < WINDOW]
    if len(row.at) >= limit:
        raise Locked(row.at[-limit] + WINDOW - now)
    row.at.append(now)
    row.save(update_fields=["at"])


def _network(address: str) -> str:
    """The address, of IPv6 the half that a provider gives to one household: the rest changes as its owner likes."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def _hash(kind: str, value: str) -> str:
    return salted_hmac(f"crm.accounts.lockout.{kind}", value, algorithm="sha256").hexdigest()


def remove_old() -> int:
    """Remove the rows in which nothing failed lately; answers how many."""
    return SignInAttempt.objects.filter(changed_at__lt=clock.now() - WINDOW).delete()[0]
