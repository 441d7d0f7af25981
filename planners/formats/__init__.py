"""The two JSON formats: read with every fault named by its path, written, hashed, made into others."""
