"""Who guesses passwords is refused for a while, over all web processes.

First the user name is closed to the network that guessed, so that nobody keeps a colleague out by typing his name. The
name itself is closed to everybody only after many more failures from several networks, and a network to all names.

An attempt counts before the password is looked at, and is taken back when it was right; so of many guesses at the same
moment no more than the limit is ever tried.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from crm import clock
from crm.accounts.models import SignInAttempt
from crm.links.throttle import household

WINDOW = timedelta(minutes=15)
PER_ADDRESS = 20  # over all names


@dataclass(frozen=True)
class Limits:
    """How many attempts a door allows within the window: of a name from one network, and of a name from all."""

    from_one: int
    from_all: int


DOORS = {
    "sign-in": Limits(from_one=5, from_all=50),
    "forgot": Limits(from_one=5, from_all=5),  # each attempt is a mail to the person, who gets in by it
}


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

    pair: str
    name: str
    address: str
    at: datetime

    def succeeded(self) -> None:
        """Forget the failures of the name from this network, and take this attempt off the name and the network.

        What others failed at as this name stays counted: they learn nothing from the person's own signing in.
        """
        with transaction.atomic():
            SignInAttempt.objects.filter(key=self.pair).update(at=[])
            for key in (self.name, self.address):
                row = SignInAttempt.objects.select_for_update(no_key=True).filter(key=key).first()
                if row is not None and self.at in row.at:
                    row.at.remove(self.at)
                    row.save(update_fields=["at"])


def begin(name: str, address: str, door: str = "sign-in") -> Attempt:
    """Count an attempt at `door` as `name` from `address`. Raises Locked where there were too many failures."""
    attempt = _attempt(name, address, door)
    limits = DOORS[door]
    # A refusal is raised inside the transaction, so that it counts nothing anywhere.
    with transaction.atomic():
        _count(attempt.pair, limits.from_one, attempt.at)
        _count(attempt.name, limits.from_all, attempt.at)
        _count(attempt.address, PER_ADDRESS, attempt.at)
    return attempt


def forgive(name: str, address: str) -> None:
    """Forget the failures of `name`, from everywhere and from this network: a new password was set by a link."""
    attempt = _attempt(name, address, "sign-in")
    SignInAttempt.objects.filter(key__in=[attempt.pair, attempt.name]).update(at=[])


def _attempt(name: str, address: str, door: str) -> Attempt:
    name, network = name.strip().casefold(), household(address)
    return Attempt(
        pair=_hash(f"{door} pair", f"{name}\n{network}"),
        name=_hash(f"{door} name", name),
        address=_hash(f"{door} address", network),
        at=clock.now(),
    )


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


def _hash(kind: str, value: str) -> str:
    return salted_hmac(f"crm.accounts.lockout.{kind}", value, algorithm="sha256").hexdigest()


def remove_old() -> int:
    """Remove the rows in which nothing failed lately; answers how many."""
    return SignInAttempt.objects.filter(changed_at__lt=clock.now() - WINDOW).delete()[0]
