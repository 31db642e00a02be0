"""What ends a command of `crm.run` with one clear sentence instead of a traceback."""


class Failure(Exception):
    """Something outside the program is not as it has to be; the text says what, and what to do about it."""
