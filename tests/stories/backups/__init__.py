"""Stories of backups, and of a desk that is restored from one."""
