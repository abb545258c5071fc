"""What the steps of stories came to; and, on a server, whose turn it is among several processes.

May use: db. Used by: intake; `bot/runtime`, `bot/messages`.
"""
