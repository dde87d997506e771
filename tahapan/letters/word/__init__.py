"""A letter as a Word file, and a Word file read back into the words of its letter."""
