"""Commands of what comes in."""
