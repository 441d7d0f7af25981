"""Townships, cooperation zones, villages, communities and departments."""
