"""What the steps of stories came to.

May use: db. Used by: `bot/runtime`.
"""
