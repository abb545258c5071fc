"""Block Kit, pure: values in, blocks out."""
