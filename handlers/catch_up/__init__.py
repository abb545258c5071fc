"""What was said while no event came: read from the history, and heard like everything else.

May use: events, slack, connection, web_api, types; of bot pipeline, runtime, messages, config;
storage.
Used by: of bot app.
"""
