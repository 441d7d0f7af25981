"""The way of a paper: drafted, checked, signed, issued, delivered."""
