"""The rules as a table, what is said of them as values, and the one way from a value to a sentence."""
