"""The gate (guardrails): what an answer says is held to its ground before a customer reads it.

Rules judge, in `gate`; where they are blind a model reads a second time, in `second_reading`.

May use: knowledge, messages, llm, config, text, values; storage.
Used by: answers, pipeline, app.
"""
