"""What is done of itself: each night everybody who buys on account is looked at."""

from datetime import time

from crm.deadlines.periodic import periodic
from customers.credit.alerting import look

periodic("credit.look", at=time(5, 30))(look)
