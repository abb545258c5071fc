"""What people press and fill in: buttons, forms, shortcuts, the Home tab."""
