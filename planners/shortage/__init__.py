"""Why seats stay empty, in names, and what would fill them."""
