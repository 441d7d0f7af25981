"""What people type, read in one way everywhere: days, figures, words, files.

What the program prints, it reads. It looks nothing up, stores nothing and knows no table.
"""
