"""Names: what differs only by form is one name; what may be one name is said to be possibly so.

It looks nobody up and knows no table; what is stored and asked stands with people and units.
"""
