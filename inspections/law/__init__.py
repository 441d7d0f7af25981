"""The law library: which instrument was in force on a day, what its articles say, and what a text cites."""
