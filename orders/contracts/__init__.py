"""Contracts: from the customer's word through review, signature and archive to their execution (KC 5.1)."""
