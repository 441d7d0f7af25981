"""How a paper looks: a frozen value in (`letter.py`), pages and their check out (`render.py`, `check.py`).

It knows no record and no account; what a paper says is made in `documents`.
"""
