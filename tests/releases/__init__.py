"""What a release leaves behind for ever, in this order, once the models are final.

1. `python -m tests.releases.migration 1.0.0` writes the migration from the models; read it, keep it.
2. `python -m tests.releases.database 1.0.0` makes the filled database that every later version must upgrade.
"""
