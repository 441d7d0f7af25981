"""Leads about persons: sealed for the case room, a receipt for the team, elsewhere only counts."""
