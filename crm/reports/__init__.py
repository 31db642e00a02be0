"""Start pages, the demonstration company, and what counts records."""
