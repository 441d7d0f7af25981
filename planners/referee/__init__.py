"""Judges a plan by rules and costs written apart from everything that plans."""
