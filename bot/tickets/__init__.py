"""A ticket's life: actions of agents, SLA, timers, cards, outbox, incidents, corrections.

May use: workspace, messages, config, text, storage. Used by: pipeline, nightly, handlers.
"""
