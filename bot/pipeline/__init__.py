"""The story of a message, a file for each of its words.

The words: intake, open, read, assess, route, answer, act, record. `pipeline` tells them in that
order, `context` holds what each has found, and `rescue` is for when one fails.

May use: every room but cli, app and nightly; storage.
Used by: app; of handlers actions, events.
"""
