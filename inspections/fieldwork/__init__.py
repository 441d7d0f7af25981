"""Checklists and what a team answers in the village."""
