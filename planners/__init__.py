"""The scheduler of roving inspection teams: plain values in, plain values out.
Knows no web page and no table, only the two JSON formats of problem and plan; usable without the rest.
"""

VERSION = "5"
