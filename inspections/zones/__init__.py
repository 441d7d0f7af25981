"""Cooperation zones (片区): proposed, compared, drawn by hand, adopted; who leads them (包片)."""
