"""Articles: where they come from, how they are cut, kept and found.

May use: llm, runtime, config, text, storage. Used by: answers, pipeline, attachments, nightly, cli.
"""
