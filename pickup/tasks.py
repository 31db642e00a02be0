"""What happens by itself at times."""

from datetime import timedelta

from crm.deadlines.periodic import periodic
from pickup.windows import make_windows

periodic("pickup.windows", every=timedelta(hours=6))(make_windows)
