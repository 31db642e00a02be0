"""Rules, working time, deadlines and the sweep."""
