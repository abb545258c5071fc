"""Digests: their figures, their words, their periods, and that each is published once.

May use: costs, config, text, storage. Used by: app, cli, handlers.
"""
