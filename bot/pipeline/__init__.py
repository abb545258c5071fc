"""The story of a message, a file for each of its words.

The words: intake, open, read, assess, route, answer, act, record.

May use: every room but cli, app and nightly. Used by: app, handlers.
"""
