"""Lists compared before the visit: what several offices' data say about one household becomes a
task at a door."""
