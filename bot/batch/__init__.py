"""Work on whole files of tickets: read in, summarised and labelled, written out, resumable.

May use: costs, summaries, llm, config, text, values; storage.
Used by: nightly, cli.
"""
