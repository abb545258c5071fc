"""What a customer wants: one model call and its verdict, and courtesies that need none.

May use: attachments, llm, config, text, values; of storage the folding of words.
Used by: answers, pipeline, app.
"""
