"""The command line: reads files, calls, prints, chooses the exit code. Holds no rule."""
