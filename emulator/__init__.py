"""A Slack workspace and a Claude API on localhost, spoken to over the wire."""
