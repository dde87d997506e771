"""Records: tables, engine and migrations."""
