"""What came in: the message, its thread, its burst, the mode of its channel, its outcome.

May use: llm, config, values; storage.
Used by: every room of a message's story, costs, workspace; of handlers actions, events, slack,
views.
"""
