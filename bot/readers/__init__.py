"""Files as text: one reader for each kind, the registry that chooses, and the pool that reads.

The modules with a `read_…` function, `child` and `sandbox` run in child processes; `pool` and
`unreadable` in the bot's. `registry`, `document`, `framing` and `reader_limits` are for both.

May use: text.
Used by: knowledge, attachments, cli.
"""
