"""What becomes of people and units: they come, move, are lent, leave, are joined or divided, on a day."""
