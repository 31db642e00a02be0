"""Inquiries: what somebody asked, who answers it, and what became of it."""
