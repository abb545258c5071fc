"""A ticket's life: actions of agents, SLA, timers, cards, outbox, incidents, answer feedback.

May use: answers, workspace, knowledge, messages, runtime, config, text, values; storage.
Used by: pipeline, nightly, app; of handlers every room but views, manifest and types.
"""
