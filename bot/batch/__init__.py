"""Work on whole files of tickets: read in, summarised and labelled, written out, resumable.

May use: summaries, costs, llm, config, text, storage.
Used by: nightly, cli.
"""
