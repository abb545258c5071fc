"""Looking things up in the desk's own systems: who asks, what may be asked, what of it is kept.

A question to a system is a `[tools.NAME]` of `desk.toml`. Nothing here asks a model; what a system
says is data, of which only the named fields are kept.

May use: messages, llm, config, text, values; of storage the values of passages.
Used by: answers, pipeline, app, cli; of handlers people.
"""
