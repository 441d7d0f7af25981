"""What an edit is asked before it enters the ledger: its form, right and value, and the law of the merge."""
