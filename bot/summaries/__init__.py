"""Long texts made short: summaries of documents, and questions asked of them.

May use: llm, config, text. Used by: attachments, batch, nightly, cli.
"""
