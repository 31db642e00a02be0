"""What comes in by mail and through the public form, before somebody makes a complaint of it (ZT 4.1, 5.1)."""
