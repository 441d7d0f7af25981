"""The search by chance: many small changes to a draft, compiled to machine code."""
