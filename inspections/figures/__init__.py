"""What leadership reads: a county's month, round or year in numbers, each with the rows behind it."""
