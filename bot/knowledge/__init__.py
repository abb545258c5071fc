"""Articles: where they come from, how they are cut, kept and found.

May use: runtime, config, readers, text, values; storage.
Used by: checks, workspace, answers, reports, tickets, pipeline, nightly, app, cli; of handlers
commands, views.
"""
