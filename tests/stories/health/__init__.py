"""Stories of what a machine asks of the process."""
