"""Messages out: mail, call tasks, internal notices."""
