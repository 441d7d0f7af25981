"""Who declared what before a cycle, who is trained and present, and who was asked to step aside."""
