"""The first page, what waits for whoever opens it, and the help pages."""
