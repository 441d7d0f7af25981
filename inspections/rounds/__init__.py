"""The plan: which team visits which unit in which round, sealed until its release day."""
