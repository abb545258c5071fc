"""What a customer wants: one model call and its verdict, and courtesies that need none.

May use: llm, messages, config, text. Used by: pipeline.
"""
