"""What happens by itself at times."""

from datetime import time, timedelta

from django.conf import settings

from crm import clock
from crm.deadlines.periodic import periodic
from crm.records.retention import remove
from pickup.models import Scan
from pickup.stock.nightly import check_books
from pickup.windows import make_windows


def forget_scans() -> int:
    """Remove the scans of CRM_SCAN_DAYS ago; what was handed over stands in its record."""
    return remove(Scan.objects.filter(at__lt=clock.now() - timedelta(days=settings.SCAN_DAYS)))


periodic("pickup.windows", every=timedelta(hours=6))(make_windows)
periodic("pickup.forget", at=time(3, 25))(forget_scans)
periodic("pickup.books", at=time(3, 40))(check_books)
