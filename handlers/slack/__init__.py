"""What we ask of Slack: posts, streams, files, status, people, checks."""
