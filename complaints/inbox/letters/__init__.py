"""Mail messages (RFC 5322) as they come from outside: cut to size, read without failing, and judged."""

from complaints.inbox.letters.letter import File, LeftOut, Letter
from complaints.inbox.letters.reading import read

__all__ = ["File", "LeftOut", "Letter", "read"]
