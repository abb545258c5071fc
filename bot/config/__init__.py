"""What the operator decides: `.env`, `desk.toml`, business hours, SLA targets.

May use: text, values.
Used by: every room above; of handlers every room but types.
"""
