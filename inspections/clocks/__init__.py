"""Whose turn it is: every step that runs, until when, who is late and who waits for it."""
