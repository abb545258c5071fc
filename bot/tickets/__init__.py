"""A ticket's life: actions of agents, SLA, timers, cards, outbox, incidents, answer feedback.

`actions` carries out what `act_rules` allow; `timers` looks at what `sla` says is due, and has said
what stands in `sla_notices`; words for customers go through `outbox`, the card through `cards`.

May use: answers, workspace, knowledge, messages, runtime, config, text, values; storage.
Used by: pipeline, nightly, app; of handlers every room but views, manifest and types.
"""
