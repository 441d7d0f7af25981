"""Numbered papers that leave the building: what they say, how they look, how they become a PDF.

Nothing here judges or changes a finding, and nothing here can reach a lead.
"""
