"""A plan by lot that nobody can foresee or quietly repeat: commit, draw, verify."""
