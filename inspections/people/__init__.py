"""Officers, specialists and village members, and who knows whom."""
