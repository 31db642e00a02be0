"""Return visits (回访): every pickup customer once a quarter, spread over his owner's days (ZT 4.2)."""
