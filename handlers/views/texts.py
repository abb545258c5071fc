"""Sentences that several views say."""

NOT_ADMIN = "Only an admin may do that; admins are named in `desk.toml` under [desk] admins."
