"""What the whole site stands on: serving, certificates, prerequisites, refusals, private numbers."""
