"""The history of another desk, from its export into the store; nothing is guessed.

`survey` reads a file once and says what stands in it, `mapping` makes of that and of what people
said how it is written, or questions; `past_ticket` makes a record a ticket, `run` writes them.

May use: summaries, text, ticket_files, values; storage.
Used by: cli.
"""
