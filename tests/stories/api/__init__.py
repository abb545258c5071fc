"""Stories of programs that use the desk."""
