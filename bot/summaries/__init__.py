"""Long texts made short: summaries of documents, and questions asked of them.

May use: llm, config, values.
Used by: attachments, batch, nightly, cli.
"""
