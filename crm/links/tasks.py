"""What is done with links in the background."""

from datetime import time, timedelta

from crm import clock
from crm.deadlines.periodic import periodic

KEPT = timedelta(days=2 * 365)  # after its end; the action log keeps what was done through it


@periodic("links.forget", at=time(3, 50))
def forget() -> None:
    """Remove links whose time ended long ago."""
    from crm.links.models import Link

    Link.objects.filter(expires_at__lt=clock.now() - KEPT).delete()
