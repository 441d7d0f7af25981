"""Numbered papers that leave the building: what they say, who signs them, what becomes of them.

How they look is the matter of `papers`. Nothing here judges or changes a finding or can reach a lead.
"""
