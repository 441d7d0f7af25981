"""What the whole site stands on: serving, certificates, refusals, private numbers, the gate for files."""
