"""What comes in from the field, unit by unit: a text that asks for it, a sheet out and back, a ZIP of photos."""
