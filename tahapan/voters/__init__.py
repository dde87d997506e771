"""The voter list and what is checked on it."""
