"""The commands of `tahapan`, one subject per file."""
