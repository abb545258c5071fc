"""Slack, spoken: `routes` is the table of every way in, `manifest` declares it to Slack.

The rooms: `events`, `commands` and `actions` hear, `slack` asks and posts, `views` build what is
shown, `errors` answers what a listener raises, `middleware` asks first whether an agent it was.
"""
