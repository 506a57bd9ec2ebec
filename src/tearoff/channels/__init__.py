"""Ways out: one kind a file."""
