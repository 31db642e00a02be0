"""What happens by itself at times."""

from datetime import time

from crm.deadlines.periodic import periodic
from orders.payments.nightly import check_books, propose_steps

periodic("payments.books", at=time(3, 45))(check_books)
periodic("payments.dunning", at=time(7, 0))(propose_steps)
