"""What happens by itself at times."""

from datetime import time

from crm.deadlines.periodic import periodic
from customers.tiers.scoring import score_month

periodic("tiers.propose", at=time(4, 20))(score_month)
