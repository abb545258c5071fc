"""Stories of how what is sent comes in."""
