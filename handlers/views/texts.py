"""Sentences that more than one listener says."""

AGENTS_ONLY = "Only the desk's agents can do this. Nothing was changed."
ADMINS_ONLY = "Only the desk's admins can change that. Nothing was changed."
ADMINS_APPROVE = "Only an admin approves articles at this desk. Nothing was changed."
NOT_ADMIN = "Only an admin may do that; admins are named in `desk.toml` under [desk] admins."
