"""Digests: their figures, their words, their periods, and that each is published once.

May use: costs, workspace, config, text; storage.
Used by: app, cli; of handlers commands, slack, views.
"""
