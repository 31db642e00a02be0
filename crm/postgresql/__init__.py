"""Django's PostgreSQL, with a check of kept connections that costs no question to the database."""
