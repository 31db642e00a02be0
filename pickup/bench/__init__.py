"""What `manage.py bench` does: servers of its own, the same rows twice, load on both, and a table of the ratios."""
