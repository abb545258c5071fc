"""Block Kit, pure: values in, blocks out.

May use: the values of bot and storage.
Used by: every room of handlers that shows something.
"""
