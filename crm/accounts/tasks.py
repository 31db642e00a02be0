"""What is tidied up at night."""

from datetime import time

from crm.accounts import lockout, sessions
from crm.deadlines.periodic import periodic


@periodic("accounts.tidy", at=time(3, 10))
def tidy() -> None:
    """Remove expired sessions and failures of signing in that nobody counts any more."""
    sessions.remove_expired()
    lockout.remove_old()
