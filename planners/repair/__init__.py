"""A plan after somebody drops out: legal first, then as few changed seats as can be."""
