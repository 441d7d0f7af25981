"""Makes a plan and makes it cheaper: units to rounds, people to teams, many small changes."""
