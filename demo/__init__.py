"""A scripted day at the desk."""
