"""What the desk can do, measured."""
