"""Sheets of many changes at once, among the people or among the units: done whole, or not at all."""
