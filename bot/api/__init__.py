"""The desk for programs: what they may ask of it and do to tickets, by token and role.

One table of operations is served as a REST API with an OpenAPI document, and offered by an MCP
server that asks that API.

May use: nightly, pipeline, tickets, answers and the rooms below.
Used by: app, cli.
"""
