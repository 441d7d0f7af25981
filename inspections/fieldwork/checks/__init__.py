"""Checks at a door that something outside the checklist asks for: lists compared, villagers asked."""
