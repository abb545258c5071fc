"""Measurements of quality: how well search finds, how text becomes tokens, what claims hold.

May use: everything. Used by: people, and tests of what is worked out here.
"""
