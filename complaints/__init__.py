"""Complaints: received, investigated, planned, carried out, and closed with a satisfied customer (ZT 5)."""
