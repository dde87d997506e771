"""The book in and out, and in it the letters that were not written here."""
