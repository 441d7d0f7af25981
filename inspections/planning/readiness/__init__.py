"""Before a plan: who was asked for a declaration, who answered, who was trained."""
