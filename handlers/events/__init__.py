"""Events of Slack: messages, agents' words and reactions, the agent pane."""
