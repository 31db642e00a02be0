"""The order application form in the customer's hands: sent as a link, filled in on his phone (JD 2.2)."""
