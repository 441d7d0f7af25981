"""A list on its way in: its kind, its bytes as rows, its cells as values, its numbers as keyed hashes."""
