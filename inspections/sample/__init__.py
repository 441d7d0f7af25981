"""Fills a fresh system: the catalogue every county starts with, and the two sample counties of seeds/."""
