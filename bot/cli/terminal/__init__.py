"""What commands share: how people type, what is asked of them, and how it looks.

May use: checks, config, reports, values.
Used by: the commands.
"""
