"""Reading numbers that strangers write into addresses and hidden fields."""

import re

WHOLE = re.compile(r"[0-9]{1,18}")  # what fits into a bigint; str.isdigit() would let "²" and 5,000 digits pass


def whole(text: object) -> int | None:
    """The whole number that `text` is, or None where it is anything else."""
    given = str(text or "")
    return int(given) if WHOLE.fullmatch(given) else None
