"""What a workflow can do: one kind of block a file, each a function over a set of runs."""
