"""What came in: the message, its thread, its burst, the mode of its channel, its outcome.

May use: llm, config, text, values, storage. Used by: every room of a message's story.
"""
